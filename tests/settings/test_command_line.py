"""The command line: every input as an option, and what happens when one is given twice."""

import pytest

from exporter.settings.command_line import inputs_of_command_line


def test_an_option_wins_over_its_variable() -> None:
    inputs = inputs_of_command_line(["--mode", "check"], {"INPUT_MODE": "express", "INPUT_NAME": "A"})
    assert (inputs["mode"], inputs["name"]) == ("check", "A")


def test_an_option_of_several_values_may_come_several_times() -> None:
    inputs = inputs_of_command_line(["--include", "tag:A", "--scopes", "a", "--include", "GET /b", "--scopes", "b"], {})
    assert (inputs["include"], inputs["scopes"]) == ("tag:A\nGET /b", "a\nb")


def test_an_option_of_one_value_comes_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        inputs_of_command_line(["--mode", "check", "--mode", "manual"], {})
    assert ended.value.code == 2
    assert "--mode is given 2 times" in capsys.readouterr().err


def test_an_empty_option_is_as_if_it_were_not_there() -> None:
    assert "mode" not in inputs_of_command_line(["--mode", ""], {})
