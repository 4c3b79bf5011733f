"""What a large definition takes: memory in step with its size, also where one emoji is among its letters."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TIMES_FILE = 8
"""It is six; it was fifteen where one emoji made Python keep every letter of the file, and of what is written, in four bytes."""
# A child's peak is never lower than its parent's was when it was started, so a small process starts it.
STARTER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
print(os.wait4(process.pid, 0)[2].ru_maxrss)
"""


def definition(operations: int) -> Any:
    def field(number: int) -> Any:
        return {
            "type": "string",
            "description": f"What is known of the {number % 70}th thing.",
            "example": f"e{number}",
        }

    def operation(number: int) -> Any:
        schema = {"type": "object", "properties": {f"field_{field_}": field(number + field_) for field_ in range(12)}}
        content = {"application/json": {"schema": {"type": "array", "items": schema}}}
        answers = {"200": {"description": "What there is.", "content": content}}
        return {"operationId": f"Get{number}", "summary": "Get", "responses": answers}

    return {
        "openapi": "3.0.3",
        "info": {"title": "Large \U0001f600", "version": "1", "description": "… Größe"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {f"/things/{number}": {"get": operation(number)} for number in range(operations)},
    }


def peak(folder: Path, operations: int) -> tuple[int, int]:
    """Give the bytes of a definition, and how many a run that checks it takes at most."""
    file = folder / f"api{operations}.json"
    file.write_text(json.dumps(definition(operations), indent=2, ensure_ascii=False), "utf-8")
    asked = ["--definition", file.name, "--mode", "check", "--baseline", "none", "--record", "none"]
    command = [sys.executable, "-I", str(ROOT / "entrypoint.py"), *asked]
    said = subprocess.run([sys.executable, "-I", "-c", STARTER, *command], cwd=folder, capture_output=True, check=True)
    return file.stat().st_size, int(said.stdout) * (1024 if sys.platform == "linux" else 1)


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="nobody tells what a child took")
def test_memory_is_in_step_with_the_file(tmp_path: Path) -> None:
    (small, least), (large, most) = peak(tmp_path, 2), peak(tmp_path, 1200)
    assert large > 3_000_000
    assert most - least < TIMES_FILE * (large - small)
