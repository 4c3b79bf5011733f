"""Schemas are counted with their references followed, without following them one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exporter.rules.sizes import Tally, Weight, weights

NAMES = [str(number) for number in range(8)]
GRAPHS = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=3), min_size=1)


def tallies(graph: dict[str, list[str]]) -> dict[tuple[str, ...], Tally]:
    """Every definition: an object, and one property per reference."""
    return {
        ("definitions", name): Tally(
            1 + len(targets), 2 if targets else 1, tuple((target, 2) for target in targets), notifies=False
        )
        for name, targets in graph.items()
    }


def reached(graph: dict[str, list[str]], start: str) -> set[str]:
    """Give all that a definition leads to, in one step or more."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for target in graph.get(waiting.pop(), ()):
            if target in graph and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def expanded(graph: dict[str, list[str]], name: str, above: tuple[str, ...] = ()) -> int:
    """Count the slow way: follow every reference, and stop at one that leads back to where we are."""
    if name not in graph or name in above:
        return 1
    return 1 + sum(expanded(graph, target, (*above, name)) for target in graph[name])


@given(GRAPHS)
def test_circles_are_those_that_lead_to_each_other(graph: dict[str, list[str]]) -> None:
    for pointer, weight in weights(tallies(graph)).items():
        name = pointer[1]
        circle = {other for other in reached(graph, name) if name in reached(graph, other)}
        assert set(weight.circle) == circle


@given(GRAPHS)
def test_the_count_is_exact_without_circles_and_never_too_high_with_them(graph: dict[str, list[str]]) -> None:
    for pointer, weight in weights(tallies(graph)).items():
        name = pointer[1]
        within = {name} | reached(graph, name)
        slow = expanded(graph, name)
        if any(other in reached(graph, other) for other in within):
            assert weight.schemas <= slow
        else:
            assert weight.schemas == slow


def test_an_outermost_schema_counts_what_its_references_lead_to() -> None:
    body = ("paths", "/a", "post", "parameters", "0", "schema")
    known = tallies({"A": ["B", "B"], "B": []}) | {body: Tally(3, 2, (("A", 2),), notifies=False)}
    assert weights(known)[body] == Weight(2 + 3, 3, notifies=False)
