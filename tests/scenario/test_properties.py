"""Properties: each kind holds where it should, and is violated once, with name, tick and detail, where it should be."""

from __future__ import annotations

import pytest

from penstock.scenario.properties import KINDS
from scenario.scenarios_in_text import COUNTER, PAIR, run

INVARIANT = "[[properties.invariants]]\n"
DROP = '[[events]]\ntrigger = {at_tick = 4}\naction = {kind = "message_drop", duration = 2}\n'
CRASH = '[[events]]\ntrigger = {at_tick = 4}\naction = {kind = "node_crash", role = "B", duration = 4}\n'
LATE = "[network]\nbase_latency_ms = 6\nlatency_variance = 1.0\nreorder_window = 9\n"
SHARES = """
name = "shares"
roles = ["A"]
steps = 12
[role.A]
model = "shares.pen"
initial = [%s]
"""
SHARES_MODEL = "model S\ntime 0 to 99 by 1\nstock One = 0\n  net -0.5 * One\nstock Two = 0\n  net 0.5 * One\n"

CASES = {
    # kind: the property, a scenario that keeps it, one that does not, the tick and words of the violation
    "no_faults": ("", PAIR, PAIR + DROP, 4, "1 faults"),
    "simplex": ("", SHARES % "0.25, 0.75", SHARES % "0.5, 0.75", 0, "stocks of A add up to 1.25"),
    "finite": ("", PAIR, PAIR.replace("counter.pen", "grows.pen", 1), 4, "A has a value"),
    "nonneg": ('variable = "A.Tick"\n', PAIR, PAIR.replace("counter.pen", "falls.pen", 1), 3, "A.Tick is -1"),
    "range": (
        'variable = "B.heard"\nlow = 0\nhigh = 11.5\n',
        PAIR,
        PAIR.replace("steps = 12", "steps = 14"),
        13,
        "12, not from 0 to 11.5",
    ),
    "monotone": ('variable = "A.Tick"\n', PAIR, PAIR.replace("counter.pen", "falls.pen", 1), 1, "from 2 to 1"),
    "conserved": (
        'predicate = "A.Tick - B.Tick"\ntolerance = 0\n',
        PAIR,
        PAIR + CRASH,
        4,
        "A.Tick - B.Tick was 0 and is 1",
    ),
    "always": ('predicate = "A.Tick = tick and no_faults"\n', PAIR, PAIR + DROP, 4, "no_faults is 0"),
    "fifo": ('link = "A->B"\n', PAIR, PAIR.replace("steps = 12", "steps = 99") + LATE, None, "arrived after"),
    "buffer_bound": ("bound = 2\n", PAIR, PAIR + CRASH, 6, "3 messages wait on A->B"),
    "send_recv_liveness": ("bound = 3\n", PAIR, PAIR + DROP, 8, "a message of tick 4"),
    "type_monotonicity": ("", PAIR, None, None, ""),
    "engine_parity": ("", PAIR, None, None, ""),
    "amplification": (
        'variable = "A.Tick"\nother = "B.Taken"\nmost = 2\n',
        PAIR.replace("steps = 12", "steps = 5"),
        PAIR,
        6,
        "B.Taken has swung by 15, A.Tick by 6",
    ),
}  # fmt: skip

TEXTS = {
    "counter.pen": COUNTER,
    "falls.pen": COUNTER.replace("= 0\n  net 1", "= 2\n  net -1"),
    "grows.pen": COUNTER.replace("stock Taken = 0\n  net heard", "stock Taken = 0\n  net 1 / (Tick - 3)"),
    "shares.pen": SHARES_MODEL,
}


def with_property(text: str, kind: str, rows: str) -> str:
    return f'{text}{INVARIANT}kind = "{kind}"\n{rows}'


@pytest.mark.parametrize("kind", CASES)
def test_a_property_holds_where_it_should(kind: str) -> None:
    rows, good, *_ = CASES[kind]
    assert run(with_property(good, kind, rows), texts=TEXTS).ok


@pytest.mark.parametrize("kind", [kind for kind, row in CASES.items() if row[2]])
def test_a_violation_is_reported_once_with_name_tick_and_detail(kind: str) -> None:
    rows, _, bad, tick, words = CASES[kind]
    (found,) = run(with_property(bad, kind, rows), texts=TEXTS).violations
    assert found.name.startswith(kind)
    assert words in found.details
    assert tick is None or found.tick == tick


def test_every_kind_has_its_case() -> None:
    assert set(CASES) | {"liveness"} == set(KINDS)


def test_engine_parity_is_violated_where_the_engines_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.scenario.roles import ModelRole

    recorded = ModelRole.recorded

    def with_a_fault(self: ModelRole) -> tuple[float, ...]:
        values = recorded(self)
        return (-0.0, *values[1:]) if self.spec.engine == "vm" and values[0] == 0.0 else values

    monkeypatch.setattr(ModelRole, "recorded", with_a_fault)
    (found,) = run(with_property(PAIR, "engine_parity", ""), texts=TEXTS).violations
    assert (found.tick, found.details) == (0, "the engines differ on A, B")


LIVENESS = """[[properties.liveness]]
name = "answers"
precondition = "A.Tick >= 3"
goal = "B.heard >= 7"
bound = %d
"""


@pytest.mark.parametrize(("bound", "ok"), [(5, True), (4, False)])
def test_a_window_opens_with_the_precondition_and_closes_with_the_goal(bound: int, ok: bool) -> None:
    # A.Tick is 3 after round 3; B hears 7 in round 8.
    result = run(PAIR + LIVENESS % bound, texts=TEXTS)
    assert result.ok is ok
    if not ok:
        assert (result.violations[0].name, result.violations[0].tick) == ("answers", 8 - 1 + 1)


def test_the_distance_to_equilibrium_is_that_of_the_role_farthest_from_equal_shares() -> None:
    text = (SHARES % "1.0, 0.0").replace("steps = 12", "steps = 1")
    rows = 'predicate = "abs(distance_to_equilibrium - %s) < 1e-15 or tick > 0"\n'
    assert run(with_property(text, "always", rows % repr(0.5**0.5)), texts=TEXTS).ok
    assert not run(with_property(text, "always", rows % "0.7"), texts=TEXTS).ok
