"""The expressions of a form, in relevance, constraints, calculations and filters: a part of XPath 1.0.

`${name}` is an answer, `.` the answer being checked, a bare name in the filter of a list one of its columns.
Comparison, `and`, `or`, arithmetic, and the functions in `FUNCTIONS`. A text becomes a small tree here,
which `evaluation` works out. Nothing is ever run as code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fieldkit.forms.evaluation import evaluator
from fieldkit.forms.trees import Answer, Binary, Call, Column, Evaluator, Literal, Negative, Tree

MAX_EXPRESSION_CHARS = 2_000
"""Length of one expression, characters."""

MAX_EXPRESSION_TOKENS = 400
"""Pieces of one expression: bounds how deep its tree can grow to the left, and so the stack that walks it."""

MAX_EXPRESSION_DEPTH = 32
"""Parentheses, calls and signs inside one another."""

FUNCTIONS: dict[str, tuple[int, int]] = {
    "selected": (2, 2),
    "count-selected": (1, 1),
    "count": (1, 1),
    "not": (1, 1),
    "true": (0, 0),
    "false": (0, 0),
    "number": (1, 1),
    "string": (1, 1),
    "string-length": (1, 1),
    "contains": (2, 2),
    "starts-with": (2, 2),
    "coalesce": (2, 2),
    "if": (3, 3),
    "concat": (1, 8),
    "round": (1, 2),
    "min": (1, 8),
    "max": (1, 8),
    "least": (1, 1),
    "most": (1, 1),
}
"""Every function, with the least and the most arguments it takes."""

BINDING = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
"""How tightly each operator binds; all are left-associative, as in XPath 1.0 §3."""

_SIGN_BINDING = 7


class ExpressionError(ValueError):
    """An expression that cannot be read or worked out: the one exception for hostile expressions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression as written, and as understood."""

    text: str
    tree: Tree
    names: frozenset[str]
    """The answers it asks for."""
    worked: Evaluator = field(compare=False, repr=False)
    """Works it out over answers; `.` stands for the second one."""
    columns: frozenset[str] = frozenset()
    """The columns of a list it asks for."""


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>'[^']*'|\"[^\"]*\")|\$\{(?P<answer>[A-Za-z_][\w.-]*)\}"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<mark><=|>=|!=|[=<>+*(),.-]))",
    re.ASCII,
)


def parse_expression(text: str, *, filters: bool = False) -> Expression:
    """An expression from its text; only one that `filters` a list has columns. Raises ExpressionError, and
    nothing else.
    """
    if len(text) > MAX_EXPRESSION_CHARS:
        raise ExpressionError(
            f"an expression has at most {MAX_EXPRESSION_CHARS} characters, this one {len(text)}"
        )
    parser = _Parser(_tokens(text), filters)
    tree = parser.expression(0, 0)
    parser.end()
    names, columns = frozenset(parser.names), frozenset(parser.columns)
    return Expression(text=text, tree=tree, names=names, columns=columns, worked=evaluator(tree))


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    trimmed = text.rstrip()
    while at < len(trimmed):
        match = _TOKEN.match(trimmed, at)
        if match is None or match.lastgroup is None:
            raise ExpressionError(f"cannot read {trimmed[at : at + 20]!r} in the expression {text[:80]!r}")
        found.append((match.lastgroup, match[match.lastgroup]))
        if len(found) > MAX_EXPRESSION_TOKENS:
            raise ExpressionError(f"an expression has at most {MAX_EXPRESSION_TOKENS} pieces")
        at = match.end()
    return found


class _Parser:
    """A Pratt parser: each operator takes what binds more tightly than itself."""

    def __init__(self, tokens: list[tuple[str, str]], filters: bool) -> None:
        self._tokens = [*tokens, ("end", "")]
        self._filters = filters
        self._at = 0
        self.names: set[str] = set()
        self.columns: set[str] = set()

    def expression(self, binding: int, depth: int) -> Tree:
        if depth > MAX_EXPRESSION_DEPTH:
            raise ExpressionError(f"an expression is nested more than {MAX_EXPRESSION_DEPTH} deep")
        left = self._first(depth)
        while (power := self._operator()) > binding:
            operator = self._next()[1]
            left = Binary(operator=operator, left=left, right=self.expression(power, depth + 1))
        return left

    def end(self) -> None:
        kind, text = self._next()
        if kind != "end":
            raise ExpressionError(f"did not expect {text!r} there; an operator such as 'and' may be missing")

    def _operator(self) -> int:
        kind, text = self._tokens[self._at]
        return BINDING.get(text, 0) if kind in ("mark", "name") else 0

    def _first(self, depth: int) -> Tree:
        kind, text = self._next()
        if kind == "number":
            return Literal(value=float(text))
        if kind == "text":
            return Literal(value=text[1:-1])
        if kind == "answer":
            self.names.add(text)
            return Answer(name=text)
        if kind == "name" and self._filters and self._tokens[self._at][1] != "(":
            self.columns.add(text)
            return Column(name=text)
        if kind == "name":
            return self._call(text, depth)
        return self._marked(kind, text, depth)

    def _marked(self, kind: str, text: str, depth: int) -> Tree:
        if text == ".":
            return Answer(name="")
        if text == "-":
            return Negative(of=self.expression(_SIGN_BINDING, depth + 1))
        if text == "(":
            inner = self.expression(0, depth + 1)
            self._expect(")")
            return inner
        raise ExpressionError(
            "the expression ends too early" if kind == "end" else f"did not expect {text!r} there"
        )

    def _call(self, function: str, depth: int) -> Tree:
        if function not in FUNCTIONS:
            raise ExpressionError(
                f"there is no function {function!r} here; there are {', '.join(sorted(FUNCTIONS))}"
            )
        self._expect("(")
        arguments: list[Tree] = []
        while self._tokens[self._at][1] != ")" or self._tokens[self._at][0] != "mark":
            if arguments:
                self._expect(",")
            arguments.append(self.expression(0, depth + 1))
        self._expect(")")
        least, most = FUNCTIONS[function]
        if not least <= len(arguments) <= most:
            raise ExpressionError(f"{function} takes {least} to {most} arguments, got {len(arguments)}")
        return Call(function=function, arguments=tuple(arguments))

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _expect(self, mark: str) -> None:
        kind, text = self._next()
        if kind != "mark" or text != mark:
            raise ExpressionError(f"expected {mark!r}, got {text or 'the end'!r}")
