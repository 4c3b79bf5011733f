"""What stands around the house: requirements, image, examples, workflows and the command that newcomers run."""

import json
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

ROOT = Path(__file__).parent.parent
ORDERS = ROOT / "examples" / "orders"
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
WORKFLOWS = [*sorted(ROOT.glob(".github/workflows/*.yml")), *sorted(ROOT.glob("examples/workflows/*.yml"))]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _operations(document: dict[str, Any]) -> dict[str, str]:
    return {
        body["operationId"]: f"{method} {path}"
        for path, item in document["paths"].items()
        for method, body in item.items()
        if method in METHODS
    }


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_locked_with_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=[a-z])", path.read_text(encoding="utf-8"))
    names = [entry for entry in entries if not entry.startswith("#")]
    assert names
    assert all(re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+ ", entry) and "--hash=sha256:" in entry for entry in names)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_no_requirement_names_an_index(path: Path) -> None:
    assert [line for line in _lines(path) if "://" in line or "--index" in line or "--find-links" in line] == []


def test_what_the_locks_share_is_the_same_version() -> None:
    locked = [
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in REQUIREMENTS
    ]
    for one in locked:
        for other in locked:
            assert {name: one[name] for name in one.keys() & other.keys()} == {
                name: other[name] for name in one.keys() & other.keys()
            }


def test_the_image_and_the_action_start_the_same_file_isolated() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    start = json.loads(re.search(r"^ENTRYPOINT (\[.*\])$", dockerfile, re.MULTILINE).group(1))  # type: ignore[union-attr]
    assert start == ["/usr/local/bin/python", "-I", _yaml(ROOT / "action.yml")["runs"]["entrypoint"]]


def test_both_stages_of_the_image_have_the_same_base() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1


def test_the_example_is_valid_openapi() -> None:
    path = ORDERS / "openapi.yaml"
    assert list(OpenAPIV31SpecValidator(_yaml(path), base_uri=path.as_uri()).iter_errors()) == []


def test_the_example_as_a_connector_is_valid_swagger() -> None:
    assert (
        list(OpenAPIV2SpecValidator(json.loads((ORDERS / "swagger.json").read_text(encoding="utf-8"))).iter_errors())
        == []
    )


def test_both_forms_of_the_example_have_the_same_operations() -> None:
    assert _operations(_yaml(ORDERS / "openapi.yaml")) == _operations(_yaml(ORDERS / "swagger.json"))


def test_both_forms_of_the_example_have_the_same_address() -> None:
    swagger = _yaml(ORDERS / "swagger.json")
    (server,) = _yaml(ORDERS / "openapi.yaml")["servers"]
    assert server["url"] == f"{swagger['schemes'][0]}://{swagger['host']}{swagger['basePath']}"


def test_the_icon_is_a_square_png() -> None:
    icon = (ORDERS / "icon.png").read_bytes()
    assert icon.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", icon[16:24]) == (160, 160)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_workflows_ask_for_no_more_than_they_need(path: Path) -> None:
    workflow = _yaml(path)
    everything = [workflow["permissions"], *(job.get("permissions", {}) for job in workflow["jobs"].values())]
    granted = {name: grant for grants in everything for name, grant in grants.items()}
    if any("/upload-sarif@" in step.get("uses", "") for step in _steps(workflow)):
        assert granted.pop("security-events") == "write"
    assert set(granted.values()) <= {"read", "write"}
    assert set(granted) <= {"contents", "id-token", "pull-requests"}
    exports = any("mode" in step.get("with", {}) and step["with"]["mode"] != "check" for step in _steps(workflow))
    assert exports or "write" not in {grant for name, grant in granted.items() if name != "pull-requests"}
    assert granted.get("pull-requests") != "read"
    assert "pull_request_target" not in workflow[True]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_workflows_that_follow_others_check_nothing_out(path: Path) -> None:
    workflow = _yaml(path)
    if "workflow_run" in workflow[True]:
        named = {_yaml(other)["name"] for other in WORKFLOWS}
        assert set(workflow[True]["workflow_run"]["workflows"]) <= named
        assert [step["uses"].partition("@")[0] for step in _steps(workflow)] == ["OWNER/connector-exporter"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_workflows_pin_the_actions_of_others_and_keep_no_token(path: Path) -> None:
    for step in _steps(_yaml(path)):
        uses = step.get("uses", "./")
        assert uses.startswith(("./", "OWNER/")) or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", uses)
        if uses.startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_workflows_use_inputs_and_outputs_that_there_are(path: Path) -> None:
    action = _yaml(ROOT / "action.yml")
    ours = [step for step in _steps(_yaml(path)) if step.get("uses", "").startswith(("./", "OWNER/"))]
    for step in ours:
        assert set(step["with"]) <= set(action["inputs"])
    named = {step["id"] for step in ours if "id" in step}
    for step, output in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", path.read_text(encoding="utf-8")):
        assert step in named
        assert output in action["outputs"]


def _steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def test_make_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split()) - {"help"}  # type: ignore[union-attr]
    assert commands == set(re.findall(r'@echo "make ([a-z-]+)', makefile))


def _run(definition: Path, *more: str) -> str:
    command = [sys.executable, ROOT / "tools" / "run.py", "--definition", definition, *more]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    return f"{done.stdout}{done.stderr}\nexit code {done.returncode}"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    shutil.copytree(ORDERS, tmp_path / "orders", ignore=shutil.ignore_patterns("connector-export"))
    return tmp_path / "orders"


def test_a_newcomer_exports_edits_and_exports_again(orders: Path) -> None:
    first = _run(orders / "openapi.yaml")
    assert re.search(r"^  exported +true$", first, re.MULTILINE), first
    assert (orders / "connector-export" / "bundle" / "apiDefinition.swagger.json").exists()

    second = _run(orders / "openapi.yaml")
    assert re.search(r"^  changed +false$", second, re.MULTILINE), second

    schemas = orders / "schemas" / "orders.yaml"
    schemas.write_text(
        schemas.read_text(encoding="utf-8").replace("        total:", "        amount:"), encoding="utf-8"
    )
    third = _run(orders / "openapi.yaml")
    assert re.search(r"^  verdict +breaking$", third, re.MULTILINE), third
    assert "exit code 0" in third


def test_a_newcomer_sees_express_work(orders: Path) -> None:
    first = _run(orders / "openapi.yaml", "--mode", "express", "--inputs", "name=Orders")
    assert re.search(r"^  exported +true$", first, re.MULTILINE), first
    second = _run(orders / "openapi.yaml", "--mode", "express", "--inputs", "name=Orders")
    assert re.search(r"^  changed +false$", second, re.MULTILINE), second


@pytest.mark.parametrize("backend", ["dataverse", "powerapps"])
def test_a_newcomer_is_told_the_whole_story_of_express(tmp_path: Path, backend: str) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("connector-export"))
    for name in ("exporter", "tests", "tools", "entrypoint.py"):
        (tmp_path / name).symlink_to(ROOT / name)
    command = [sys.executable, tmp_path / "tools" / "run.py", "--mode", "express", "--inputs", f"backend={backend}"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    chapters = re.split(r"^[0-9]\. ", said, flags=re.MULTILINE)[1:]
    ends = (
        "was created",
        "there is nothing to export",
        "was updated",
        "edited it by hand",
        "A copy",
        "was updated",
        "stops",
    )
    assert [end in chapter for chapter, end in zip(chapters, ends, strict=True)] == [True] * 7, said


def test_a_folder_is_searched_for_its_definition(orders: Path) -> None:
    assert re.search(r"^  exported +true$", _run(orders), re.MULTILINE)


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    said = _run(tmp_path / "nowhere.yaml")
    assert "There is no " in said
    assert "Traceback" not in said
    assert "exit code 1" in said


PAGES = [
    page
    for found in ("*.md", "docs/**/*.md", "examples/**/*.md")
    for page in sorted(ROOT.glob(found))
    if "connector-export" not in page.parts  # what a run left there
]


def _linked(page: Path) -> Iterator[tuple[Path, str]]:
    """Give what a page links to in the repository: files and folders, and the heading in them."""
    for link in re.findall(r"\]\((?!https?://)([^)\s]*)\)", page.read_text(encoding="utf-8")):
        path, _, heading = link.partition("#")
        yield (page.parent / path).resolve() if path else page, heading


def _anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, heading in _linked(page):
        assert target.exists(), target
        assert not heading or heading in _anchors(target), heading


def test_every_page_is_linked_from_another_one_or_stands_in_a_folder_that_is() -> None:
    linked = {target for page in PAGES for target, _ in _linked(page) if target != page}
    assert [page for page in PAGES if page.name != "README.md" and not {page, page.parent} & linked] == []


def test_the_map_of_the_house_names_what_there_is() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./*-]+(?:\.py|/))`", page)
    there = [ROOT, ROOT / "exporter", *(ROOT / "exporter").iterdir()]
    assert [name for name in named if "..." not in name and not any(any(home.glob(name)) for home in there)] == []
    rooms = {path.name for path in (ROOT / "exporter" / "reporting").glob("*.py")} - {"__init__.py"}
    shown = [name.rpartition("/")[2] for name in named]
    assert [room for room in sorted(rooms) if not any(fnmatch(room, name) for name in shown)] == []


def test_values_are_made_of_annotations_that_need_not_be_compiled_again() -> None:
    """Of annotations kept as texts, typing makes each class of values in twice the time (decision 2)."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "exporter").rglob("*.py")}
    values = {path: text for path, text in texts.items() if "NamedTuple)" in text or "NamedTuple, Generic" in text}
    assert len(values) > 50
    late = [path.name for path, text in values.items() if "from __future__ import annotations" in text]
    assert [name for name in late if name not in {"alternatives.py", "artifacts.py", "http.py"}] == []
