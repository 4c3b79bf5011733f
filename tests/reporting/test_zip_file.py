from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.model.errors import CannotWrite
from exporter.reporting.zip_file import deflated_zip, stored_zip

Pack = Callable[[dict[str, bytes]], bytes]
PACKERS = pytest.mark.parametrize("pack", [deflated_zip, stored_zip])


@PACKERS
@given(
    files=st.dictionaries(st.sampled_from(("b.json", "a/b.txt", "a/ü.png", "z")), st.binary(max_size=50)),
    chance=st.randoms(),
)
def test_the_same_files_in_any_order_are_the_same_bytes_and_come_out_again(
    pack: Pack, files: dict[str, bytes], chance: object
) -> None:
    turned = list(files.items())
    chance.shuffle(turned)  # type: ignore[attr-defined]
    packed = pack(files)
    assert packed == pack(dict(turned))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert archive.namelist() == sorted(files)
        assert {(entry.date_time[:3], entry.external_attr >> 16) for entry in archive.infolist()} <= {
            ((1980, 1, 1), 0o100644)
        }


@PACKERS
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "a//b",
        "../a",
        "a/../b",
        "a\\b",
        "C:/a",
        "a\nb",
        "NUL",
        "com1.txt",
        "a ",
        "a./b",
        'a"b',
        "a\0b",
        "\ud800",
        "a" * 256,
        "COM¹.txt",
        "nul .txt",
    ],
)
def test_a_path_that_would_not_unpack_to_the_same_place_is_refused(pack: Pack, path: str) -> None:
    with pytest.raises(CannotWrite):
        pack({path: b""})


@PACKERS
def test_two_paths_that_are_one_on_windows_are_refused(pack: Pack) -> None:
    with pytest.raises(CannotWrite, match="one file"):
        pack({"a.json": b"", "A.json": b""})


def test_a_stored_zip_has_the_files_as_they_are() -> None:
    content = b"a" * 10_000
    assert content in stored_zip({"a": content})
    assert len(deflated_zip({"a": content})) < 200


@pytest.mark.skipif(not shutil.which("unzip"), reason="unzip is not here")
@PACKERS
def test_a_program_that_we_did_not_write_finds_nothing_wrong(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(pack({"[Content_Types].xml": b"<Types/>", "Connector/a.json": b"{}" * 999}))
    said = subprocess.run(["unzip", "-t", "a.zip"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout.count(" OK\n")) == (0, 2), said.stdout + said.stderr
    assert "No errors" in said.stdout
