"""Real changes that were read and labelled by hand: ../shared/corpus (skipped by name where it is not there)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from exporter.comparison.compare import compare, verdict
from exporter.comparison.fingerprint import fingerprint
from exporter.model.changes import Change, Verdict
from exporter.model.connectors import Connector

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
MEANS = {"breaking": Verdict.BREAKING, "non-breaking": Verdict.COMPATIBLE, "none": Verdict.NONE}
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of connectors is not there")


def read(path: Path) -> Connector:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return Connector(json.loads(text), {})


def judged(pair: Path) -> tuple[Verdict, tuple[Change, ...]]:
    before, after = read(pair / "before.json"), read(pair / "after.json")
    found = compare(before, after)
    return verdict(fingerprint(before), fingerprint(after), found), found


def test_hand_labelled_changes_get_the_verdict_of_the_person_who_read_them(capsys: pytest.CaptureFixture[str]) -> None:
    labels = json.loads((CORPUS / "labels.json").read_text("utf-8"))
    seen = [(label, judged(CORPUS / "pairs" / label["pair"])[0]) for label in labels]
    table = Counter((label["certainty"], label["expect"], ours.value) for label, ours in seen)
    with capsys.disabled():
        print("\nlabelled".ljust(34) + "".join(one.value.rjust(12) for one in Verdict))
        for certainty, expected in sorted({key[:2] for key in table}):
            counts = "".join(str(table[certainty, expected, one.value]).rjust(12) for one in Verdict)
            print(f"{expected} ({certainty})".ljust(33) + counts)
    assert [label["pair"] for label, ours in seen if MEANS[label["expect"]] is not ours] == []


def test_every_pair_is_compared_and_says_something_exactly_when_something_differs() -> None:
    for pair in sorted((CORPUS / "pairs").iterdir()):
        if pair.is_dir():
            ours, found = judged(pair)
            assert bool(found) is (ours is not Verdict.NONE), pair.name


def test_every_real_connector_equals_itself_and_what_is_read_of_it_again() -> None:
    for path in sorted((CORPUS / "connectors").glob("*/apiDefinition.swagger.json")):
        try:
            one, other = read(path), read(path)
        except ValueError:
            continue
        assert compare(one, other) == (), path.parent.name
        assert fingerprint(one) == fingerprint(other), path.parent.name
