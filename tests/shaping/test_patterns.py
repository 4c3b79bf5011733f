"""Patterns of JSONPath: the same answers as Python's engine, in linear time."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.shaping.patterns import NotAPattern, matches

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c]", "\\.", "[-b]"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda branches: f"({'|'.join(branches)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.text("abc.", max_size=8))
def test_a_pattern_matches_what_pythons_own_engine_matches(pattern: str, text: str) -> None:
    for whole, engine in ((True, re.fullmatch), (False, re.search)):
        assert matches(pattern, text, whole=whole, spend=lambda _: None) is bool(engine(pattern, text))


@pytest.mark.parametrize("pattern", ["(a|a)*b", "(a*)*b", "a*a*a*a*a*a*b", "((a?){30}){30}b"])
def test_patterns_that_explode_elsewhere_take_linear_time(pattern: str) -> None:
    started = time.process_time()
    try:
        assert not matches(pattern, "a" * 2_000, whole=True, spend=lambda _: None)
    except NotAPattern:
        assert pattern.count("30") == 2, "only what needs too many states may be refused"
    assert time.process_time() - started < 5


@pytest.mark.parametrize("pattern", ["(", ")", "a{2,1}", "*", "[", "[]", "[b-a]", "\\d", "\\p{Lxx}", "a**", "(a{1000}){1000}", "(){1000}" * 2 + "((((){999}){999}){999})", "\\", "a{", "(" * 400 + ")" * 400, "a" * 501])  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(NotAPattern):
        matches(pattern, "a", whole=True, spend=lambda _: None)


@given(st.text(max_size=20), st.text(max_size=5))
def test_any_text_is_a_pattern_or_refused(pattern: str, text: str) -> None:
    with contextlib.suppress(NotAPattern):
        assert matches(pattern, text, whole=False, spend=lambda _: None) in {True, False}


def test_categories_of_characters() -> None:
    assert matches(r"\p{Lu}\P{L}+[\p{Nd}x]", "A- 5", whole=True, spend=lambda _: None)
    assert not matches(r"\p{Lu}", "a", whole=True, spend=lambda _: None)
