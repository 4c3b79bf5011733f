"""Runs the main job as GitHub's runner does, on a file of this machine; `make run` calls it."""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = os.path.join(ROOT, "examples", "orders", "openapi.yaml")
OURS = "connector-export"
"""The folder in the workspace that holds everything a run leaves behind."""

sys.path.insert(0, ROOT)

from exporter.settings.inputs import INPUTS  # noqa: E402 - found only since the line above

_COMMAND = re.compile(r"::[a-z-]+( [^:]*)?::")


def main() -> int:
    """Run the main job once, and say what it left where."""
    arguments = _arguments()
    workspace, definition = _what(arguments.definition)
    if not os.path.exists(os.path.join(workspace, definition)):
        sys.exit(
            f"There is no {_shown(os.path.join(workspace, definition))}. DEFINITION is the path of an OpenAPI file, or of its folder."
        )
    mode = arguments.mode or "manual"
    given = dict(pair.partition("=")[::2] for pair in shlex.split(arguments.inputs))
    if mode == "express" and not arguments.definition:
        from express_story import tell_story

        return tell_story(os.path.dirname(EXAMPLE), given, _stand_in, Runner)
    inputs = {
        "definition": definition,
        "mode": mode,
        # Express remembers what is in the stand-in, manual and check what somebody imported.
        "record": f"file:{OURS}/{'record-express' if mode == 'express' else 'record'}.json",
        "baseline": arguments.baseline or "auto",
        **given,
    }
    print(f"The exporter in {mode} mode, on {_shown(os.path.join(workspace, definition))}\n", flush=True)
    with tempfile.TemporaryDirectory() as temporary, _stand_in(mode, workspace) as stand_in:
        runner = Runner(workspace, temporary)
        code = runner.run({**stand_in.inputs, **inputs}, stand_in.variables)
        _tell(workspace, runner.outputs(), runner.keep_summary())
    if code:
        print(f"\nIt stopped with exit code {code}; docs/errors.md says what each code means.")
    return code


class Runner:
    """What GitHub's runner gives to an action: a workspace, files to write to, and an environment."""

    def __init__(self, workspace: str, temporary: str) -> None:
        self._workspace = workspace
        self._files = {
            name: os.path.join(temporary, name.lower()) for name in ("OUTPUT", "STEP_SUMMARY", "ENV", "STATE", "PATH")
        }
        self._event = os.path.join(temporary, "event.json")
        for path in self._files.values():
            _write(path, "")
        _write(self._event, "{}")

    def environment(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Give what the action sees: every input, the runner's own variables, and this machine's, less what could mislead."""
        misleading = ("GITHUB_", "INPUT_", "ACTIONS_", "RUNNER_", "PYTHON")
        machine = {name: value for name, value in os.environ.items() if not name.startswith(misleading)}  # noqa: TID251 - this is what the runner does
        asked = {row.name: "" if "${{" in row.default else row.default for row in INPUTS} | inputs
        return {
            **machine,
            **{f"INPUT_{name.upper()}": value for name, value in asked.items()},
            **{f"GITHUB_{name}": path for name, path in self._files.items()},
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "workflow_dispatch",
            "GITHUB_EVENT_PATH": self._event,
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_REPOSITORY": f"local/{os.path.basename(self._workspace) or 'workspace'}",
            "GITHUB_SHA": _commit(self._workspace),
            "GITHUB_WORKSPACE": self._workspace,
        }

    def run(self, inputs: Mapping[str, str], variables: Mapping[str, str], hidden: frozenset[str] = frozenset()) -> int:
        """Start the entry point as the image does, show what it says but for `hidden` blocks, and give its exit code."""
        shown, before = True, ""
        with subprocess.Popen(
            [sys.executable, "-I", os.path.join(ROOT, "entrypoint.py")],
            cwd=self._workspace,
            env={**self.environment(inputs), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                # Commands are for the runner, which makes annotations of them; the log says the same in words.
                if _COMMAND.match(line):
                    continue
                shown = line.strip() not in hidden and (shown or not line.strip())
                if shown and (line.strip() or before.strip()):
                    print(line, end="", flush=True)
                    before = line
        return process.returncode

    def outputs(self) -> dict[str, str]:
        """Read the outputs, in both forms that the runner reads: `name=value`, and `name<<END`, lines, `END`."""
        found = {}
        lines = iter(_read(self._files["OUTPUT"]).splitlines())
        for line in lines:
            name, separator, value = line.partition("<<" if re.match(r"[^=]*<<", line) else "=")
            found[name] = "\n".join(iter(lambda end=value: next(lines, end), value)) if separator == "<<" else value
        return found

    def keep_summary(self) -> str:
        """Keep the job summary beside the bundle, and give its place; empty where there is none."""
        if not os.path.getsize(self._files["STEP_SUMMARY"]) or not os.access(self._workspace, os.W_OK):
            return ""
        os.makedirs(os.path.join(self._workspace, OURS), exist_ok=True)
        return shutil.copyfile(self._files["STEP_SUMMARY"], os.path.join(self._workspace, OURS, "summary.md"))


class StandIn(NamedTuple):
    """How a run reaches the stand-in for Power Platform; nothing where none is needed."""

    inputs: Mapping[str, str] = {}
    variables: Mapping[str, str] = {}


@contextmanager
def _stand_in(mode: str, workspace: str) -> Iterator[StandIn]:
    """Start the stand-in for express, and stop it when the run is over."""
    if mode != "express":
        yield StandIn()
        return
    state = os.path.join(workspace, OURS, "standin.sqlite")
    os.makedirs(os.path.dirname(state), exist_ok=True)
    server = os.path.join(ROOT, "tests", "standin", "server.py")
    # It ends when its input does: also when this process is killed.
    command = [sys.executable, server, "--state", state, "--until-eof", "--port", _last_port(f"{state}.port")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            about = _first_line(process)
            address = about["address"]
            _write(f"{state}.port", address.rpartition(":")[2])
            print(
                f"A stand-in for Power Platform and its sign-in listens on {address}; it remembers in {_shown(state)}\n",
                flush=True,
            )
            yield StandIn(
                inputs={
                    "environment": address,
                    "endpoints": f"power-apps={address}\nenvironments={address}",
                    "deployer-tenant-id": about["tenant_id"],
                    "deployer-client-id": about["client_id"],
                    "deployer-client-secret": about["client_secret"],
                },
                variables={"AZURE_AUTHORITY_HOST": address},
            )
        finally:
            process.terminate()


def _last_port(path: str) -> str:
    """Give the port that the stand-in had last, if it is free: records know an environment by its address."""
    port = _read(path).strip() if os.path.exists(path) else "0"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, OverflowError, ValueError):
            return "0"
    return port


def _first_line(process: subprocess.Popen[str], seconds: float = 20) -> dict[str, str]:
    """Give what the stand-in says of itself, in JSON, once it listens."""
    if process.stdout is None or not select.select([process.stdout], [], [], seconds)[0]:
        sys.exit(f"The stand-in for Power Platform did not start within {seconds:.0f} seconds.")
    line = process.stdout.readline()
    if not line:
        sys.exit("The stand-in for Power Platform ended before it listened; it says why above.")
    about: dict[str, str] = json.loads(line)
    return about


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--definition", default="", help="an OpenAPI file, or the folder that holds it")
    parser.add_argument("--mode", default="", help="manual, express or check")
    parser.add_argument("--baseline", default="")
    parser.add_argument("--inputs", default="", help="more inputs, as 'name=value other=value'")
    return parser.parse_args()


def _what(definition: str) -> tuple[str, str]:
    """Give the workspace and the definition in it; a folder is a workspace whose definition is found by its usual names."""
    path = os.path.abspath(os.path.expanduser(definition)) if definition else EXAMPLE
    return (path, "") if os.path.isdir(path) else os.path.split(path)


def _tell(workspace: str, outputs: Mapping[str, str], summary: str) -> None:
    filled = {name: value for name, value in outputs.items() if value}
    if filled:
        print("\nOutputs")
    for name, value in filled.items():
        print(f"  {name:<17} {value}")
    places = [
        ("The job summary", summary),
        ("The report", os.path.join(workspace, filled["report-path"]) if "report-path" in filled else ""),
        ("The same as a page", os.path.join(workspace, filled["report-page"]) if "report-page" in filled else ""),
        ("The bundle", os.path.join(workspace, filled["bundle-path"]) if "bundle-path" in filled else ""),
    ]
    print()
    for name, place in places:
        if place and os.path.exists(place):
            print(f"{name + ':':<19} {_shown(place)}")
    page = os.path.join(places[-1][1], "index.html")
    if places[-1][1] and os.path.exists(page):
        print(f"{'To import it:':<19} open {_shown(page)} in a browser and follow it")


def _shown(path: str) -> str:
    """Give the shorter of a path's two forms."""
    return min(os.path.relpath(path), path, key=len)


def _commit(folder: str) -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
