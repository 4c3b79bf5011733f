from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.edges.zip_file import zip_bytes
from exporter.model.errors import CannotWrite


@given(st.dictionaries(st.sampled_from(("b.json", "a/b.txt", "a/ü.png", "z")), st.binary(max_size=50)), st.randoms())
def test_the_same_files_in_any_order_are_the_same_bytes_and_come_out_again(
    files: dict[str, bytes], chance: object
) -> None:
    turned = list(files.items())
    chance.shuffle(turned)  # type: ignore[attr-defined]
    packed = zip_bytes(files)
    assert packed == zip_bytes(dict(turned))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert archive.namelist() == sorted(files)
        assert {(entry.date_time[:3], entry.external_attr >> 16) for entry in archive.infolist()} <= {
            ((1980, 1, 1), 0o100644)
        }


@pytest.mark.parametrize(
    "path", ["", "/a", "a//b", "../a", "a/../b", "a\\b", "C:/a", "a\nb", "NUL", "com1.txt", "a ", "a./b", 'a"b', "a\0b"]
)
def test_a_path_that_would_not_unpack_to_the_same_place_is_refused(path: str) -> None:
    with pytest.raises(CannotWrite):
        zip_bytes({path: b""})


def test_two_paths_that_are_one_on_windows_are_refused() -> None:
    with pytest.raises(CannotWrite, match="one file"):
        zip_bytes({"a.json": b"", "A.json": b""})
