"""
Shows the comment that a pull request would get which edits examples/orders: the one in README.md, made by the code.

    python tools/make_comment.py            (prints it)
    python tools/make_comment.py FILE       (puts it, as a quotation, between the markers of FILE)
"""

from __future__ import annotations

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from exporter.edges.workspace import FolderWorkspace
from exporter.main import export
from exporter.model.errors import WrongInputs
from exporter.ports import Files, Origin, World
from exporter.reporting.comment import comment
from exporter.reporting.locating import Links
from exporter.settings.settings import FailOn, Mode, Settings

EDITS = (
    ("openapi.yaml", "operationId: ListCustomers", "operationId: FindCustomers"),
    ("openapi.yaml", "summary: Create an order", "summary: Place an order"),
    ("openapi.yaml", "enum: [delivery-note, invoice, other]", "enum: [delivery-note, invoice]"),
)
"""What the pull request changes: in which file, from what, to what."""
_BASE = "4be07d1a9c35e2f80b6d4471c9e8a3f25d60b718"
_LINKS = Links(changes="docs/changes.md", rules="docs/rules.md")


class _Edited(FolderWorkspace):
    """The example as the pull request leaves it."""

    def read(self, path: str) -> bytes:
        text = super().read(path).decode()
        for file, old, new in EDITS:
            if file == path and text.count(old) != 1:
                raise WrongInputs(f"{file} does not say {old!r} once.", advice="Change the edits in make_comment.py.")
            text = text.replace(old, new) if file == path else text
        return text.encode()


class _Branch:
    """The branch that the pull request goes to."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def files(self, _revision: str) -> Files:
        return self._files

    def base(self) -> str:
        return _BASE

    def holds(self, _revision: str, _commit: str) -> None:
        return None

    def shown(self, _path: str, _content: bytes) -> str:
        return ""


def rendered() -> str:
    """Give the comment as Markdown."""
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "examples", "orders")
    settings = Settings(definition="openapi.yaml", mode=Mode.CHECK, fail_on=FailOn.BREAKING)
    world = World(_Edited(folder), Origin(), revisions=_Branch(FolderWorkspace(folder)))
    report, places = export(settings, world)
    return comment(report, places, _LINKS)


def quoted(markdown: str) -> str:
    """Quote Markdown, so that it cannot be taken for the page's own."""
    return "\n".join(f"> {line}".rstrip() for line in markdown.rstrip().split("\n"))


def with_comment(readme: str) -> str:
    """Put the comment between the markers of a page."""
    made, found = re.subn(
        r"(<!-- comment -->\n).*?(<!-- /comment -->)",
        lambda marks: marks[1] + quoted(rendered()) + "\n" + marks[2],
        readme,
        flags=re.DOTALL,
    )
    if found != 1:
        raise ValueError("The page must have the markers <!-- comment --> and <!-- /comment --> exactly once.")
    return made


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as page:
            content = page.read()
        with open(sys.argv[1], "w", encoding="utf-8") as page:
            page.write(with_comment(content))
    else:
        print(rendered())
