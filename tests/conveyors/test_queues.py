"""Queues against a line of batches in plain Python, on both engines with equal bits."""

import math
from collections import deque
from collections.abc import Mapping
from random import Random

import pytest

from conveyors.belts import Conveyor
from conveyors.writing import aux, conveyor, flow, stock, xmile
from modules.running import series

STOP, DT = 8.0, 0.25


def run(*variables: str, dt: float = DT) -> Mapping[str, tuple[float, ...]]:
    return series(xmile(*variables, stop=STOP, dt=dt), "m.xmile")


def test_a_queue_before_a_stock_holds_nothing_back() -> None:
    found = run(
        stock("line", "7", "in", "first, second, over", "<queue/>"),
        flow("in", "10 + TIME"),
        flow("first", "0"),
        flow("second", "0"),
        flow("over", "0", "<overflow/>"),
        stock("served", "0", "first"),
    )
    assert found["first"][0] == 7.0 / DT + 10.0
    assert found["first"][1:] == found["in"][1:]
    assert set(found["second"]) == set(found["over"]) == {0.0}
    assert set(found["line"][1:]) == {0.0}


def test_what_flows_into_a_queue_is_not_below_zero() -> None:
    found = run(
        stock("line", "0", "in", "out", "<queue/>"),
        flow("in", "4 - TIME"),
        flow("out"),
        stock("s", "0", "out"),
    )
    assert min(found["in"]) == 0.0
    assert found["s"][-1] == sum(DT * max(0.0, 4.0 - k * DT) for k in range(32))


def reference(
    like: Conveyor, initial: float, *, single: bool, whole: bool, overflow: bool
) -> dict[str, list[float]]:
    """A queue before a conveyor, batch by batch."""
    line = deque([initial] if initial else [])
    belt = deque([0.0] * like.n)
    used = 0.0
    rows: dict[str, list[float]] = {"line": [], "belt": [], "out": [], "taken": [], "over": [], "count": []}
    for k in range(round(STOP / like.dt) + 1):
        t = k * like.dt
        rows["line"].append(sum(line))
        rows["count"].append(float(len(line)))
        rows["belt"].append(sum(belt))
        entering = (10.0 + 9.0 * math.sin(t)) * like.dt
        if entering > 0.0:
            line.append(entering)
        if abs(t - round(t)) < 1e-6:
            used = 0.0
        out = belt.popleft()
        accepts = max(0.0, min(like.capacity - sum(belt), like.in_limit - used))
        taken = blocked = 0.0
        while line:
            fits = line[0] <= (accepts - taken) * (1 + 1e-9) + 1e-12
            if fits:
                taken += line.popleft()
            else:
                part = 0.0 if whole else accepts - taken
                line[0] -= part
                taken += part
                blocked = line[0] if single else sum(line)
            if single or not fits:
                break
        if overflow and blocked:
            if single:
                line.popleft()
            else:
                line.clear()
        used += taken
        belt.append(taken)
        rows["out"].append(out / like.dt)
        rows["taken"].append(taken / like.dt)
        rows["over"].append(blocked / like.dt if overflow else 0.0)
    return rows


@pytest.mark.parametrize("seed", range(16))
def test_a_queue_waits_for_room_on_the_conveyor_behind_it(seed: int) -> None:
    random = Random(seed)
    single, whole, overflow = bool(seed & 1), bool(seed & 2), bool(seed & 4)
    dt = random.choice([0.25, 0.5])
    like = Conveyor(
        length=dt * random.randrange(2, 8),
        dt=dt,
        capacity=random.uniform(6.0, 20.0),
        in_limit=random.choice([math.inf, random.uniform(3.0, 9.0)]),
        discrete=True,
    )
    initial = random.choice([0.0, random.uniform(1.0, 9.0)])
    options = {"capacity": repr(like.capacity)}
    if like.in_limit < math.inf:
        options["in_limit"] = repr(like.in_limit)
    attributes = f'discrete="true" one_at_a_time="{single}" batch_integrity="{whole}"'.lower()
    found = run(
        stock("line", repr(initial), "in", "taken, over" if overflow else "taken", "<queue/>"),
        flow("in", "10 + 9 * SIN(TIME)"),
        flow("taken", "0"),
        flow("over", "0", "<overflow/>") if overflow else aux("over", "0"),
        stock("belt", "0", "taken", "out", conveyor(repr(like.length), attributes, **options)),
        flow("out"),
        stock("gone", "0", "out, over" if overflow else "out"),
        aux("count", "SIZE(line)"),
        aux("waiting", "SUM(line)"),
        dt=dt,
    )
    expected = reference(like, initial, single=single, whole=whole, overflow=overflow)
    # The two add the same numbers up in another order.
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-9, abs=1e-9), name
    assert found["waiting"] == pytest.approx(found["line"], rel=1e-9, abs=1e-9)
    ever = initial + sum(found["in"][:-1]) * dt
    assert found["line"][-1] + found["belt"][-1] + found["gone"][-1] == pytest.approx(ever, rel=1e-12)


def test_batches_can_be_asked_for_from_the_front() -> None:
    found = run(
        stock("line", "3", "in", "taken", "<queue/>"),
        flow("in", "4 + 4 * TIME"),
        flow("taken", "0"),
        stock("belt", "0", "taken", "out", conveyor("1", 'discrete="true"', capacity="0")),
        flow("out"),
        aux("first", "line[1]"),
        aux("third", "line[3]"),
        aux("most", "MAX(line)"),
    )
    assert set(found["first"]) == {3.0}
    assert math.isnan(found["third"][1])
    assert set(found["third"][2:]) == {1.25}
    assert found["most"][20] == 1.0 + 19 * DT


def test_an_arrested_conveyor_lets_a_queue_grow_and_its_overflow_flow() -> None:
    belt = stock("belt", "0", "taken", "out", conveyor("1", 'discrete="true"', arrest="TIME &lt; 2"))
    line = [flow("in", "4"), flow("taken", "0"), flow("out"), belt]
    waits = run(stock("line", "0", "in", "taken", "<queue/>"), *line)
    assert waits["line"][8] == 8.0
    assert waits["taken"][7:10] == (0.0, 4.0, 4.0)
    flows = run(stock("line", "0", "in", "taken, over", "<queue/>"), *line, flow("over", "0", "<overflow/>"))
    assert flows["over"][:9] == (4.0,) * 8 + (0.0,)
    assert set(flows["line"]) == {0.0}


def test_a_queue_takes_what_a_conveyor_brings() -> None:
    found = run(
        stock("a", "8", "", "between", conveyor("1")),
        flow("between"),
        stock("line", "0", "between", "out", "<queue/>"),
        flow("out"),
        stock("b", "0", "out"),
    )
    assert found["out"] == found["between"] == (8.0,) * 4 + (0.0,) * 29
    assert found["b"][-1] == 8.0
