"""Rules about regular expressions, as far as every engine agrees on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.model.json_values import as_text
from exporter.rules.rows import WARNING, Hit, Rule, Spot

# Texts, made into expressions where a pattern is looked at: few definitions have any.
_UNSURE = r"\(\?(?:#|[a-z]*x)|-\[|\[\^?\]"
"""Comments, classes that are taken from others, and a bracket at the start of a class: engines differ."""
_OPAQUE = r"(?s:\\.|\[[^\]\\]*(?:\\.[^\]\\]*)*(\]?))"
"""An escaped character, or a class; one that is never closed goes on to the end, so that all of it is linear."""
_REPEATED_NOTHING = r"(?:^|[(|])([*+?])"


def mistake(pattern: str) -> str:
    """
    Say what no engine accepts in a regular expression; empty where there is nothing or engines may differ.

    The platform reads patterns as .NET does, so only brackets and repetitions are looked at.

    >>> mistake("^[a-z]+(x|y)$"), mistake("(a"), mistake("*a"), mistake("[a-")
    ('', 'a bracket `(` is never closed', '`*` repeats nothing', 'a bracket `[` is never closed')
    """
    if re.search(_UNSURE, pattern):
        return ""
    rest = re.sub(_OPAQUE, _plain, pattern).replace("(?", "(x")
    depth = 0
    for bracket in rest:
        depth += (bracket == "(") - (bracket == ")")
        if depth < 0:
            return "a bracket `)` was never opened"
    repeated = re.search(_REPEATED_NOTHING, rest)
    if repeated:
        return f"`{repeated[1]}` repeats nothing"
    open_ = "[" if "[" in rest else "(" if depth else ""
    return f"a bracket `{open_}` is never closed" if open_ else "it ends with a backslash" if "\\" in rest else ""


def _plain(match: re.Match[str]) -> str:
    return "[" if match[0][0] == "[" and not match[1] else "x"


def _broken(spot: Spot) -> Iterator[Hit]:
    found = mistake(as_text(spot.thing["pattern"]))
    if found:
        yield Hit(("pattern",), found)


# fmt: off
RULES = (
    Rule("pattern-should-be-valid-regular-expression", WARNING, "schema parameter", "pattern", _broken, "The pattern is no regular expression: {}.", "Correct it, or remove it."),
)
# fmt: on
