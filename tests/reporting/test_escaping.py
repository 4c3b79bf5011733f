import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exporter.reporting.escaping import NAME, code, html, html_prose, plain, prose, safe_line

PIECES = (
    *(
        "`",
        "``",
        "<script",
        ">",
        "</details>",
        "&",
        "@octo",
        "#12",
        "gh-12",
        "|",
        "*",
        "_",
        "$",
        "%",
        "[x](http://y)",
        "www.x.y",
    ),
    *(
        "\\",
        "\n",
        "\r",
        "\t",
        " ",
        "::",
        ":",
        "##[",
        "error",
        "\u202e",
        "\u200b",
        "\x00",
        "\x1b[31m",
        "\ud800",
        "\u2028",
    ),
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=4)
HOSTILE = st.lists(st.sampled_from(PIECES) | ANY_TEXT).map("".join)


class Tags(HTMLParser):
    """Remembers the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.seen.append(tag)


def commands(text: str) -> list[str]:
    """Find what actions/runner would take for commands (ActionCommand.cs, TryParseV2 and TryParse)."""
    lines = re.split(r"\r\n|\r|\n", text)
    return [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


@given(HOSTILE)
def test_plain_text_is_one_short_line_without_hidden_characters(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= NAME
    assert len(shown.splitlines()) <= 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", shown)
    shown.encode()


@given(HOSTILE)
def test_a_code_span_ends_only_where_we_end_it(text: str) -> None:
    span = code(text)
    fence = re.match("`+", span)
    assert fence
    assert span.endswith(fence[0])
    inside = span[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall("`+", inside)
    assert inside
    assert inside[0] != "`"
    assert inside[-1] != "`"


@given(HOSTILE)
@example("`a` <b> `c")
@example("ask @``octo about #``12, at http:``//x or www``.x or GH``-12")
def test_prose_means_only_itself(text: str) -> None:
    outside = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", prose(text))
    assert not re.search(r"[<>|*_\[\]\\`~$]", outside)
    assert not re.search(r"[@#]\w|://|www\.|gh-\d", outside.replace("&#", " "), re.IGNORECASE)
    assert "\n" not in outside


@given(HOSTILE)
def test_html_is_text_and_nothing_else(text: str) -> None:
    assert Tags(html(text)).seen == []
    assert '"' not in html(text)
    assert set(Tags(html_prose(text)).seen) <= {"code"}


@given(HOSTILE)
@example("::error::x")
@example("  \u3000::set-output name=a::b\r::add-mask::x")
@example("a ##[error]b")
@example("\u200b::error::x")
@example("##\u200b[error]x")
def test_no_line_is_a_command_for_the_runner(text: str) -> None:
    assert commands(safe_line(text)) == []


@pytest.mark.parametrize("text", ["a::b", "12:30 - fine", "C++ :: Rust", "# title", "two\nlines"])
def test_harmless_lines_stay_as_they_are(text: str) -> None:
    assert safe_line(text) == text


def test_the_oracle_knows_a_command() -> None:
    assert commands("fine\n \t::error::x\n##[group]y\na::b") == [" \t::error::x", "##[group]y"]


def test_long_text_is_read_in_no_time_and_cut() -> None:
    assert plain("a" * 10_000_000) == "a" * (NAME - 1) + "…"
    assert len(prose("`" * 3_000)) < 10_000
