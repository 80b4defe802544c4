"""What the rows of built-ins say of units, held against the functions themselves."""

import math

import pytest

import penstock
from penstock.builtins import BUILTINS
from penstock.builtins.signature import TIME, signature

SIMPLE = [
    name
    for name, row in BUILTINS.items()
    if row.lower is not None and name not in ("integer", "floor", "ceil", "round") and row.params
]
"""Rows that are formulas of their arguments alone, but those that round to whole numbers of a unit."""


def value(name: str, arguments: list[float]) -> float:
    if name == "if_then_else":
        call = "if {} then {} else {}".format(*arguments)
    elif name == "logical_not":
        call = f"not {arguments[0]}"
    else:
        call = f"{name}({', '.join(map(repr, arguments))})"
    return penstock.simulate(penstock.loads(f"aux y = {call}\ntime 0 to 1 by 1"), engine="vm")["y"][0]


@pytest.mark.parametrize("name", BUILTINS)
def test_every_row_says_how_units_relate(name: str) -> None:
    row = BUILTINS[name]
    assert row.units
    assert len(signature(row.units).params) == len(row.params)


@pytest.mark.parametrize("name", SIMPLE)
def test_values_scale_as_the_units_say(name: str) -> None:
    """In a unit half as large all its numbers are twice as large: a value of units a^p is 2^p times as large."""
    row, rule = BUILTINS[name], signature(BUILTINS[name].units)
    letters = {letter for spec in rule.params for letter, _ in spec or ()} - {TIME}
    count = int(min(row.most, max(3, row.fewest)))
    for position, letter in enumerate(sorted(letters)):
        before = [0.7, 0.4, 0.3, 0.9][:count] if name not in ("quantum", "modulo") else [7.5, 2.0]
        factors = [_power(rule.param(i), letter) for i in range(count)]
        after = [x * 2.0**p for x, p in zip(before, factors, strict=True)]
        power = float(_power(rule.result, letter)) * (before[rule.power] if rule.power is not None else 1.0)
        assert math.isclose(value(name, after), value(name, before) * 2.0**power, rel_tol=1e-12), position


def _power(specification: object, letter: str) -> float:
    return float(dict(specification or ()).get(letter, 0))  # type: ignore[call-overload]


def test_a_row_that_says_too_little_is_refused() -> None:
    for text in ("a, b", "a*b, a -> b", "ab -> ab", "a -> c^2", "a, n -> a"):
        with pytest.raises(AssertionError):
            signature(text)
