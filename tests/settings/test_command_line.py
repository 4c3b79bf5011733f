"""The command line: every input as an option, and what happens when one is given twice."""

import pytest

from exporter.model.errors import WrongInputs
from exporter.settings.command_line import inputs_of_command_line


def test_an_option_wins_over_its_variable() -> None:
    inputs = inputs_of_command_line(["--mode", "check"], {"INPUT_MODE": "express", "INPUT_NAME": "A"})
    assert (inputs["mode"], inputs["name"]) == ("check", "A")


def test_an_option_of_several_values_may_come_several_times() -> None:
    inputs = inputs_of_command_line(["--include", "tag:A", "--scopes", "a", "--include", "GET /b", "--scopes", "b"], {})
    assert (inputs["include"], inputs["scopes"]) == ("tag:A\nGET /b", "a\nb")


def test_an_option_of_one_value_comes_once() -> None:
    with pytest.raises(WrongInputs, match="--mode: is given 2 times"):
        inputs_of_command_line(["--mode", "check", "--mode", "manual"], {})


@pytest.mark.parametrize(
    "arguments",
    [
        ["--client-secert", "hunter2"],
        ["--client-secert=hunter2"],
        ["-client-secret", "hunter2"],
        ["hunter2"],
        ["--hunter2"],
        ["--client-secret", "--mode", "hunter2"],
        ["--mode", "check", "hunter2", "--client-secret=hunter2"],
        ["--client-secret", "hunter2", "--client-secret", "hunter2"],
    ],
)
def test_what_was_typed_is_never_repeated(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WrongInputs) as caught:
        inputs_of_command_line(arguments, {})
    written = "".join(capsys.readouterr())
    assert "hunter2" not in caught.value.message + caught.value.advice + written


def test_a_mistyped_option_is_told_its_nearest_and_all_is_said_at_once() -> None:
    with pytest.raises(WrongInputs) as caught:
        inputs_of_command_line(["--client-secert", "x", "--nome", "--mode"], {})
    assert caught.value.message.splitlines() == [
        "Argument 1 is no option; `--client-secret` is the nearest one.",
        "Argument 3 is no option; `--name` is the nearest one.",
        "--mode: has no value.",
    ]


def test_a_value_may_look_like_an_option_that_is_none() -> None:
    given = inputs_of_command_line(["--client-secret", "--x=y--", "--name=a=b"], {})
    assert (given["client-secret"], given["name"]) == ("--x=y--", "a=b")


@pytest.mark.parametrize(("option", "words"), [("--help", "--client-secret VALUE"), ("--version", "0.")])
def test_help_and_version_end_the_process(option: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        inputs_of_command_line([option], {})
    assert ended.value.code == 0
    assert words in capsys.readouterr().out


def test_an_empty_option_is_as_if_it_were_not_there() -> None:
    assert "mode" not in inputs_of_command_line(["--mode", ""], {})
