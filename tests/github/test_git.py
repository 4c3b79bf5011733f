from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.edges.git import RevisionFiles, valid_path, valid_revision
from exporter.edges.github import GitHub
from exporter.model.errors import ServiceFailed, WrongInputs

OLD, NEW = b"openapi: 3.0.0\n", b"openapi: 3.1.0\n"


def git(folder: Path, *arguments: str) -> str:
    named = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**named, "PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, check=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, bytes]) -> str:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Two commits, the older one tagged, with a file that was renamed in between."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, {"api/openapi.yaml": OLD, "api/old name ü.yaml": b"1", "top.json": b"{}", "bytes": b"\r\n\x00\xff"})
    git(folder, "tag", "-a", "-m", "x", "v1")
    (folder / "api/old name ü.yaml").unlink()
    commit(folder, {"api/openapi.yaml": NEW, "api/new.yaml": b"2"})
    (folder / "api/openapi.yaml").write_bytes(b"not committed")
    return folder


@pytest.mark.parametrize(
    ("revision", "content"), [("HEAD", NEW), ("main", NEW), ("v1", OLD), ("HEAD~1", OLD), ("main^", OLD)]
)
def test_files_are_as_they_were_at_the_revision(revision: str, content: bytes, clone: Path) -> None:
    files = RevisionFiles(str(clone), revision, None)
    assert files.exists("api/openapi.yaml")
    assert files.read("./api/../api/openapi.yaml") == content


def test_bytes_and_names_are_kept_as_they_are(clone: Path) -> None:
    files = RevisionFiles(str(clone), "v1", None)
    assert files.read("bytes") == b"\r\n\x00\xff"
    assert files.read("api/old name ü.yaml") == b"1"


@pytest.mark.parametrize("path", ["api/new.yaml", "api", "nope", "top.json/x", "a blob", "api/openapi.yaml missing"])
def test_a_file_that_did_not_exist_then_is_no_baseline(path: str, clone: Path) -> None:
    files = RevisionFiles(str(clone), "v1", None)
    assert not files.exists(path)
    with pytest.raises(WrongInputs, match="There is no file"):
        files.read(path)


def test_a_workspace_may_be_a_folder_of_the_repository_and_the_other_way_round(clone: Path) -> None:
    assert RevisionFiles(str(clone / "api"), "v1", None).read("openapi.yaml") == OLD
    assert RevisionFiles(str(clone.parent), "v1", None).read("clone/api/openapi.yaml") == OLD
    shutil.rmtree(clone / "api")
    assert RevisionFiles(str(clone), "v1", None).read("api/openapi.yaml") == OLD


def test_links_are_followed_inside_the_commit_and_not_out_of_it(clone: Path) -> None:
    (clone / "link.yaml").symlink_to("api/openapi.yaml")
    (clone / "out.yaml").symlink_to("/etc/passwd")
    (clone / "up.yaml").symlink_to("../../secret")
    (clone / "loop.yaml").symlink_to("loop.yaml")
    (clone / "nowhere.yaml").symlink_to("nope")
    commit(clone, {"api/openapi.yaml": NEW})
    files = RevisionFiles(str(clone), "HEAD", None)
    assert files.read("link.yaml") == NEW
    assert not any(files.exists(f"{name}.yaml") for name in ("out", "up", "loop", "nowhere"))


def test_a_revision_that_does_not_exist_is_said(clone: Path) -> None:
    for ask in (RevisionFiles(str(clone), "v9", None).exists, RevisionFiles(str(clone), "f" * 40, None).read):
        with pytest.raises(WrongInputs, match="not in the clone") as wrong:
            ask("api/openapi.yaml")
        assert "fetch-depth: 0" in wrong.value.advice


def test_a_folder_that_is_no_clone_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongInputs, match="main"):
        RevisionFiles(str(tmp_path), "main", None).read("openapi.yaml")


@pytest.mark.parametrize(
    "revision",
    ["", "-h", "--output=/tmp/x", "a..b", "main:api", ":/x", "@{u}", "a b", "a\nb", "^main", "a*", "x" * 2000, "ü"],
)
def test_what_is_no_revision_never_reaches_git(revision: str, tmp_path: Path) -> None:
    with pytest.raises(WrongInputs, match="not a git revision"):
        RevisionFiles(str(tmp_path), revision, None)


@pytest.mark.parametrize("path", ["", ".", "..", "../x", "a/../../x", "/etc/passwd", "a\nb", "a\0b", "x" * 2000])
def test_a_path_that_leads_out_never_reaches_git(path: str, clone: Path) -> None:
    with pytest.raises(WrongInputs, match="not a path inside"):
        RevisionFiles(str(clone), "main", None).exists(path)


@given(st.text())
def test_no_text_at_all_breaks_the_checks(text: str) -> None:
    assert not (valid_revision(text) and text.startswith("-"))
    with contextlib.suppress(WrongInputs):
        assert not valid_path(text).startswith(("/", "../"))


def test_a_clone_of_somebody_else_is_read_all_the_same(clone: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a clone to somebody else")
    for folder, _, names in os.walk(clone):
        for name in (".", *names):
            os.chown(os.path.join(folder, name), 4321, 4321, follow_symlinks=False)
    assert RevisionFiles(str(clone), "v1", None).read("api/openapi.yaml") == OLD


def test_a_clone_cannot_make_us_run_its_commands(clone: Path, tmp_path: Path) -> None:
    """A partial clone is completed by commands of its own configuration, if git is let."""
    git(clone, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", clone.as_uri(), "partial")
    git(tmp_path / "partial", "config", "remote.origin.uploadpack", f"touch {tmp_path}/was-run; false")
    git(tmp_path / "partial", "config", "core.fsmonitor", f"touch {tmp_path}/was-run")
    with pytest.raises(WrongInputs):
        RevisionFiles(str(tmp_path / "partial"), "v1", None).read("api/openapi.yaml")
    assert not RevisionFiles(str(tmp_path / "partial"), "v1", None).exists("nope")
    assert not (tmp_path / "was-run").exists()


@pytest.fixture
def shallow(clone: Path, tmp_path: Path, fake_github: Any) -> Path:
    """What actions/checkout leaves: the newest commit, and GitHub has the rest."""
    git(clone, "push", "-q", str(fake_github.folder), "main", "v1")
    git(tmp_path, "clone", "-q", "--depth=1", "--no-tags", clone.as_uri(), "shallow")
    return tmp_path / "shallow"


def test_what_a_shallow_clone_has_needs_no_request(shallow: Path, github: GitHub, fake_github: Any) -> None:
    assert RevisionFiles(str(shallow), "main", github).read("api/openapi.yaml") == NEW
    assert fake_github.server.seen == []


@pytest.mark.parametrize("workspace", ["shallow", "shallow/api", "no-clone"])
def test_what_a_clone_has_not_comes_from_github(
    workspace: str, shallow: Path, tmp_path: Path, github: GitHub, fake_github: Any
) -> None:
    (tmp_path / "no-clone").mkdir()
    files = RevisionFiles(str(tmp_path / workspace), "v1", github)
    inside = "" if workspace.endswith("api") else "api/"
    assert files.exists(f"{inside}openapi.yaml")
    assert files.read(f"{inside}openapi.yaml") == OLD
    assert files.read(f"{inside}old name ü.yaml") == b"1"
    assert not files.exists(f"{inside}new.yaml")
    assert len(fake_github.server.seen) == 4
    assert not files.exists("api")
    assert shallow.exists()


def test_a_partial_clone_is_completed_by_github(clone: Path, tmp_path: Path, github: GitHub, fake_github: Any) -> None:
    git(clone, "push", "-q", str(fake_github.folder), "main", "v1")
    git(clone, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", clone.as_uri(), "partial")
    assert RevisionFiles(str(tmp_path / "partial"), "v1", github).read("api/openapi.yaml") == OLD


def test_a_revision_that_github_has_not_either_is_said(shallow: Path, github: GitHub) -> None:
    with pytest.raises(WrongInputs, match="neither in the clone nor on GitHub"):
        RevisionFiles(str(shallow), "v9", github).read("api/openapi.yaml")


def test_a_failing_github_is_no_missing_file(shallow: Path, github: GitHub, fake_github: Any, said: Any) -> None:
    fake_github.server.trouble = [("GET", said(500, {}))] * 3
    with pytest.raises(ServiceFailed):
        RevisionFiles(str(shallow), "v1", github).exists("api/openapi.yaml")


def test_a_link_to_another_clone_is_not_followed_out_of_the_workspace(clone: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "other").symlink_to(clone)
    with pytest.raises(WrongInputs):
        RevisionFiles(str(workspace), "main", None).read("other/api/openapi.yaml")


def test_files_that_look_like_a_bare_clone_are_none(clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(clone), "planted")
    with pytest.raises(WrongInputs):
        RevisionFiles(str(tmp_path / "planted"), "main", None).read("api/openapi.yaml")
