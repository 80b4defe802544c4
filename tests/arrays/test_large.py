"""A hundred thousand elements: compiled to loops in seconds, and run on both engines."""

import time

import pytest

from arrays.both import CLOCK
from penstock.compiler import compile_text
from penstock.hosts.wasmtime import Instance
from penstock.ir import Store, statements
from penstock.vm import Machine

SIZE = 100_000

MODEL = (
    f"""{{UTF-8}}
d: (e1-e{SIZE}) ~~|
rest: (e2-e{SIZE}) -> before ~~|
before: (e1-e{SIZE - 1}) -> rest ~~|
x[e1] = 1 ~~|
x[rest] = x[before] * 0.5 + y[rest] ~~|
y[e1] = 2 ~~|
y[rest] = x[before] * 0.25 + 1 ~~|
stock[d] = INTEG(x[d] - stock[d] / 5, d) ~~|
total = SUM(stock[d!]) ~~|
"""
    + CLOCK
)


def _expected() -> list[float]:
    x = [1.0]
    for _ in range(SIZE - 1):
        x.append(x[-1] * 0.5 + (x[-1] * 0.25 + 1))
    stocks = [float(number) for number in range(1, SIZE + 1)]
    totals = []
    for _ in range(4):
        total = 0.0
        for stock in stocks:
            total += stock
        totals.append(total)
        stocks = [stock + (inflow - stock / 5) for stock, inflow in zip(stocks, x, strict=True)]
    return totals


@pytest.mark.long
def test_a_hundred_thousand_elements_stay_loops_and_run_on_both_engines() -> None:
    begun = time.monotonic()
    compiled = compile_text(MODEL, "large.mdl")
    blob = compiled.blob
    assert time.monotonic() - begun < 20  # some 3 s on an idle machine; quadratic work takes minutes
    stores = [s for s in statements(compiled.program.evaluate.body) if isinstance(s, Store)]
    assert len(stores) < 20
    column = next(row["column"] for row in compiled.program.variables if row["name"] == "total")
    expected = _expected()
    for engine in (Machine(compiled.program), Instance(compiled.program, blob)):
        engine.run()
        assert list(engine.column(column)) == expected
