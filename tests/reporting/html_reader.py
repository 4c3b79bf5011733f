"""Reads a page, and sees to it that every element is closed in its order."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "img", "input"}
SHOWN = ("aria-label", "title", "alt", "placeholder", "data-copy", "data-copied", "data-selected", "data-failed")


class Text(NamedTuple):
    """A text that people see or hear, and the elements that it stands in, from the outermost."""

    text: str
    inside: tuple[tuple[str, dict[str, str | None]], ...]


class Page(HTMLParser):
    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.told: list[Text] = []
        self.feed(content.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        for name in SHOWN:
            if shown := dict(attrs).get(name):
                self.told.append(Text(shown, (*self.open, (tag, dict(attrs)))))
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self.told.append(Text(data, tuple(self.open)))

    def values(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def inside(self, tag: str) -> str:
        """Give all text inside elements of this kind."""
        return "".join(it.text for it in self.told if any(one == tag for one, _ in it.inside))

    def copied(self) -> Iterator[tuple[str, str]]:
        """Give the label of each value beside a copy button, and the value."""
        label = value = ""
        for it in self.told:
            tags = [tag for tag, _ in it.inside]
            if tags[-1:] == ["dt"]:
                label, value = it.text, ""
            elif tags[-2:] == ["dd", "code"]:
                value += it.text
            elif tags[-2:] == ["dd", "button"] and it.text != it.inside[-1][1].get("aria-label"):
                yield label, value
