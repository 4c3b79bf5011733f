"""Says in words what an input is for: the same in action.yml, the README and on the command line."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.settings.inputs import Input

GROUPS: Mapping[str, str] = {
    "what": "What to export",
    "compare": "What to compare it with, and when to stop",
    "shape": "What of the definition becomes the connector",
    "look": "How makers see the connector",
    "security": "How connections sign in",
    "express": "Express: the connector in its environment",
    "manual": "Manual: the bundle",
    "GitHub": "GitHub",
}


def meaning(row: Input) -> str:
    """
    Say what an input is for, and which values it takes where the help does not name them.

    >>> from exporter.settings.inputs import Kind
    >>> meaning(Input("color", "look", "A colour.", Kind.CHOICE, choices=("red", "blue", "mauve"), later_choices=("mauve",)))
    'A colour. One of `red`, `blue`.'
    >>> meaning(Input("shape", "look", "A shape.", Kind.CHOICE, choices=("round", "square"), later_choices=("square",)))
    'A shape. Only `round` for now.'
    """
    choices = [f"`{choice}`" for choice in row.choices if choice not in row.later_choices]
    if len(choices) == 1:
        return f"{row.help} Only {choices[0]} for now."
    if any(choice.rstrip("`") not in row.help for choice in choices):
        return f"{row.help} One of {', '.join(choices)}."
    return row.help
