"""Packs files into a zip that is the same to the byte for the same files, and safe to unpack anywhere."""

import binascii
from collections.abc import Callable, Mapping
from typing import NamedTuple

from exporter.model.errors import CannotWrite

_EARLIEST = 0x0021 << 16
"""The first moment that a zip can name: 1980-01-01, midnight."""
_PLAIN_FILE = 0o100644
_UNIX = 3
_NEEDS = 20
"""Version 2.0 of the format: folders and deflate."""
_NAMES_ARE_UTF_8 = 1 << 11
_STORED, _DEFLATED = 0, 8


def deflated_zip(files: Mapping[str, bytes]) -> bytes:
    """
    Pack files, by their path inside the zip; sorted, at a fixed time, readable by all and writable by the owner.

    The bytes are the same wherever the same zlib compresses them, as in two runs of one image. Raises CannotWrite where
    a path would not unpack to the same place on Linux, macOS and Windows.
    """
    import zlib

    def deflate(content: bytes) -> bytes:
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        return packer.compress(content) + packer.flush()

    return _packed(files, _DEFLATED, deflate)


def stored_zip(files: Mapping[str, bytes]) -> bytes:
    """Pack files as `deflated_zip` does, but as they are: the same bytes with any zlib; for a zip inside another."""
    return _packed(files, _STORED, bytes)


class _Entry(NamedTuple):
    """What the format wants to know of a file."""

    name: bytes
    common: bytes
    """What the entry itself and the directory at the end say alike."""
    place: int


def _packed(files: Mapping[str, bytes], method: int, pack: Callable[[bytes], bytes]) -> bytes:
    """
    Write entries, the directory and its end (PKWARE's APPNOTE, 4.3.7, 4.3.12 and 4.3.16).

    Python's zipfile does the same, but takes as long to load as the whole interpreter.
    """
    _check(files)
    parts: list[bytes] = []
    entries: list[_Entry] = []
    place = 0
    for path in sorted(files):
        name, content = path.encode(), pack(files[path])
        flags = 0 if path.isascii() else _NAMES_ARE_UTF_8
        sizes = (binascii.crc32(files[path]), len(content), len(files[path]))
        common = _numbers(2, _NEEDS, flags, method) + _numbers(4, _EARLIEST, *sizes) + _numbers(2, len(name), 0)
        entries.append(_Entry(name, common, place))
        parts += [b"PK\3\4", common, name, content]
        place += 4 + len(common) + len(name) + len(content)
    directory = b"".join(map(_listed, entries))
    end = _numbers(2, 0, 0, len(entries), len(entries)) + _numbers(4, len(directory), place) + _numbers(2, 0)
    return b"".join((*parts, directory, b"PK\5\6", end))


def _listed(entry: _Entry) -> bytes:
    made_by, attributes = _UNIX << 8 | _NEEDS, _PLAIN_FILE << 16
    more = _numbers(2, 0, 0, 0) + _numbers(4, attributes, entry.place)
    return b"PK\1\2" + _numbers(2, made_by) + entry.common + more + entry.name


def _numbers(size: int, *values: int) -> bytes:
    return b"".join(value.to_bytes(size, "little") for value in values)


def _check(files: Mapping[str, bytes]) -> None:
    seen: dict[str, str] = {}
    for path in files:
        if not safe_path(path):
            raise CannotWrite(f"A file cannot be packed under the name {path!r}.", advice=_ADVICE)
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise CannotWrite(f"{path!r} and {other!r} are one file on Windows and macOS.", advice=_ADVICE)


_ADVICE = "Use relative paths of letters, digits, dots, dashes and underscores."
_UNSAFE = frozenset((*range(0x20), *b'"*:<>?\\|\x7f'))
_RESERVED = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(port + number for port in ("com", "lpt") for number in "0123456789¹²³"),
    )
)
"""Devices, whatever stands behind the dot: https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""
_LONGEST_NAME = 255
"""Of a file, in most file systems."""


def safe_path(path: str) -> bool:
    r"""
    Tell whether a path stays inside its folder and means the same on every system.

    >>> [safe_path(path) for path in ("a/b.json", "../a", "/a", "a\\b", "C:a", "nul.txt", "a.", "")]
    [True, False, False, False, False, False, False, False]
    """
    return all(map(_safe_name, path.split("/")))


def _safe_name(name: str) -> bool:
    written = name.encode("utf-8", "replace")  # what has no UTF-8 becomes a question mark
    return (
        0 < len(written) <= _LONGEST_NAME
        and _UNSAFE.isdisjoint(written)
        and not name.endswith((".", " "))
        and name.partition(".")[0].rstrip(" ").casefold() not in _RESERVED
    )
