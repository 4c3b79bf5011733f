"""Packs files into a zip that is the same to the byte for the same files, and safe to unpack anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

from exporter.model.errors import CannotWrite

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""
_PLAIN_FILE = 0o100644
_UNIX = 3


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """
    Pack files, by their path inside the zip; sorted, at a fixed time, readable by all and writable by the owner.

    Raises CannotWrite where a path would not unpack to the same place on Linux, macOS and Windows. The bytes are the
    same wherever the same zlib compresses them, as in two runs of one image.
    """
    import io
    import zipfile

    _check(files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EARLIEST)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE << 16
            archive.writestr(entry, files[path], zipfile.ZIP_DEFLATED, compresslevel=6)
    return packed.getvalue()


def _check(files: Mapping[str, bytes]) -> None:
    seen: dict[str, str] = {}
    for path in files:
        if not safe_path(path):
            raise CannotWrite(f"A file cannot be packed under the name {path!r}.", advice=_ADVICE)
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise CannotWrite(f"{path!r} and {other!r} are one file on Windows and macOS.", advice=_ADVICE)


_ADVICE = "Use relative paths of letters, digits, dots, dashes and underscores."
_RESERVED = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)"
"""Devices, whatever stands behind the dot: https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""


def safe_path(path: str) -> bool:
    r"""
    Tell whether a path stays inside its folder and means the same on every system.

    >>> [safe_path(path) for path in ("a/b.json", "../a", "/a", "a\\b", "C:a", "nul.txt", "a.", "")]
    [True, False, False, False, False, False, False, False]
    """
    return all(
        part not in {"", ".", ".."}
        and not re.search(r'[\x00-\x1f\x7f"*:<>?\\|]|[. ]$', part)
        and not re.match(_RESERVED, part, re.IGNORECASE)
        for part in path.split("/")
    )
