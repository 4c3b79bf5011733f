"""The folder of the run: reads confined to it, writes whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress

from exporter.model.errors import CannotWrite, ExporterError, NotExportable, WrongInputs
from exporter.openapi.limits import MOST_BYTES

_SUMS = "SHA256SUMS"
_DEFINITION = "apiDefinition.swagger.json"
"""What every bundle holds; checksums of other things are somebody else's."""
_GIT = ".git"


class FolderWorkspace:
    """The workspace as a folder; answers the port `Workspace`."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)

    def exists(self, path: str) -> bool:
        """Tell whether there is such a file in the workspace."""
        try:
            return stat.S_ISREG(os.stat(self._inside(path)).st_mode)
        except (OSError, ExporterError):
            return False

    def read(self, path: str) -> bytes:
        """Give a file's bytes; raises WrongInputs for what is not there or no file, NotExportable for what is too large."""
        full = self._inside(path)
        try:
            status = os.stat(full)
            if not stat.S_ISREG(status.st_mode):
                kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
                raise WrongInputs(f"{path} is {kind}.", advice="Name a file in the workspace.")
            if status.st_size > MOST_BYTES:
                raise NotExportable(
                    f"{path} has {status.st_size:,} bytes; at most {MOST_BYTES:,} are read.",
                    advice="Power Platform takes definitions of at most 1 MB; export a smaller one.",
                )
            with open(full, "rb") as file:
                return file.read(status.st_size or MOST_BYTES)  # asking for 50 MB takes longer than reading most files
        except FileNotFoundError as error:
            raise WrongInputs(f"{path} is not there.", advice=self._checkout_advice()) from error
        except OSError as error:
            raise WrongInputs(f"{path} cannot be read: {_reason(error)}.", advice="Check its permissions.") from error

    def write(self, path: str, content: bytes) -> None:
        """Write one file, whole or not at all."""
        full = self._inside(path)
        temporary = _beside(full)
        try:
            self._make_folder(os.path.dirname(full))
            _remove(temporary)
            self._put(temporary, content)
            os.replace(temporary, full)
        except OSError as error:
            _remove(temporary)
            raise CannotWrite(f"{path} cannot be written: {_reason(error)}.", advice=_WRITE_ADVICE) from error

    def replace_folder(self, path: str, files: Mapping[str, bytes]) -> None:
        """
        Make a folder hold exactly these files; an earlier bundle in it gives way, anything else does not.

        An earlier bundle is what its checksums say to the byte: a list of checksums alone says nothing of who made it.
        """
        full = self._inside(path)
        if os.path.lexists(full) and not os.path.isdir(full):
            raise WrongInputs(f"{path} is a file, and a folder is needed.", advice=_NEW_FOLDER)
        foreign = min(_foreign(full), default="")
        if foreign:
            raise WrongInputs(
                f"{path} holds `{foreign}`, which is not of an earlier bundle or was changed since, and would be lost.",
                advice=_NEW_FOLDER,
            )
        temporary, old = _beside(full), _beside(full) + ".old"
        try:
            self._make_folder(os.path.dirname(full))
            self._fill(temporary, files)
            if os.path.lexists(full):
                os.rename(full, old)
            os.rename(temporary, full)
        except OSError as error:
            if os.path.lexists(old) and not os.path.lexists(full):
                os.rename(old, full)
            raise CannotWrite(f"{path} cannot be written: {_reason(error)}.", advice=_WRITE_ADVICE) from error
        finally:
            _remove(temporary)
            _remove(old)

    def _inside(self, path: str) -> str:
        full = os.path.realpath(os.path.join(self.root, path))
        if full != self.root and not full.startswith(self.root.rstrip("/") + "/"):
            raise WrongInputs(
                f"{path} leads out of the workspace.", advice="Only files inside the workspace are read and written."
            )
        # actions/checkout leaves a token in .git/config, and what is written there may be run by git.
        if _GIT in full[len(self.root) :].lower().split("/"):
            raise WrongInputs(
                f"{path} leads into git's own folder.",
                advice="Name a file of the repository; git's own are not touched.",
            )
        return full

    def _checkout_advice(self) -> str:
        if os.path.isdir(self.root) and not os.listdir(self.root):
            return "The workspace is empty: is there an actions/checkout step before this one?"
        return "Check the path; it is relative to the workspace."

    def _fill(self, folder: str, files: Mapping[str, bytes]) -> None:
        # Of a run that died, or planted: its name can be guessed, and a link in its place would lead anywhere.
        _remove(folder)
        os.mkdir(folder)
        self._give(folder)
        for name, content in files.items():
            target = os.path.join(folder, name)
            self._make_folder(os.path.dirname(target))
            self._put(target, content)

    def _put(self, full: str, content: bytes) -> None:
        with open(full, "xb") as file:
            file.write(content)
        self._give(full)

    def _make_folder(self, full: str) -> None:
        if not os.path.isdir(full):
            self._make_folder(os.path.dirname(full))
            os.mkdir(full)
            self._give(full)

    def _give(self, full: str) -> None:
        """Give what root made to the workspace's owner, or the runner's next checkout cannot clean up (runner#434)."""
        if os.geteuid() == 0:
            owner = os.stat(self.root)
            os.chown(full, owner.st_uid, owner.st_gid)


def _foreign(full: str) -> Iterator[str]:
    """Name what is in a folder and not as an earlier bundle left it there."""
    sums = _sums_in(full)
    for folder, folders, names in os.walk(full):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in (*names, *links):
            path = os.path.join(folder, name)
            inside = os.path.relpath(path, full)
            ours = inside == _SUMS if inside not in sums else _sum_of(path) == sums[inside]
            if not ours or _DEFINITION not in sums:
                yield inside


def _sums_in(full: str) -> dict[str, str]:
    try:
        with open(os.path.join(full, _SUMS), encoding="utf-8") as file:
            lines = file.read(MOST_BYTES).splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    entries = (line.partition("  ") for line in lines)
    return {name: digest for digest, _, name in entries}


def _sum_of(path: str) -> str:
    """Give a file's checksum; nothing for what is no file, cannot be read, or is larger than anything of a bundle."""
    from exporter.comparison.fingerprint import sha256

    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            return ""
        with open(path, "rb") as file:
            return sha256(file.read())
    except OSError:
        return ""


_NEW_FOLDER = "Name an empty or a new folder as bundle-directory."
_WRITE_ADVICE = "Is the workspace writable, and is there room on the disk? Nothing half-written was left behind."


def _beside(full: str) -> str:
    return os.path.join(os.path.dirname(full), f".{os.path.basename(full)}.{os.getpid()}.new")


def _remove(full: str) -> None:
    if os.path.isdir(full) and not os.path.islink(full):
        _empty(full)
        with suppress(OSError):
            os.rmdir(full)
    elif os.path.lexists(full):
        os.unlink(full)


def _empty(full: str) -> None:
    """Remove what a folder holds, no link followed; like shutil.rmtree, which costs a sixth of the interpreter's start."""
    for _, folders, files, folder in os.fwalk(full, topdown=False):
        for name in files:
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)
        for name in folders:
            with suppress(OSError):
                try:
                    os.rmdir(name, dir_fd=folder)
                except NotADirectoryError:  # a link to one
                    os.unlink(name, dir_fd=folder)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
