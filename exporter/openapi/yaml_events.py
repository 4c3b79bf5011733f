"""
Hands the events of a YAML text to a builder, one call for each.

PyYAML's parser in C makes a Python object of every event, which takes as long as reading the text. It makes them by the
names that its module gives to the classes of events: while a text is read, these names are the builder's functions.
They get what the classes get; the names of the events are those of https://yaml.org/spec/1.2.2 chapter 3. Where an event
comes out all the same, as from PyYAML's parser in Python, it is taken apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, Protocol

import yaml

Handler = Callable[..., None]
_MARKS = ("start_mark", "end_mark")
_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "StreamStartEvent": (*_MARKS, "encoding"),
    "StreamEndEvent": _MARKS,
    "DocumentStartEvent": (*_MARKS, "explicit", "version", "tags"),
    "DocumentEndEvent": (*_MARKS, "explicit"),
    "AliasEvent": ("anchor", *_MARKS),
    "ScalarEvent": ("anchor", "tag", "implicit", "value", *_MARKS, "style"),
    "SequenceStartEvent": ("anchor", "tag", "implicit", *_MARKS, "flow_style"),
    "SequenceEndEvent": _MARKS,
    "MappingStartEvent": ("anchor", "tag", "implicit", *_MARKS, "flow_style"),
    "MappingEndEvent": _MARKS,
}
"""What the classes take, in PyYAML 5 and 6."""


class Parser(Protocol):
    """What we use of PyYAML's parsers, the one over libyaml and the one in Python."""

    def get_event(self) -> Any:  # noqa: ANN401 - PyYAML's events have no types
        """Give the next event; None behind the last one."""


def fastest_parser(text: str) -> Parser:
    """Give libyaml's parser, or Python's where PyYAML was built without libyaml."""
    if not yaml.__with_libyaml__:
        return yaml.SafeLoader(text)
    from yaml._yaml import CParser

    parser: Parser = CParser(text)
    return parser


class Place(Protocol):
    """A mark of PyYAML's; both count from 0."""

    line: int
    column: int


class Reader(Protocol):
    """Who the handlers belong to."""

    finished: bool
    """Whether the end of the stream was handled."""


def hand_events(parser: Parser, calls: Mapping[str, Handler], reader: Reader) -> None:
    """Call the handler of each event, by the name of its class, until the reader has finished."""
    names: dict[str, Any] = {}
    if yaml.__with_libyaml__:
        from yaml import _yaml

        names = vars(_yaml)
    classes = {name: names[name] for name in calls if name in names}
    names.update(calls)
    try:
        while not reader.finished:
            event = parser.get_event()
            if event is not None:  # it came from a parser that looks its classes up elsewhere
                name = type(event).__name__
                calls[name](*attrgetter(*_ARGUMENTS[name])(event))
    finally:
        names.update(classes)
