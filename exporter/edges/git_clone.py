"""Reads files of one commit out of a local clone, with git as a process that may do nothing else."""

from __future__ import annotations

import os

from exporter.model.errors import ServiceFailed, WrongInputs

LARGEST_FILE = 32 * 1024 * 1024
_PATIENCE = 60
_ENVIRONMENT = {
    # Only what an administrator installs, whatever an earlier step put first on the path.
    "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/run/current-system/sw/bin",
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_REPLACE_OBJECTS": "1",
    # A partial clone would otherwise be completed over the network, with commands out of its own configuration.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
# Files of the repository that look like a bare clone of their own are not one.
_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.bareRepository=explicit")


class NotInClone(Exception):
    """The clone is not deep enough to tell, or there is no git."""


class CloneCommit:
    """One commit of a clone."""

    def __init__(self, root: str, commit: str) -> None:
        self._root = root
        self._commit = commit

    def find(self, path: str) -> bytes | None:
        """
        Give a file by its path from the clone's root; None where the commit has no such file.

        Symbolic links are followed, but not out of the commit. Raises WrongInputs where it is too large, NotInClone where
        a partial clone left it out.
        """
        asked = f"{self._commit}:{path}\n".encode()
        code, answer = _git(self._root, "cat-file", "--batch-check", "--follow-symlinks", given=asked)
        if code != 0:
            raise NotInClone
        match answer.split():
            case [name, b"blob", size] if name.isalnum():
                return self._blob(path, name.decode(), int(size))
            case [b"symlink" | b"dangling" | b"loop" | b"notdir", _, *_]:
                return None
        # Tell a file that the commit does not have from one that a partial clone does not have.
        code, _ = _git(self._root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{self._commit}:{path}")
        if code == 0 and answer.endswith(b" missing\n"):
            raise NotInClone
        return None

    def _blob(self, path: str, name: str, size: int) -> bytes:
        if size > LARGEST_FILE:
            raise too_large(path, self._commit)
        code, content = _git(self._root, "cat-file", "blob", name)
        if code != 0:
            raise NotInClone
        return content


def open_commit(root: str, revision: str) -> CloneCommit | None:
    """
    Find a commit by a revision that was checked before; None where the clone does not have it, or there is no git.

    A branch that was fetched but never checked out is found too, as a workflow with `fetch-depth: 0` has it.
    """
    for name in (revision, f"refs/remotes/origin/{revision}"):
        try:
            code, answer = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except NotInClone:
            return None
        if code == 0:
            return CloneCommit(root, answer.decode("ascii", "replace").strip())
    return None


def clone_holds(root: str, revision: str, commit: str) -> bool | None:
    """Tell whether a revision has a commit in its history; None where the clone is not deep enough to tell."""
    try:
        if _git(root, "rev-parse", "--is-shallow-repository")[1].strip() != b"false":
            return None
        code, _ = _git(root, "merge-base", "--is-ancestor", "--end-of-options", commit, revision)
    except NotInClone:
        return None
    return {0: True, 1: False}.get(code)


def root_of(workspace: str, path: str) -> tuple[str, str]:
    """
    Give the root of the clone that a path of the workspace belongs to, and the path from there.

    The workspace may be a folder of the clone, and the clone a folder of the workspace. Where there is no clone, the
    workspace counts as its root.
    """
    workspace = os.path.realpath(workspace)
    whole = os.path.join(workspace, path)
    folder = os.path.dirname(whole)
    if not f"{os.path.realpath(folder)}/".startswith(f"{workspace.rstrip('/')}/"):
        return workspace, path  # a link to elsewhere: another clone is none of ours
    while not is_clone(folder):
        above = os.path.dirname(folder)
        if above == folder:
            return workspace, path
        folder = above
    return folder, os.path.relpath(whole, folder).replace(os.sep, "/")


def is_clone(folder: str) -> bool:
    """Tell whether a folder is the root of a clone."""
    return os.path.exists(os.path.join(folder, ".git"))


def too_large(path: str, commit: str) -> WrongInputs:
    """Make the error for a file that nobody could import."""
    return WrongInputs(
        f"{path} is larger than {LARGEST_FILE >> 20} MB in {commit[:7]}.",
        advice="Power Platform takes definitions of at most 1 MB.",
    )


def _git(root: str, *arguments: str, given: bytes = b"") -> tuple[int, bytes]:
    """
    Run git, without a shell and without anybody to ask, and give its exit code and what it prints.

    The clone may belong to somebody else, as in a container: that is what `safe.directory` is for
    (https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory).
    """
    import subprocess

    command = ["git", "-C", root, "-c", f"safe.directory={root}", *_OPTIONS, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  no shell; every argument is ours or was checked
            command, input=given, capture_output=True, env=_ENVIRONMENT, timeout=_PATIENCE, check=False
        )
    except OSError as error:
        raise NotInClone from error
    except subprocess.TimeoutExpired as error:
        raise ServiceFailed(f"git did not answer within {_PATIENCE} s.", advice="Run it again.") from error
    return done.returncode, done.stdout
