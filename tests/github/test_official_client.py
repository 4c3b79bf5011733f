"""
The action on a runner that nobody here wrote (act, https://nektosact.com), its artifact read by GitHub's own client.

Also: an upload into a blob store that nobody here wrote (Azurite, Microsoft's emulator of Azure Storage). `make artifact`
brings all of them and runs these tests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests

from exporter.model.errors import ServiceRefused
from tests.github.test_act import act, git, needs_act
from tests.github.test_artifacts import FakeRunner, Job

ROOT = Path(__file__).parents[2]
TOOLS = Path(os.environ.get("ARTIFACT_TOOLS") or ROOT / "build" / "artifact")
NODE = shutil.which("node") or ""
NAME = "connector-Contoso Orders"
WORKFLOW = """
on: push
jobs:
  publish:
    runs-on: ubuntu-latest
    env:
      INPUT_DEFINITION: swagger.json
      INPUT_RECORD: file:last.json
    steps:
      - uses: actions/checkout@v4 # act copies the folder, and asks nobody
      - run: {python} -I {root}/entrypoint.py
      - run: cp -r connector-export first && rm -r last.json connector-export
      - run: {python} -I {root}/entrypoint.py # the same again, under the same name
      - run: cp -r connector-export first last.json {out}
"""
CLIENT = """
      - run: {node} {root}/tests/github/artifact_client.mjs {tools} '{name}' {out}/downloaded
"""

needs_node = pytest.mark.skipif(not NODE, reason="node is not here")


def _is_here(package: str) -> bool:
    return (TOOLS / "node_modules" / package).is_dir()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _act(folder: Path, workflow: str) -> str:
    clone = folder / "clone"
    clone.mkdir()
    shutil.copy(ROOT / "examples/orders/swagger.json", clone)
    git(clone, "init", "-q")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "x")
    server = ("--artifact-server-addr=127.0.0.1", f"--artifact-server-port={_free_port()}")
    return act(clone, workflow, "push", "", f"--artifact-server-path={folder / 'store'}", *server)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@needs_act
def test_act_keeps_what_the_action_publishes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    _act(tmp_path, WORKFLOW.format(python=sys.executable, root=ROOT, out=out))
    (kept,) = (tmp_path / "store").rglob("*.zip")
    with zipfile.ZipFile(kept) as archive:
        published = {name: archive.read(name) for name in archive.namelist()}
    assert published == _files(out / "connector-export" / "bundle") == _files(out / "first" / "bundle")
    assert (out / "last.json").is_file()


@needs_act
@needs_node
@pytest.mark.skipif(
    not _is_here("@actions/artifact"), reason="@actions/artifact is not here: `make artifact` brings it"
)
def test_githubs_own_client_lists_downloads_and_verifies_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    client = CLIENT.format(node=NODE, root=ROOT, tools=TOOLS, name=NAME, out=out)
    said = _act(tmp_path, WORKFLOW.format(python=sys.executable, root=ROOT, out=out) + client)
    found = re.search(r"official client: (\{.*\})", said)
    assert found, said
    seen = json.loads(found[1])
    assert seen["listed"] == [NAME]
    assert seen["digestMismatch"] is False
    assert _files(out / "downloaded") == _files(out / "connector-export" / "bundle")


# Azurite's own account, which its documentation names.
_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_VERSION = "2021-12-02"


def _signed(text: str) -> str:
    return base64.b64encode(hmac.new(base64.b64decode(_KEY), text.encode(), hashlib.sha256).digest()).decode()


@pytest.fixture
def azurite(tmp_path: Path) -> Iterator[str]:
    """Start the emulator with an empty container; give the container's address."""
    if not NODE or not _is_here("azurite"):
        pytest.skip("azurite is not here: `make artifact` brings it")
    port = _free_port()
    program = TOOLS / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    command = [
        NODE,
        str(program),
        "--blobPort",
        str(port),
        "--location",
        str(tmp_path),
        "--silent",
        "--skipApiVersionCheck",
    ]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}/{_ACCOUNT}/artifacts"
        _make_container(address)
        yield address
        process.terminate()


def _make_container(address: str) -> None:
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": _VERSION}
    signed = "PUT" + "\n" * 12 + "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
    signed += f"/{_ACCOUNT}/{_ACCOUNT}/artifacts\nrestype:container"
    headers["Authorization"] = f"SharedKey {_ACCOUNT}:{_signed(signed)}"
    for _ in range(200):
        try:
            made = requests.put(f"{address}?restype=container", headers=headers, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
            continue
        assert made.status_code == 201, made.text
        return
    pytest.fail("azurite does not answer")


def _signed_address(address: str, blob: str, rights: str) -> str:
    """Sign an address as GitHub's service does (a service SAS: Azure Storage's "Create a service SAS")."""
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 600))
    resource = f"/blob/{_ACCOUNT}/artifacts/{blob}"
    fields = [rights, "", end, resource, "", "", "https,http", _VERSION, "b", "", "", "", "", "", "", ""]
    query = {"sv": _VERSION, "se": end, "sr": "b", "sp": rights, "spr": "https,http", "sig": _signed("\n".join(fields))}
    return f"{address}/{quote(blob)}?{urlencode(query)}"


@pytest.mark.parametrize("size", [0, 9 << 20], ids=["small", "two blocks"])
def test_the_blob_is_whole_in_a_store_of_azures_kind(size: int, azurite: str, serve: Any, said: Any, http: Any) -> None:
    runner = FakeRunner(serve, said)
    runner.signed = lambda number: _signed_address(azurite, f"{number}.zip", "cw")
    noise = os.urandom(size)
    published = Job(runner, http).publish(files={"noise": noise})
    kept = requests.get(_signed_address(azurite, "1.zip", "r"), timeout=10)
    assert kept.status_code == 200
    assert kept.headers["Content-Type"] == "application/zip"
    assert published.digest == f"sha256:{hashlib.sha256(kept.content).hexdigest()}"
    with zipfile.ZipFile(io.BytesIO(kept.content)) as archive:
        assert archive.read("noise") == noise


def test_a_signature_that_is_over_is_said(azurite: str, serve: Any, said: Any, http: Any) -> None:
    runner = FakeRunner(serve, said)
    runner.signed = lambda number: _signed_address(azurite, f"{number}.zip", "r")
    with pytest.raises(ServiceRefused, match=r"status 403"):
        Job(runner, http).publish()
