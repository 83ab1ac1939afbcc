"""Works an expression out over answers, with the conversions of XPath 1.0 §3.4, §3.5 and §4.

A tree is looked at once, when its form is loaded, and becomes a function of the answers: one key in a long
form asks for hundreds of expressions. Nothing of a form is ever run as code.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fieldkit.forms.trees import Answer, Binary, Call, Column, Evaluator, Literal, Negative, Result, Tree
from fieldkit.model.values import Value

if TYPE_CHECKING:
    from fieldkit.forms.expressions import Expression

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DIGITS = 15
"""Significant digits of a number written as text: what a double carries for certain."""


COLUMN = "column "
"""Stands before the name of a column among the answers: no question has a space in its name."""


def holds(expression: Expression, answers: Mapping[str, Value], current: Value | None = None) -> bool:
    """Whether an expression is true over some answers; `current` is what `.` stands for.

    Absent answers are ''.
    """
    return to_boolean(expression.worked(answers, current))


def evaluate(tree: Tree, answers: Mapping[str, Value], current: Value | None = None) -> Result:
    """What a tree comes to.

    Total: division by zero is infinite, text that is no number is NaN, as in XPath.
    """
    return evaluator(tree)(answers, current)


def evaluator(tree: Tree) -> Evaluator:
    """What works a tree out over answers, and over what `.` stands for."""
    match tree:
        case Literal():
            said = tree.value
            return lambda answers, current: said
        case Answer():
            name = tree.name
            if not name:
                return lambda answers, current: answer_text(current)
            return lambda answers, current: answer_text(answers.get(name))
        case Column():
            column = COLUMN + tree.name
            return lambda answers, current: answer_text(answers.get(column))
        case Negative():
            of = evaluator(tree.of)
            return lambda answers, current: -to_number(of(answers, current))
        case Binary():
            return _binary(tree.operator, evaluator(tree.left), evaluator(tree.right))
        case Call():
            return _call(tree.function, [evaluator(argument) for argument in tree.arguments])


def answer_text(value: Value | None) -> Result:
    """An answer as an expression sees it.

    Several choices are joined by spaces, an exact count is its number and a range `3-5` with either end
    empty, a repeat the number of its items. A date looks like several choices here, so whoever knows the form
    gives its EDTF alone.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dict):
        exact = value.get("min")
        if type(exact) is int and exact == value.get("max"):
            return float(exact)
        return f"{value.get('min', '')}-{value.get('max', '')}"
    if value and all(isinstance(part, dict) for part in value):
        return float(len(value))
    return " ".join(str(part) for part in value)


def to_boolean(result: Result) -> bool:
    """XPath 1.0 §4.3: a number is true unless zero or NaN, a text unless empty."""
    if isinstance(result, float):
        return bool(result) and not math.isnan(result)
    return bool(result)


def to_number(result: Result) -> float:
    """XPath 1.0 §4.4: text that is no plain decimal number is NaN (`1e3` and `inf` are not numbers here)."""
    if isinstance(result, str):
        if not result:
            return math.nan
        text = result.strip()
        plain = text.removeprefix("-").replace(".", "", 1)
        return float(text) if plain.isascii() and plain.isdigit() else math.nan
    return float(result)


def to_text(result: Result) -> str:
    """XPath 1.0 §4.2: whole numbers are written without a point."""
    if isinstance(result, bool):
        return "true" if result else "false"
    if isinstance(result, float):
        if math.isnan(result):
            return "NaN"
        if math.isinf(result):
            return "Infinity" if result > 0 else "-Infinity"
        return str(int(result)) if result.is_integer() else f"{result:.{_DIGITS}g}"
    return result


def _binary(sign: str, left: Evaluator, right: Evaluator) -> Evaluator:
    if sign == "and":
        return lambda answers, current: (
            to_boolean(left(answers, current)) and to_boolean(right(answers, current))
        )
    if sign == "or":
        return lambda answers, current: (
            to_boolean(left(answers, current)) or to_boolean(right(answers, current))
        )
    if sign == "=":
        return lambda answers, current: _equal(left(answers, current), right(answers, current))
    if sign == "!=":
        return lambda answers, current: not _equal(left(answers, current), right(answers, current))
    if sign in _COMPARE:
        compare = _COMPARE[sign]
        return lambda answers, current: compare(
            to_number(left(answers, current)), to_number(right(answers, current))
        )
    return lambda answers, current: _arithmetic(
        sign, to_number(left(answers, current)), to_number(right(answers, current))
    )


def _equal(left: Result, right: Result) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return left == right


def _arithmetic(sign: str, left: float, right: float) -> float:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if right == 0 or math.isinf(left):
        if (
            sign == "mod"
            or left == 0
            or math.isnan(left)
            or math.isnan(right)
            or (right and math.isinf(right))
        ):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right if sign == "div" else math.fmod(left, right)


def _call(function: str, arguments: list[Evaluator]) -> Evaluator:
    if function == "if":
        condition, one, other = arguments
        return lambda answers, current: (one if to_boolean(condition(answers, current)) else other)(
            answers, current
        )
    work_out = _FUNCTIONS[function]
    return lambda answers, current: work_out(*[argument(answers, current) for argument in arguments])


def _selected(several: Result, code: Result) -> bool:
    return to_text(code).strip() in to_text(several).split()


def _count(of: Result) -> float:
    """Items of a repeat; of a single answer, whether there is one."""
    return of if isinstance(of, float) else float(of != "")


def _round(number: Result, digits: Result = 0.0) -> float:
    """Half is rounded away from zero, as a person does."""
    value, places = to_number(number), to_number(digits)
    if not math.isfinite(value) or not -_DIGITS <= places <= _DIGITS:
        return math.nan
    scale = 10.0 ** int(places)
    scaled = abs(value) * scale
    # Past this every double is whole already, and scaling it would only lose some of it.
    if not scaled < 2.0**52:
        return value
    return math.copysign(math.floor(scaled + 0.5) / scale, value)


def _end(count: Result, which: int) -> float:
    """The least or the most of a count as `answer_text` gives it; NaN where that end is open.

    Functions of our own: XPath has no counts with two ends.
    """
    ends = count.partition("-")[::2] if isinstance(count, str) else (count, count)
    return to_number(ends[which])


def _least(*values: Result) -> float:
    return _chosen(min, values)


def _greatest(*values: Result) -> float:
    return _chosen(max, values)


def _chosen(choose: Callable[[list[float]], float], values: tuple[Result, ...]) -> float:
    """Of the numbers among some answers: what is not answered does not count; NaN without any."""
    numbers = [number for value in values if not math.isnan(number := to_number(value))]
    return choose(numbers) if numbers else math.nan


_FUNCTIONS: dict[str, Callable[..., Result]] = {
    "selected": _selected,
    "count-selected": lambda several: float(len(to_text(several).split())),
    "count": _count,
    "not": lambda value: not to_boolean(value),
    "true": lambda: True,
    "false": lambda: False,
    "number": to_number,
    "string": to_text,
    "string-length": lambda value: float(len(to_text(value))),
    "contains": lambda text, part: to_text(part) in to_text(text),
    "starts-with": lambda text, part: to_text(text).startswith(to_text(part)),
    "coalesce": lambda first, second: first if to_text(first) else second,
    "concat": lambda *parts: "".join(map(to_text, parts)),
    "round": _round,
    "min": _least,
    "max": _greatest,
    "least": lambda count: _end(count, 0),
    "most": lambda count: _end(count, 1),
}
