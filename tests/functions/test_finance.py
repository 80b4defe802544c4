"""Stella's financial functions, against its manual's example and the equation that they solve."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from functions.models_in_text import run


def value(call: str) -> float:
    text = f"time 0 to 1\nconst zero = 0\naux a = {call} + zero * Time\n"
    return run(text, "a")["a"][0]


def test_the_loan_of_the_manual_costs_332_14_a_month():
    assert value("pmt(0.01, 36, 10000, 0)") == pytest.approx(-332.14, abs=0.005)


@settings(max_examples=8)
@given(
    some.floats(0.001, 0.5) | some.just(0.0),
    some.integers(1, 60),
    some.floats(-1e4, 1e4),
    some.floats(-1e4, 1e4),
)
def test_each_function_solves_the_same_equation(rate, periods, present, future):
    payment = value(f"pmt({rate!r}, {periods}, {present!r}, {future!r})")
    balance = present  # an account, period by period, without the closed form
    for _ in range(periods):
        balance = balance * (1 + rate) + payment
    size = max(abs(present), abs(future), abs(payment)) * (1 + rate) ** periods * periods
    assert balance == pytest.approx(-future, abs=1e-12 * size)
    again = value(f"fv({rate!r}, {periods}, {payment!r}, {present!r})")
    assert again == pytest.approx(future, abs=1e-12 * size)
    then = value(f"pv({rate!r}, {periods}, {payment!r}, {future!r})")
    assert then == pytest.approx(present, abs=1e-12 * size)
