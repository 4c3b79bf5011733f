"""The workspace: reads stay inside, writes are whole or not at all."""

import hashlib
import os
from pathlib import Path

import pytest

from exporter.edges.workspace import FolderWorkspace
from exporter.model.errors import CannotWrite, NotExportable, WrongInputs


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def bundle(files: dict[str, bytes]) -> dict[str, bytes]:
    """Give files with what makes them a bundle: a definition, and checksums of all."""
    whole = {"apiDefinition.swagger.json": b"{}", **files}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in whole.items())
    return {**whole, "SHA256SUMS": sums.encode()}


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.json").write_bytes(b"{}")
    workspace = FolderWorkspace(str(tmp_path))
    assert workspace.read("a/x.json") == b"{}"
    assert workspace.exists("a/x.json")
    assert not workspace.exists("a")


@pytest.mark.parametrize("path", ["nothing.json", "folder", "../outside.json", "link.json", "pipe"])
def test_what_is_no_file_inside_is_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "workspace"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "outside.json").write_text("secret")
    (root / "link.json").symlink_to(tmp_path / "outside.json")
    os.mkfifo(root / "pipe")
    with pytest.raises(WrongInputs):
        FolderWorkspace(str(root)).read(path)


def test_a_file_of_200_mb_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "big.json").open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(NotExportable, match="200,000,000 bytes"):
        FolderWorkspace(str(tmp_path)).read("big.json")


def test_an_empty_workspace_hints_at_the_missing_checkout(tmp_path: Path) -> None:
    with pytest.raises(WrongInputs) as stopped:
        FolderWorkspace(str(tmp_path)).read("openapi.yaml")
    assert "actions/checkout" in stopped.value.advice


def test_a_folder_holds_exactly_the_files(tmp_path: Path) -> None:
    workspace = FolderWorkspace(str(tmp_path))
    workspace.replace_folder("out/bundle", bundle({"a.txt": b"1", "b/c.txt": b"2"}))
    workspace.replace_folder("out/bundle", bundle({"a.txt": b"3"}))
    assert names(tmp_path) == [f"out/bundle/{name}" for name in ("SHA256SUMS", "a.txt", "apiDefinition.swagger.json")]
    assert (tmp_path / "out/bundle/a.txt").read_bytes() == b"3"


def test_somebody_elses_files_are_not_lost(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text("precious")
    with pytest.raises(WrongInputs, match="main.py"):
        FolderWorkspace(str(tmp_path)).replace_folder("src", {"a.txt": b"1"})
    assert names(tmp_path) == ["src/main.py"]


def test_writing_never_leaves_the_workspace(tmp_path: Path) -> None:
    root, outside = tmp_path / "workspace", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "out").symlink_to(outside)
    workspace = FolderWorkspace(str(root))
    with pytest.raises(WrongInputs):
        workspace.replace_folder("out/bundle", {"a.txt": b"1"})
    with pytest.raises(WrongInputs):
        workspace.write("out/a.txt", b"1")
    assert names(outside) == []


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    workspace = FolderWorkspace(str(tmp_path))
    workspace.replace_folder("bundle", bundle({"a.txt": b"old"}))
    with pytest.raises(CannotWrite):
        workspace.replace_folder("bundle", {"a.txt": b"new", "n" * 300: b"the name is too long"})
    assert names(tmp_path) == [f"bundle/{name}" for name in ("SHA256SUMS", "a.txt", "apiDefinition.swagger.json")]
    assert (tmp_path / "bundle/a.txt").read_bytes() == b"old"
    with pytest.raises(CannotWrite):
        workspace.write("bundle/a.txt/b", b"1")


@pytest.mark.parametrize("path", [".git/config", "link.csx", "module/.git", "api/../.GIT/config"])
def test_gits_own_folder_is_neither_read_nor_written(tmp_path: Path, path: str) -> None:
    for folder in (".git", ".GIT"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "config").write_text("extraheader = AUTHORIZATION: basic secret")
    (tmp_path / "module").mkdir()
    (tmp_path / "module" / ".git").write_text("gitdir: ../.git/modules/module")
    (tmp_path / "link.csx").symlink_to(".git/config")
    workspace = FolderWorkspace(str(tmp_path))
    with pytest.raises(WrongInputs, match="git's own folder"):
        workspace.read(path)
    with pytest.raises(WrongInputs):
        workspace.write(path, b"x")
    with pytest.raises(WrongInputs):
        workspace.replace_folder(f"{path}/new", {"a": b"x"})


def test_a_planted_link_leads_no_bundle_elsewhere(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "workspace", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / f".bundle.{os.getpid()}.new").symlink_to(elsewhere)
    (root / f".a.json.{os.getpid()}.new").symlink_to(elsewhere / "a.json")
    workspace = FolderWorkspace(str(root))
    workspace.replace_folder("bundle", {"README.md": b"1"})
    workspace.write("a.json", b"2")
    assert names(elsewhere) == []
    assert not (root / "bundle").is_symlink()
    assert names(root) == ["a.json", "bundle/README.md"]


def test_what_a_died_run_left_is_no_obstacle(tmp_path: Path) -> None:
    left = tmp_path / f".bundle.{os.getpid()}.new"
    left.mkdir()
    (left / "half").write_text("x")
    FolderWorkspace(str(tmp_path)).replace_folder("bundle", {"README.md": b"1"})
    assert names(tmp_path) == ["bundle/README.md"]


def _planted(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_planted_checksums_do_not_make_somebody_elses_folder_ours(tmp_path: Path) -> None:
    release = {"tool.tar": b"precious"}
    others = {name: content for name, content in bundle(release).items() if name != "apiDefinition.swagger.json"}
    others["SHA256SUMS"] = b"".join(
        line for line in others["SHA256SUMS"].splitlines(keepends=True) if b"swagger" not in line
    )
    lied = {**bundle({"main.py": b"another"}), "main.py": b"precious"}
    unlisted = {**bundle({}), "notes.txt": b"precious"}
    for number, files in enumerate((others, lied, unlisted)):
        folder = tmp_path / str(number)
        folder.mkdir()
        _planted(folder, files)
        with pytest.raises(WrongInputs, match="would be lost"):
            FolderWorkspace(str(tmp_path)).replace_folder(str(number), bundle({}))
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_in_the_place_of_a_file_is_not_ours(tmp_path: Path, kind: str) -> None:
    workspace = FolderWorkspace(str(tmp_path))
    workspace.replace_folder("bundle", bundle({"a.txt": b"1"}))
    target = tmp_path / "precious"
    if kind == "folder":
        target.mkdir()
    else:
        target.write_bytes(b"1")
    (tmp_path / "bundle" / "a.txt").unlink()
    (tmp_path / "bundle" / "a.txt").symlink_to(target)
    with pytest.raises(WrongInputs, match=r"a\.txt"):
        workspace.replace_folder("bundle", bundle({}))
    assert target.exists()


def test_a_bundle_that_somebody_edited_is_not_lost(tmp_path: Path) -> None:
    workspace = FolderWorkspace(str(tmp_path))
    workspace.replace_folder("bundle", bundle({"settings.json": b"{}"}))
    (tmp_path / "bundle" / "settings.json").write_text('{"connectorId": "mine"}')
    with pytest.raises(WrongInputs, match="changed since"):
        workspace.replace_folder("bundle", bundle({}))


def test_what_links_in_an_old_bundle_lead_to_stays(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a.txt").write_text("mine")
    workspace = FolderWorkspace(str(tmp_path / "workspace"))
    (tmp_path / "workspace").mkdir()
    workspace.replace_folder("out", bundle({"b/c.txt": b"2"}))
    (tmp_path / "workspace" / "out" / "b" / "empty" / "deep").mkdir(parents=True)
    workspace.replace_folder("out", bundle({"b/c.txt": b"3"}))
    staged = tmp_path / "workspace" / f".out.{os.getpid()}.new"
    (staged / "inner").mkdir(parents=True)
    (staged / "inner" / "folder").symlink_to(tmp_path / "kept")
    (staged / "file").symlink_to(tmp_path / "kept" / "a.txt")
    workspace.replace_folder("out", bundle({"d.txt": b"4"}))
    assert names(tmp_path / "workspace") == ["out/SHA256SUMS", "out/apiDefinition.swagger.json", "out/d.txt"]
    assert not staged.exists()
    assert (tmp_path / "kept" / "a.txt").read_text() == "mine"
