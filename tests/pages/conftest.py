"""A real Chromium that looks at pages; `make pages` brings what drives it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TOOLS = Path(os.environ.get("PAGES") or Path(__file__).parents[2] / "build" / "pages")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
NODE = shutil.which("node") or ""
SHOTS = os.environ.get("SHOTS") or ""
"""Where pictures of pages are kept; none are taken without it."""
WIDTHS, SCHEMES = (360, 1440), ("light", "dark")


class Seen(NamedTuple):
    """What the browser saw of a page, and what axe-core has against it."""

    said: list[str]
    """What the console said, errors, and requests to anywhere."""
    value: Any
    """What the script gave."""
    again: Any
    """What the second script gave, after the page was loaded once more."""
    milliseconds: float
    """Until the page was loaded."""
    wide: int
    """By how many pixels the page is wider than the window."""
    violations: list[dict[str, str]]

    @property
    def serious(self) -> list[dict[str, str]]:
        return [one for one in self.violations if one["impact"] in {"serious", "critical"}]


class Browser:
    """Opens pages from disk, as people do."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder

    def look(  # what a look is made of
        self,
        content: bytes,
        *,
        width: int = 1440,
        scheme: str = "light",
        script: str = "",
        again: str = "",
        media: str = "screen",
        judge: bool = False,
        shot: str = "",
    ) -> Seen:
        """Open a page; `script` runs in it, `again` after a reload, `judge` asks axe-core, `shot` names a picture."""
        file = self._folder / "page.html"
        file.write_bytes(content)
        asked = {
            "address": file.as_uri(),
            "width": width,
            "scheme": scheme,
            "script": script,
            "again": again,
            "media": media,
            "judge": judge,
        }
        if SHOTS:
            asked["shot"] = shot and str(Path(SHOTS) / f"{shot}.png")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the browser is gone"
        return Seen(**json.loads(answer))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    missing = pytest.fail if os.environ.get("PAGES") else pytest.skip  # whoever asks for pages wants them looked at
    if not CHROMIUM or not NODE:
        missing("there is no Chromium here, or no Node.js that drives it")
    if not (TOOLS / "node_modules" / "playwright-core").is_dir():
        missing("what drives Chromium is not here: `make pages` brings it")
    command = [NODE, str(Path(__file__).with_name("browser.mjs")), str(TOOLS), CHROMIUM]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield Browser(process, tmp_path_factory.mktemp("pages"))
        process.stdin.close()
        process.wait(30)
