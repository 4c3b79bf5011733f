"""Makes text that strangers wrote safe to show in Markdown, in HTML and in a runner's log."""

from __future__ import annotations

import re
from collections.abc import Callable

NAME = 120
"""How much is shown of a name or a value out of a definition."""
SENTENCE = 500
"""How much is shown of one of our messages, names included."""

# Control characters, soft hyphen, zero-width and bidirectional marks, lone surrogates, interlinear and tag characters:
# what can hide or reorder its neighbours (Unicode TR 36, "Trojan Source").
_HIDDEN = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]+"
)
_TICKS = re.compile("`+")
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~$!]|[@#](?=\w)|:(?=//)|(?<=www)\.|(?<=GH)-(?=\d)", re.IGNORECASE)
_COMMAND = re.compile(r"^([^\w\n]*?):(?=:)", re.MULTILINE)
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_ZERO_WIDTH_SPACE = "\u200b"


def plain(text: str, limit: int = NAME) -> str:
    r"""
    Give one line of visible text: no controls, no hidden or reordering characters, and not too long.

    >>> plain("two\nlines \u202eand\x07 a bell")
    'two lines and a bell'
    >>> plain("abcdefgh", limit=5)
    'abcd…'
    """
    # Ten times the limit is enough to fill it, and keeps a text of megabytes from being searched as a whole.
    shown = " ".join(_visible(text[: limit * 10]).split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def _gap(hidden: re.Match[str]) -> str:
    return " " if any(letter in hidden[0] for letter in "\t\n\v\f\r\x85\u2028\u2029") else ""


def _visible(text: str, instead: str | Callable[[re.Match[str]], str] = _gap) -> str:
    if text.isascii() and text.isprintable():  # as most are; the pattern takes long to make
        return text
    return re.sub(_HIDDEN, instead, text)


_DECEIVING = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]"


def deceives(text: str) -> bool:
    r"""
    Tell whether a text may look like another one where it is shown as it is: it turns its letters around, or hides some.

    What holds emoji together is hidden as well, and Arabic and Hebrew have marks of their own: these deceive nobody.

    >>> deceives("login.\u202emoc.live"), deceives("Orders \U0001f469\u200d\U0001f4bb\n")
    (True, False)
    """
    return bool(re.search(_DECEIVING, text))


def code(text: str, limit: int = NAME) -> str:
    """
    Write a text as a Markdown code span; its own backticks cannot end the span (CommonMark §6.1).

    Not for cells of tables, where a pipe counts even inside a code span.

    >>> code("GetOrder"), code("a`b")
    ('`GetOrder`', '``a`b``')
    """
    shown = plain(text, limit) or "(empty)"
    fence = "`" * (max(map(len, _TICKS.findall(shown)), default=0) + 1)
    gap = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{gap}{shown}{gap}{fence}"


def prose(text: str, limit: int = SENTENCE) -> str:
    """
    Write a sentence as Markdown: names between backticks become code spans, everything else means only itself.

    Nobody is mentioned, no issue is linked and no address becomes a link.

    >>> prose("`ListOrders` is *gone*, ask @octo about #12 <b>")
    '`ListOrders` is &#42;gone&#42;, ask @&#8203;octo about #&#8203;12 &lt;b&gt;'
    """
    return "".join(
        code(part, limit) if named else _SPECIAL.sub(_harmless, part) for named, part in _parts(plain(text, limit))
    )


def _parts(sentence: str) -> list[tuple[bool, str]]:
    """Cut a sentence at its backticks; each part comes with whether it stood between two of them."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:  # a backtick without its other half
        parts[-2:] = ["`".join(parts[-2:])]
    found: list[tuple[bool, str]] = []
    for index, part in enumerate(parts):
        if not part:
            continue
        if found and found[-1][0] == bool(index % 2):  # nothing was between them: what they hold together counts
            part = found.pop()[1] + part  # noqa: PLW2901
        found.append((bool(index % 2), part))
    return found


def _harmless(special: re.Match[str]) -> str:
    letter = special[0]
    if letter in "@#:-":
        return f"{letter}&#8203;"
    if letter == ".":
        return "&#8203;."
    return _HTML.get(letter) or f"&#{ord(letter)};"


def html(text: str) -> str:
    """
    Write a text for HTML, inside elements and between quotes; hidden characters are left out.

    >>> html('<a href="x">')
    '&lt;a href=&quot;x&quot;&gt;'
    """
    shown = _visible(text)
    for letter, escaped in _HTML.items():  # the ampersand comes first
        shown = shown.replace(letter, escaped)
    return shown


def html_prose(text: str, limit: int = SENTENCE) -> str:
    """
    Write a sentence for HTML; names between backticks become code.

    >>> html_prose("`a<b` is gone")
    '<code>a&lt;b</code> is gone'
    """
    parts = _parts(plain(text, limit))
    return "".join(f"<code>{html(part)}</code>" if named else html(part) for named, part in parts)


def safe_line(text: str) -> str:
    r"""
    Make a text safe to print where a runner reads commands; lines stay lines.

    The runner takes `::name::` at the start of a line, whatever blanks are before it, and `##[name]` anywhere
    (actions/runner, ActionCommand.cs). A zero-width space inside them keeps them readable and dead.

    >>> safe_line(" ::error::no").encode("ascii", "backslashreplace"), safe_line("fine: a::b")
    (b' :\\u200b:error::no', 'fine: a::b')
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = "\n".join(_visible(line.replace("\t", "  "), "") for line in lines)
    return _COMMAND.sub(rf"\1:{_ZERO_WIDTH_SPACE}", shown).replace("##[", f"#{_ZERO_WIDTH_SPACE}#[")
