"""JSONPath queries: what they select, and that no query takes more than its share."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.model.pointers import pointer_text
from exporter.shaping.jsonpath import Budget, NotAQuery, TooMuchWork, select

DOCUMENT: Any = {
    "paths": {
        "/a": {"get": {"tags": ["x", "y"], "parameters": [{"name": "p", "in": "query"}, {"name": "q", "in": "path"}]}},
        "/b": {"get": {"tags": []}, "post": {"deprecated": True}},
    }
}


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("$", [""]),
        ("$.paths['/a'].get", ["/paths/~1a/get"]),
        ("$.paths.*.get", ["/paths/~1a/get", "/paths/~1b/get"]),
        ("$..parameters[?@.name == 'q' && @.in == 'path']", ["/paths/~1a/get/parameters/1"]),
        ("$.paths[?@.post.deprecated == true]", ["/paths/~1b"]),
        ("$..tags[?@ == 'y']", ["/paths/~1a/get/tags/1"]),
        ("$..tags[-1]", ["/paths/~1a/get/tags/1"]),
        ("$..parameters[0,0]", ["/paths/~1a/get/parameters/0"]),
        ("$.paths.*[?count(@.tags[*]) > 1]", ["/paths/~1a/get"]),
        ("$..parameters[?match(@.name, '[pr]')]", ["/paths/~1a/get/parameters/0"]),
        ("$..parameters[?search(@['in'], 'at')]", ["/paths/~1a/get/parameters/1"]),
        ("$..parameters[?match(@.name, '(')]", []),
        ("$..parameters[?match(@, 'p')]", []),
        ("$.paths[?$.paths['/b'].post]", ["/paths/~1a", "/paths/~1b"]),
        ("$.nothing", []),
    ],
)
def test_a_query_selects(query: str, pointers: list[str]) -> None:
    assert [pointer_text(pointer) for pointer in select(DOCUMENT, query, Budget())] == pointers


@pytest.mark.parametrize("query", ["", "paths", "$x", "$[", "$[?@.a == @.b]", "$[?@.a == 1e999]", f"$[?{'(' * 600}@.a{')' * 600}]", "$" + ".a" * 2_000, "$[?nope(@.a)]", "$[99999999999999999999]"])  # fmt: skip
def test_what_is_no_query_is_refused_in_words(query: str) -> None:
    with pytest.raises(NotAQuery) as refused:
        select(DOCUMENT, query, Budget())
    assert str(refused.value)


@pytest.mark.parametrize("query", ["$..*..*..*", "$..[?@..[?@..*]]", "$..[?count($..*) > 1]", "$..[?search(@.t, '(a|a)*(a|a)*b')]"])  # fmt: skip
def test_a_query_that_visits_too_much_is_stopped(query: str) -> None:
    document = {str(n): {"a": [{"b": [1, 2, 3]}], "t": "a" * 200} for n in range(50)}
    with pytest.raises(TooMuchWork):
        select(document, query, Budget(500))


def test_a_document_deeper_than_any_definition_is_refused() -> None:
    deep: Any = {}
    for _ in range(600):
        deep = {"a": deep}
    with pytest.raises(NotAQuery):
        select(deep, "$..b", Budget())


@given(st.text("$.[]?@*'ab(),:0-9!<=>&|", max_size=25).map(lambda text: "$" + text))
def test_any_text_selects_or_is_refused(query: str) -> None:
    try:
        for pointer in select(DOCUMENT, query, Budget(10_000)):
            assert isinstance(pointer, tuple)
    except (NotAQuery, TooMuchWork):
        pass
