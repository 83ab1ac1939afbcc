"""What can be made wrong in a Python file, node by node of its syntax tree.

Left alone, because no test should hold them: annotations, docstrings, the flags of `@dataclass`, the words of
error messages, and what only a type checker reads.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any, Final

from tests.mutation.edits import Mutant, lines_of, make

Edit = tuple[str, ast.AST, str]
"""Operator, the node that is replaced, and the text in its place."""

COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.Pow: ast.Mult,
}
NAMES: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}
PROVES_NOTHING: Final = ("NewType", "cast", "getattr", "isinstance", "issubclass", "max", "min")
"""With arguments exchanged, these fail wherever they are called, or do the same."""

NOTHING: Final = "__import__('contextlib').nullcontext()"


def mutants(path: str, source: bytes) -> list[Mutant]:
    """Every mutant of one file, in the order of the text."""
    starts = lines_of(source)

    def place(node: Any) -> tuple[int, int]:
        begin = starts[node.lineno - 1] + node.col_offset
        return begin, starts[node.end_lineno - 1] + node.end_col_offset

    found = [
        make(path, source, operator, place(node), new)
        for operator, node, new in _walk(ast.parse(source), in_function=False)
    ]
    return sorted((one for one in found if one.old != one.new), key=lambda one: (one.start, one.operator))


def _walk(node: ast.AST, *, in_function: bool) -> Iterator[Edit]:
    for edit in _edits(node):
        # `A | B` of two types outside a function is an annotation by another name.
        if in_function or not (edit[0] == "arithmetic" and isinstance(node, ast.BinOp)):
            yield edit
    inside = in_function or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    for child in _children(node):
        yield from _walk(child, in_function=inside)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts worth a look."""
    if isinstance(node, (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom)) or _names_a_type(node):
        return
    body = getattr(node, "body", None)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        if isinstance(node, ast.Subscript) and name == "slice" and _is_key(value):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST) and not (_is_text(one) and isinstance(body, list) and one in body):
                yield one


def _names_a_type(node: ast.AST) -> bool:
    """`NewType("Lane", int)`: for the type checker."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NewType"


def _is_key(node: ast.AST) -> bool:
    """`SQL["name"]`: another name is no statement at all."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_text(node: ast.AST) -> bool:
    """A docstring, of whatever it belongs to."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _edits(node: ast.AST) -> Iterator[Edit]:
    """What can be made wrong at one node, its parts left aside."""
    match node:
        case ast.Constant():
            yield from _constants(node)
        case ast.Call():
            yield from _calls(node)
        case ast.Slice():
            for bound in (node.lower, node.upper):
                if bound is not None and not isinstance(bound, ast.Constant):
                    yield "slice", bound, f"({ast.unparse(bound)}) + 1"
        case ast.expr():
            yield from _operations(node)
        case ast.comprehension():
            yield from (("filter", test, "True") for test in node.ifs)
        case ast.stmt():
            yield from _statements(node)
            yield from _blocks(node)


def _operations(node: ast.expr) -> Iterator[Edit]:
    match node:
        case ast.Compare(ops=ops):
            for at, operation in enumerate(ops):
                yield "comparison", node, _with(node, ops=_put(ops, at, COMPARISONS[type(operation)]()))
        case ast.BoolOp(op=joint):
            yield "and-or", node, _with(node, op=ast.Or() if isinstance(joint, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield "not", node, f"({ast.unparse(node.operand)})"
        case ast.BinOp(op=sign) if type(sign) in ARITHMETIC:
            yield "arithmetic", node, _with(node, op=ARITHMETIC[type(sign)]())
        case ast.IfExp():
            yield "branch", node, _with(node, body=node.orelse, orelse=node.body)


def _constants(node: ast.Constant) -> Iterator[Edit]:
    match node.value:
        case bool(value):
            yield "boolean", node, str(not value)
        case int(value):
            yield "number+1", node, str(value + 1)
            yield "number-1", node, str(value - 1)
        case bytes(value):
            yield "text", node, repr(value + b"?")
        case str(value):
            yield "text", node, repr(value + "?")


def _calls(node: ast.Call) -> Iterator[Edit]:
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        yield "any-all", node.func, NAMES[node.func.id]
    plain = not any(isinstance(one, ast.Starred) for one in node.args[:2])
    if len(node.args) > 1 and plain and ast.unparse(node.func) not in PROVES_NOTHING:
        first, second, *others = node.args
        yield "arguments", node, _with(node, args=[second, first, *others])


def _statements(node: ast.stmt) -> Iterator[Edit]:
    match node:
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield "return", node, "return None"
        case ast.Raise():
            yield "raise", node, "pass"
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Delete():
            yield "statement", node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            yield "statement", node, "pass"


def _blocks(node: ast.stmt) -> Iterator[Edit]:
    match node:
        case ast.If(test=test):
            yield "never", test, "False"
        case ast.Break():
            yield "loop", node, "continue"
        case ast.Continue():
            yield "loop", node, "break"
        case ast.With(items=items):
            for item in items:
                if item.optional_vars is None:
                    yield "with", item.context_expr, NOTHING


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _put(items: list[Any], at: int, item: Any) -> list[Any]:
    return [*items[:at], item, *items[at + 1 :]]


def _with(node: ast.expr, **changed: Any) -> str:
    """The expression with other parts, in brackets, on one line."""
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return f"({ast.unparse(other)})"
