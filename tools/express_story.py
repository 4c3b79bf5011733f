"""Tells the story of express in a terminal: created, unchanged, updated, edited by hand, overwritten, restored."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from run import Runner, StandIn

_REPEATED = frozenset({"Findings", "What a connector cannot say", "Filled in in the exported copy"})
"""Blocks of the log that say the same in each chapter; the first one shows them."""
_NEW_OPERATION = """paths:
  /orders/overdue:
    get:
      operationId: ListOverdueOrders
      summary: List overdue orders
      description: Lists the orders that should have been delivered by now.
      responses:
        '200':
          description: The orders.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/OrderPage'
"""


class Chapter(NamedTuple):
    """One run, what happens before it, and how it must end."""

    title: str
    code: int
    before: Callable[[Story], None]
    inputs: Callable[[Story], Mapping[str, str]] = lambda _: {}


class Story:
    """A workspace of its own, and the stand-in that all chapters share."""

    def __init__(self, workspace: str, stand_in: StandIn, inputs: Mapping[str, str]) -> None:
        self.workspace = workspace
        self._stand_in = stand_in
        self._inputs = inputs

    def tell(self, number: int, chapter: Chapter, start: Callable[[str, str], Runner]) -> bool:
        """Tell one chapter; False where it ends otherwise than it must."""
        print(f"\n\n{'=' * 100}\n{number}. {chapter.title}\n{'=' * 100}\n", flush=True)
        chapter.before(self)
        with tempfile.TemporaryDirectory() as temporary:
            inputs = {**self._stand_in.inputs, **self._inputs, **chapter.inputs(self)}
            hidden = frozenset() if number == 1 else _REPEATED
            code = start(self.workspace, temporary).run(inputs, self._stand_in.variables, hidden)
        if code != chapter.code:
            print(f"This chapter ended with exit code {code}, and should have ended with {chapter.code}.")
        return code == chapter.code

    def add_an_operation(self) -> None:
        """Do what the API's own developers do."""
        path = os.path.join(self.workspace, "openapi.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("paths:\n", _NEW_OPERATION, 1))

    def edit_by_hand(self) -> None:
        """Do what somebody does in the maker portal: another colour, another text, one operation less."""
        columns = self._asked("state", None)["rows"][0]["columns"]
        definition = json.loads(columns["openapidefinition"])
        del definition["paths"]["/orders/overdue"]
        edit = {"iconbrandcolor": "#c50f1f", "openapidefinition": json.dumps(definition), "description": "Ask Ada."}
        self._asked("edit", {"displayname": columns["displayname"], "columns": edit})

    def copy(self) -> str:
        """Give the folder with the copy of what was overwritten last, relative to the workspace."""
        folder = os.path.join(self.workspace, "connector-export")
        names = [name for name in os.listdir(folder) if ".before-" in name]
        newest = max(names, key=lambda name: os.stat(os.path.join(folder, name)).st_mtime_ns)
        return f"connector-export/{newest}"

    def _asked(self, name: str, body: Any) -> Any:  # noqa: ANN401 - JSON
        address = f"{self._stand_in.variables['AZURE_AUTHORITY_HOST']}/_standin/{name}"
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(address, data=data, timeout=10) as answer:  # noqa: S310 - this machine
            return json.load(answer)


def _nothing(_: Story) -> None:
    pass


CHAPTERS = (
    Chapter("There is no connector yet: it is created", 0, _nothing),
    Chapter("Nothing changed: nothing is sent", 0, _nothing),
    Chapter("The API got an operation: the connector is updated in place", 0, Story.add_an_operation),
    Chapter("Somebody edited the connector by hand: the run stops, and says what", 6, Story.edit_by_hand),
    Chapter(
        "The same with `on-drift: overwrite`: a copy is kept, then it is overwritten",
        0,
        _nothing,
        lambda _: {"on-drift": "overwrite"},
    ),
    Chapter(
        "The edits were wanted after all: the copy is restored",
        0,
        _nothing,
        lambda story: {"restore": story.copy()},
    ),
    Chapter("The next run does not take what was restored for its own: it stops again", 6, _nothing),
)


def tell_story(
    example: str,
    inputs: Mapping[str, str],
    stand_in: Callable[[str, str], Any],
    start: Callable[[str, str], Runner],
) -> int:
    """Copy the example to a workspace of its own, and tell all chapters; 1 where one ends otherwise than it must."""
    workspace = os.path.join(example, "connector-export", "story")
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(example, workspace, ignore=shutil.ignore_patterns("connector-export"))
    inputs = {"definition": "openapi.yaml", "mode": "express", "record": "file:connector-export/record.json", **inputs}
    with stand_in("express", workspace) as opened:
        story = Story(workspace, opened, inputs)
        told = [story.tell(number, chapter, start) for number, chapter in enumerate(CHAPTERS, 1)]
    print(f"\nEverything lies in {os.path.relpath(workspace)}: reports, copies, the record, and the stand-in's state.")
    print("Your own file: make run MODE=express DEFINITION=path/to/openapi.yaml")
    sys.stdout.flush()
    return 0 if all(told) else 1
