"""Initial values are the same whether `initials` computes them or leaves them to `evaluate`."""

import pytest

from engine.programs import runs
from penstock.compiler import compile_text
from penstock.ir import Do
from penstock.passes import optimised, started
from penstock.program import Program

STARTS = {"rows[a]": 1, "rows[b]": 2, "S1": 3, "S2": 7, "S3": 15, "S4": 20, "S5": 31}
CHAIN = """\
time 0 to 10 by 0.5
dim Rows = a, b
stock S0 = 1
  in drift
aux a0 = S0 * 2
stock S1 = a0 + 1
  in drift
aux a1 = S1 * 2
stock S2 = a1 + 1
  in drift
aux wish = S2 * late initially 5
stock S3 = wish * 3
  in drift
aux seen = S3 + wish
stock S4 = seen
  in drift
stock rows[Rows] = x[Rows]
  net drift
aux x[a] = S0
aux x[b] = rows[a] + 1
stock S5 = sum(x[*]) + S2 * 4
  in drift
aux late = S5 + time
flow drift = late / 1000
"""


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are worth while however little they stand for."""
    for name, least in {"_LEAST": 1, "_CALL": 0, "_SHARE": 1}.items():
        monkeypatch.setattr(started, name, least)


def calls(program: Program) -> int:
    return sum(isinstance(statement, Do) for statement in program.initials.body)


@pytest.mark.usefixtures("eager")
def test_values_that_follow_from_each_other_are_there_after_some_calls() -> None:
    program = compile_text(CHAIN, "chain.pen").program
    assert not calls(program)
    assert calls(optimised(program)) == 2  # for a0, and for a1, which waits for a stock that waits for a0
    for engine, columns in runs(program).items():
        for row in program.variables:
            for number in range(2 if row.get("dims") else 1):
                name = f"{row['name']}[{'ab'[number]}]" if row.get("dims") else row["name"]
                if name in STARTS:
                    assert columns[row["column"] + number][0] == STARTS[name], (engine, name)


@pytest.mark.usefixtures("eager")
def test_an_initial_equation_counts_at_the_start_only() -> None:
    program = compile_text(CHAIN, "chain.pen").program
    wish, stock, late = (
        next(row["column"] for row in program.variables if row["name"] == name)
        for name in ("wish", "S2", "late")
    )
    for columns in runs(program).values():
        assert columns[wish] == [a * b for a, b in zip(columns[stock], columns[late], strict=True)]


KEPT_ALONE = [
    ("short", CHAIN),
    ("a clock that varies", CHAIN.replace("by 0.5", "by pace") + "aux pace = if S1 > 0 then 0.5 else 0.25\n"),
]


@pytest.mark.parametrize(("why", "text"), KEPT_ALONE)
def test_initial_values_stay_whole_where_calls_do_not_pay_or_are_not_safe(
    why: str, text: str, request: pytest.FixtureRequest
) -> None:
    if why != "short":
        request.getfixturevalue("eager")
    assert not calls(optimised(compile_text(text, "chain.pen").program))
