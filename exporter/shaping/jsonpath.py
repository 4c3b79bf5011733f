"""
Finds what a JSONPath query (RFC 9535) selects, with a bound on the work that it may take.

Loaded only where there is an overlay: jsonpath-rfc9535 takes longer to load than everything else in a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathNode, JSONPathQuery, JSONValue, Parser
from jsonpath_rfc9535.exceptions import JSONPathSyntaxError
from jsonpath_rfc9535.filter_expressions import (
    ComparisonExpression,
    Expression,
    FilterExpressionLiteral,
    FilterQuery,
    FunctionExtension,
)
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction
from jsonpath_rfc9535.tokens import TokenStream

from exporter.model.json_values import Object
from exporter.model.pointers import Pointer
from exporter.shaping.patterns import NotAPattern, matches

LONGEST_QUERY = 2_000
MOST_STEPS = 4_000_000
"""Nodes that all queries of a run may visit together; GitHub's definition of 11 MB has half a million."""
_DEEPEST = 400


class NotAQuery(ValueError):
    """The text is no JSONPath query that we follow; the text of the error says why, as part of a sentence."""


class TooMuchWork(Exception):
    """The queries visit more than anybody's overlay needs."""


class Budget:
    """How much work is left."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps off. Raises TooMuchWork where there are none left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuchWork


class _Node(JSONPathNode):
    """A node that counts the nodes that are reached from it."""

    __slots__ = ("budget",)
    budget: Budget

    def new_child(self, value: object, key: int | str, parent: JSONPathNode | None) -> JSONPathNode:
        self.budget.spend(1)
        child = _Node(value=value, location=(*self.location, key), parent=parent, root=self.root)
        child.budget = self.budget
        return child


class _Query(JSONPathQuery):
    """A query, or one inside a filter, that starts with a counting node."""

    __slots__ = ()

    def finditer(self, value: JSONValue) -> Iterable[JSONPathNode]:
        start = _Node(value=value, location=(), parent=None, root=value)
        start.budget = self.env.budget if isinstance(self.env, _Environment) else Budget()
        start.budget.spend(1)
        nodes: Iterable[JSONPathNode] = [start]
        for segment in self.segments:
            nodes = segment.resolve(nodes)
        return nodes


class _Parser(Parser):
    """Reads queries; those inside filters count, too, and a comparison has one side that takes no time."""

    def parse_root_query(self, stream: TokenStream) -> Expression:
        return _counting(super().parse_root_query(stream))

    def parse_relative_query(self, stream: TokenStream) -> Expression:
        return _counting(super().parse_relative_query(stream))

    def parse_infix_expression(self, stream: TokenStream, left: Expression) -> Expression:
        found = super().parse_infix_expression(stream, left)
        if isinstance(found, ComparisonExpression) and not (_is_small(found.left) or _is_small(found.right)):
            raise JSONPathSyntaxError("a comparison needs a text, a number, true, false or null", token=found.token)
        return found


def _counting(expression: Expression) -> Expression:
    if isinstance(expression, FilterQuery):
        expression.query = _Query(env=expression.query.env, segments=expression.query.segments)
    return expression


def _is_small(side: Expression) -> bool:
    return isinstance(side, FilterExpressionLiteral) or (
        isinstance(side, FunctionExtension) and side.name in {"count", "length"}
    )


class _Matching(FilterFunction):
    """The functions `match` and `search`, in linear time."""

    def __init__(self, budget: Budget, *, whole: bool) -> None:
        self.budget = budget
        self.whole = whole

    @property
    def arg_types(self) -> list[ExpressionType]:
        """Give the types of the arguments: a text and a pattern."""
        return [ExpressionType.VALUE, ExpressionType.VALUE]

    @property
    def return_type(self) -> ExpressionType:
        """Give the type of the result: true or false."""
        return ExpressionType.LOGICAL

    def __call__(self, text: object, pattern: object) -> bool:
        """Tell whether the pattern matches; what is no text, or no pattern, does not (RFC 9535, section 2.4.6)."""
        if not isinstance(text, str) or not isinstance(pattern, str):
            return False
        try:
            return matches(pattern, text, whole=self.whole, spend=self.budget.spend)
        except NotAPattern:
            return False


class _Environment(JSONPathEnvironment):
    parser_class: type[Parser] = _Parser
    max_recursion_depth = _DEEPEST

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        super().__init__()

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions["match"] = _Matching(self.budget, whole=True)
        self.function_extensions["search"] = _Matching(self.budget, whole=False)


def select(document: Object, query: str, budget: Budget) -> tuple[Pointer, ...]:
    """
    Give the pointers of what a query selects in a document, each once, in the order that RFC 9535 gives them.

    Raises NotAQuery for what is no query, and TooMuchWork.
    """
    if len(query) > LONGEST_QUERY:
        raise NotAQuery(f"it is longer than {LONGEST_QUERY:,} characters")
    try:
        parsed = _Environment(budget).compile(query)
        found = _Query(env=parsed.env, segments=parsed.segments).finditer(dict(document))
        return tuple(dict.fromkeys(_pointers(found)))
    except JSONPathError as error:
        raise NotAQuery(str(error)) from error
    except (RecursionError, OverflowError, ValueError) as error:
        raise NotAQuery("it is nested too deep, or has a number that is too large") from error


def _pointers(nodes: Iterable[JSONPathNode]) -> Iterator[Pointer]:
    for node in nodes:
        yield tuple(str(segment) for segment in node.location)
