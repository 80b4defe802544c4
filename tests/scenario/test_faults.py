"""Faults: every kind under every trigger, how they end, and what they do to a message."""

from __future__ import annotations

import pytest

from scenario.scenarios_in_text import PAIR, begun, heard, run

TRIGGERS = {
    "immediate": "{immediate = true}",
    "at_tick": "{at_tick = 4}",
    "after_step": "{after_step = 3}",
    "random": "{random = 1.0}",
    "on_event": '{on_event = {kind = "received", role = "B"}}',
}
"""Each with what makes it fire in the round that `FIRES` says."""

# After three steps is before round 4; the first message is received in round 1, which round 2 learns.
FIRES = {"immediate": 1, "at_tick": 4, "after_step": 4, "random": 1, "on_event": 2}

ACTIONS = {
    "message_drop": 'kind = "message_drop", probability = 1.0',
    "message_delay": 'kind = "message_delay", ticks = 2',
    "message_corruption": 'kind = "message_corruption"',
    "node_crash": 'kind = "node_crash", role = "A"',
    "network_partition": 'kind = "network_partition", groups = [["A"]]',
}


def expected(kind: str, first: int) -> list[float]:
    """What B hears in rounds 1 to 8 when a fault acts in rounds `first` and the one after it.

    Without faults round n hears n - 1, which was sent in round n - 1. A round's fault strikes what that round sends.
    """
    sent: dict[int, list[float]] = {}
    ticks = 0
    for n in range(13):
        struck = first <= n < first + 2
        if n and not (struck and kind == "node_crash"):
            ticks += 1
        if struck and kind in ("message_drop", "network_partition", "node_crash"):
            continue
        value = -float(ticks) if struck and kind == "message_corruption" else float(ticks)
        # Those sent while others are parked wait behind them.
        arrives = n + 1 + (2 if struck and kind == "message_delay" else 0)
        if kind == "message_delay" and n > first:
            arrives = max(arrives, min(first + 1, n) + 3)
        sent.setdefault(arrives, []).append(value)
    seen, last = [], 0.0
    for n in range(1, 9):
        last = sent[n][-1] if n in sent else last
        seen.append(last)
    return seen


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("kind", ACTIONS)
def test_each_kind_of_fault_begins_with_each_trigger_and_ends(kind: str, trigger: str) -> None:
    row = f"[[events]]\ntrigger = {TRIGGERS[trigger]}\naction = {{{ACTIONS[kind]}, duration = 2}}\n"
    result = run(PAIR + row)
    assert heard(result)[1:9] == expected(kind, FIRES[trigger])
    assert result.stats["events"]["faulted"] == 1


def test_a_fault_without_a_duration_stays_and_no_trigger_is_at_once() -> None:
    result = run(PAIR + '[[events]]\naction = {kind = "message_drop"}\n')
    # The first message leaves before the first round.
    assert heard(result)[1:] == [0.0] * 12


def test_faults_wait_while_as_many_as_may_be_are_active() -> None:
    rows = "".join(
        f'[[events]]\naction = {{kind = "message_delay", ticks = {n}, duration = 2}}\n' for n in (1, 2, 3)
    )
    run_ = begun(PAIR.replace("steps = 12", "steps = 12\nmax_concurrent = 1") + rows)
    active = []
    for _ in range(7):
        run_.round()
        active.append(sorted(run_.faults.active))
    assert active == [[0], [0], [1], [1], [2], [2], []]


def test_probabilities_of_several_combine() -> None:
    rows = '[[events]]\naction = {kind = "message_drop", probability = 0.5}\n' * 2
    result = run(PAIR.replace("steps = 12", "steps = 900") + rows)
    lost = sum(line.outcome == "dropped" for line in result.transcript)
    assert abs(lost - 900 * 0.75) < 4 * (900 * 0.75 * 0.25) ** 0.5


def test_the_longest_of_several_delays_counts() -> None:
    rows = "".join(f'[[events]]\naction = {{kind = "message_delay", ticks = {n}}}\n' for n in (1, 4, 2))
    assert heard(run(PAIR + rows))[1:9] == [0, 0, 0, 0, 0, 1, 2, 3]


def test_a_stuck_value_is_the_one_before_it_and_noise_has_its_deviation() -> None:
    action = '{kind = "message_corruption", mode = "stuck", duration = 1}'
    stuck = f"[[events]]\ntrigger = {{at_tick = 4}}\naction = {action}\n"
    assert heard(run(PAIR + stuck))[1:8] == [0, 1, 2, 3, 3, 5, 6]
    noise = '[[events]]\naction = {kind = "message_corruption", mode = "noise", sigma = 3.0}\n'
    result = run(PAIR.replace("steps = 12", "steps = 900") + noise)
    errors = [value - n for n, value in enumerate(heard(result)[2:], 1)]
    mean = sum(errors) / len(errors)
    deviation = (sum((e - mean) ** 2 for e in errors) / len(errors)) ** 0.5
    assert abs(mean) < 4 * 3 / 900**0.5
    assert abs(deviation - 3.0) < 4 * 3 / (2 * 900) ** 0.5


def test_messages_to_a_crashed_role_wait_and_arrive_in_order_when_it_is_back() -> None:
    text = PAIR.replace('in = "heard"', 'in = "heard"\nkind = "order"')
    crash = '[[events]]\ntrigger = {at_tick = 3}\naction = {kind = "node_crash", role = "B", duration = 3}\n'
    fifo = '[[properties.invariants]]\nkind = "fifo"\nlink = "A->B"\n'
    result = run(text + crash + fifo)
    # Rounds 3 to 5 do not happen for B; round 6 takes what was sent in 2 to 5.
    assert heard(result)[1:9] == [0, 1, 1, 1, 1, 2 + 3 + 4 + 5, 6, 7]
    assert result.trace.series("B", "Tick")[-1] == 12 - 3
    assert result.ok


def test_a_run_ends_when_nothing_can_happen_any_more() -> None:
    rows = "".join(f'[[events]]\naction = {{kind = "node_crash", role = "{role}"}}\n' for role in "AB")
    assert run(PAIR + rows).stats["final_tick"] == 1


def test_those_whom_a_partition_does_not_name_hear_each_other() -> None:
    text = """
name = "three"
roles = ["A", "B", "C"]
steps = 4
[role.A]
model = "counter.pen"
[role.B]
model = "counter.pen"
outputs = ["heard"]
[role.C]
model = "counter.pen"
outputs = ["heard"]
[[couplings]]
from = "A"
out = "Tick"
to = "B"
in = "heard"
[[couplings]]
from = "B"
out = "Tick"
to = "C"
in = "heard"
[[events]]
action = {kind = "network_partition", groups = [["A"]], duration = 9}
"""
    result = run(text)
    assert heard(result)[1:] == [0.0] * 4  # what A was at the beginning had left before
    assert heard(result, "C")[1:] == [0, 1, 2, 3]
