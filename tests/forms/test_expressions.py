"""Expressions: read, worked out, refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.forms.evaluation import _FUNCTIONS, evaluate, holds, to_text
from fieldkit.forms.expressions import FUNCTIONS, MAX_EXPRESSION_DEPTH, ExpressionError, parse_expression
from fieldkit.forms.trees import Result
from fieldkit.model.values import Answers

ANSWERS: Answers = {
    "kind": ["arrest", "killing"],
    "act": "arrest",
    "age": 30,
    "killed": {"min": 3},
    "note": "at the mill",
    "victims": [{"vic": "V1"}, {"vic": "V2"}],
    "named": True,
}

CASES: list[tuple[str, Result]] = [
    ("${act} = 'arrest'", True),
    ('${act} != "arrest"', False),
    ("${absent} = ''", True),
    ("${absent} != ''", False),
    ("${killed} != ''", True),
    ("selected(${kind}, 'killing')", True),
    ("selected(${kind}, 'kill')", False),
    ("count-selected(${kind})", 2.0),
    ("count(${victims})", 2.0),
    ("count(${act})", 1.0),
    ("count(${absent})", 0.0),
    ("${age} > 18 and ${age} < 65", True),
    ("${age} >= 31 or ${age} <= 29", False),
    ("not(${age} = 30)", False),
    ("1 + 2 * 3", 7.0),
    ("(1 + 2) * 3", 9.0),
    ("10 - 4 - 3", 3.0),
    ("7 div 2", 3.5),
    ("7 mod 3", 1.0),
    ("-7 mod 3", -1.0),
    ("- -2", 2.0),
    ("1 div 0", math.inf),
    ("-1 div 0", -math.inf),
    ("2 < 10", True),
    ("'2' < '10'", True),
    ("'a' < 1", False),
    ("'1e3' = 1000", False),
    ("${age} = '30'", True),
    ("1 = 1 = 1", True),
    ("true() or false()", True),
    ("false() and true()", False),
    ("true() and false() or true()", True),
    ("number('4') + 1", 5.0),
    ("string(3)", "3"),
    ("string(7 div 2)", "3.5"),
    ("string(true())", "true"),
    ("string(0 div 0)", "NaN"),
    ("string(-1 div 0)", "-Infinity"),
    ("string-length(${note})", 11.0),
    ("contains(${note}, 'mill')", True),
    ("starts-with(${note}, 'at')", True),
    ("coalesce(${absent}, 'x')", "x"),
    ("coalesce(${act}, 'x')", "arrest"),
    ("if(${age} > 18, 'adult', 'child')", "adult"),
    ("${named} = 'yes'", True),
    (". >= 0", True),
    ("${a_b.c-d} = ''", True),
    ("least('3-5')", 3.0),
    ("most('3-5')", 5.0),
    ("least('26-') > most('0-5')", True),
    ("least('-5') > most(3)", False),
    ("least(26) > most('3-')", False),
    ("most(4)", 4.0),
    ("least('') > most('')", False),
]


@pytest.mark.parametrize(("text", "result"), CASES)
def test_results(text: str, result: Result) -> None:
    """Each expression comes to what XPath 1.0 says."""
    assert evaluate(parse_expression(text).tree, ANSWERS, 5) == result


@pytest.mark.parametrize("text", ["0 div 0", "1 mod 0", "number('x')", "number('')", "0 div 0 + 1"])
def test_no_number(text: str) -> None:
    """What is no number is NaN, never an error."""
    assert to_text(evaluate(parse_expression(text).tree, {})) == "NaN"


REFUSED = [
    ("", "too early"),
    ("1 +", "too early"),
    ("(1", r"expected '\)'"),
    ("1 2", "did not expect '2'"),
    ("${}", "cannot read"),
    ("${a", "cannot read"),
    ("'open", "cannot read"),
    ("system('x')", "no function 'system'"),
    ("selected(1)", "takes 2 to 2"),
    ("selected(1 2)", "expected ','"),
    ("not", "expected"),
    ("a/b", "cannot read"),
    ("__import__('os')", "no function"),
    ("(" * (MAX_EXPRESSION_DEPTH + 2) + "1", "deep"),
    ("-" * (MAX_EXPRESSION_DEPTH + 2) + "1", "deep"),
    ("1" + "+1" * 300, "pieces"),
    ("'" + "x" * 3_000 + "'", "characters"),
    ("1 and", "too early"),
    (")", r"did not expect '\)'"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_refused(text: str, why: str) -> None:
    """An expression that cannot be read says where."""
    with pytest.raises(ExpressionError, match=why):
        parse_expression(text)


@given(st.text(alphabet="${}ab'\"()<>=!+-*., 1.andorivmselct", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but ExpressionError comes out of reading, and nothing at all out of working out."""
    try:
        expression = parse_expression(text)
    except ExpressionError:
        return
    assert holds(expression, ANSWERS, "x") in (True, False)


def test_the_longest_chain_can_be_worked_out() -> None:
    """The bound on pieces keeps the stack small."""
    assert evaluate(parse_expression("1" + "+1" * 199).tree, {}) == 200.0


def test_names_asked_for() -> None:
    """A form can be checked for answers that do not exist."""
    assert parse_expression("${a} = 1 and not(${b} = ${a})").names == {"a", "b"}


def test_every_function_that_parses_is_worked_out() -> None:
    """The two tables agree; `if` chooses before it works out."""
    assert set(_FUNCTIONS) | {"if"} == set(FUNCTIONS)
