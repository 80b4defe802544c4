"""Conveyors against lots of material followed one by one, on both engines with equal bits."""

import math
import statistics
from collections.abc import Mapping, Sequence
from random import Random

import pytest

from conveyors.belts import Conveyor, Rate, Rows, simulate
from conveyors.writing import aux, conveyor, flow, leak, stock, xmile
from modules.running import series
from penstock.compiler import compile_text
from penstock.run import Simulation

STOP = 8.0


def constant(value: float) -> Rate:
    return lambda t: value


def wave(t: float) -> float:
    return 10.0 + 9.0 * math.sin(t)


def run(
    *variables: str, stop: float = STOP, dt: float = 0.25, dims: str = ""
) -> Mapping[str, tuple[float, ...]]:
    return series(xmile(*variables, stop=stop, dt=dt, dims=dims), "m.xmile")


def belt(like: Conveyor, inflows: Sequence[str], attributes: str = "", **options: str) -> list[str]:
    """A model with a conveyor, all that leaves it collected in stocks."""
    names = [f"in {number}" for number in range(len(inflows))]
    leaks = [f"leak {number}" for number in range(len(like.leaks))]
    if like.capacity < math.inf:
        options["capacity"] = repr(like.capacity)
    if like.in_limit < math.inf:
        options["in_limit"] = repr(like.in_limit)
    flags = {"discrete": like.discrete, "exponential_leak": like.exponential}
    attributes += " ".join(f'{key}="{str(flag).lower()}"' for key, flag in flags.items())
    kind = conveyor(repr(like.length), attributes, **options)
    return [
        stock("belt", repr(like.initial), ",".join(names), ",".join(["out", *leaks]), kind),
        *(flow(name, equation) for name, equation in zip(names, inflows, strict=True)),
        flow("out"),
        *(leak(name, *row) for name, row in zip(leaks, like.leaks, strict=True)),
        *(stock(f"got {name}", "0", name) for name in ["out", *leaks]),
        aux("on slats", "SUM(belt)"),
    ]


def check(found: Mapping[str, Sequence[float]], expected: Rows) -> None:
    # The two add the same numbers up in another order.
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-9, abs=1e-9), name
    assert found["on slats"] == pytest.approx(found["belt"], rel=1e-9, abs=1e-9)


def test_what_enters_leaves_after_the_transit_time() -> None:
    found = run(*belt(Conveyor(2.0, 0.25), ["10 + 3 * TIME"]))
    assert found["out"][:8] == (0.0,) * 8
    assert found["out"][8:] == found["in 0"][:-8]


def test_a_steady_belt_stays_as_it_is() -> None:
    found = run(*belt(Conveyor(4.0, 0.25, 1000.0), ["250"]))
    assert set(found["belt"]) == {1000.0}
    assert set(found["out"]) == {250.0}


def test_an_initial_value_is_spread_as_a_constant_inflow_would_have_spread_it() -> None:
    # A linear leak over the whole belt: n slats of E*(1 - f*j/n), j = 0 … n-1, from the entry.
    n, f, rate, dt = 16, 0.2, 250.0, 0.25
    steady = rate * dt * sum(1 - f * j / n for j in range(n))
    found = run(*belt(Conveyor(4.0, dt, steady, [(f, 0.0, 1.0)]), ["250"]))
    assert found["belt"] == pytest.approx([steady] * len(found["belt"]), rel=1e-12)
    assert found["out"] == pytest.approx([rate * (1 - f)] * len(found["out"]), rel=1e-12)
    assert found["leak 0"] == pytest.approx([rate * f] * len(found["out"]), rel=1e-12)


def test_an_exponential_leak_takes_a_share_of_what_is_there() -> None:
    n, f, rate, dt = 16, 0.1, 250.0, 0.25
    steady = rate * dt * sum((1 - f * dt) ** j for j in range(n))
    found = run(*belt(Conveyor(4.0, dt, steady, [(f, 0.0, 1.0)], exponential=True), ["250"]))
    assert found["out"] == pytest.approx([rate * (1 - f * dt) ** n] * len(found["out"]), rel=1e-12)


def test_a_transit_time_between_two_steps_is_rounded() -> None:
    for length, slats in ((1.1, 4), (1.125, 5), (0.01, 1)):
        found = run(*belt(Conveyor(length, 0.25), ["1"]), aux("slats", "SIZE(belt)"))
        assert set(found["slats"]) == {float(slats)}


def lots(transit: Rate, rate: Rate, initial: float, dt: float = 0.25, stop: float = STOP) -> list[float]:
    """What leaves where each lot is due after the transit time that held when it entered."""
    due: dict[int, float] = {}
    first = math.floor(transit(0.0) / dt + 0.5)
    for slat in range(first):
        due[slat] = initial / first
    left = []
    for step in range(round(stop / dt) + 1):
        left.append(due.pop(step, 0.0) / dt)
        after = step + max(1, math.floor(transit(step * dt) / dt + 0.5))
        due[after] = due.get(after, 0.0) + rate(step * dt) * dt
    return left


TRANSITS: dict[str, Rate] = {
    "2 + TIME / 3": lambda t: 2 + t / 3,
    "5 - TIME / 2": lambda t: 5 - t / 2,  # later lots overtake, and join others
    "3 - TIME": lambda t: 3 - t,  # a time step at least
    "2 + 1.5 * SIN(2 * TIME)": lambda t: 2 + 1.5 * math.sin(2 * t),
    "40 - TIME": lambda t: 40 - t,
}


@pytest.mark.parametrize("transit", TRANSITS)
def test_a_lot_keeps_the_transit_time_that_held_when_it_entered(transit: str) -> None:
    found = run(
        stock("belt", "8", "in", "out", conveyor("transit")),
        *(flow("in", "10 + 9 * SIN(TIME)"), flow("out"), aux("transit", transit)),
        stock("got", "0", "out"),
    )
    assert found["out"] == pytest.approx(lots(TRANSITS[transit], wave, 8.0), abs=1e-12)
    entered = [sum(found["in"][:step]) * 0.25 for step in range(33)]
    for step in range(33):
        assert found["belt"][step] + found["got"][step] == pytest.approx(8.0 + entered[step], rel=1e-12)


def test_a_transit_time_that_is_sampled_holds_until_the_next_sample() -> None:
    at = "IF TIME = 2 OR TIME = 5 THEN 1 ELSE 0"
    found = run(
        stock("belt", "8", "in", "out", conveyor("1 + TIME / 2", sample=at)), flow("in", "3"), flow("out")
    )
    expected = lots(lambda t: 1.0 if t < 2 else 2.0 if t < 5 else 3.5, constant(3.0), 8.0)
    assert found["out"] == pytest.approx(expected, abs=1e-12)


def test_the_conveyors_of_an_array_change_each_on_its_own() -> None:
    dims = '<dimensions><dim name="D" size="2"/></dimensions>'
    kind = conveyor("D + TIME / 4", capacity="INF") + '<dimensions><dim name="D"/></dimensions>'
    of = '<dimensions><dim name="D"/></dimensions>'
    found = run(
        stock("belt", "8", "in", "out", kind), flow("in", "3 * D", of), flow("out", "", of), dims=dims
    )
    for element in (1, 2):
        expected = lots(lambda t, d=element: d + t / 4, constant(3.0 * element), 8.0)  # type: ignore[misc]
        assert found[f"out[{element}]"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(24))
def test_conveyors_move_like_lots_that_are_followed_one_by_one(seed: int) -> None:
    random = Random(seed)
    dt = random.choice([0.125, 0.25, 0.5, 0.1])
    leaks = [
        (
            random.uniform(0.0, 0.9),
            *sorted((random.choice([0.0, random.random()]), random.choice([1.0, random.random()]))),
        )
        for _ in range(random.randrange(4))
    ]
    like = Conveyor(
        length=dt * random.randrange(1, 12),
        dt=dt,
        initial=random.choice([0.0, random.uniform(0.0, 60.0)]),
        leaks=leaks,
        exponential=seed % 3 == 0,
        capacity=random.choice([math.inf, random.uniform(5.0, 40.0)]),
        in_limit=random.choice([math.inf, random.uniform(2.0, 20.0)]),
        discrete=seed % 2 == 0,
    )
    second = random.uniform(-2.0, 6.0)
    found = run(*belt(like, ["10 + 9 * SIN(TIME)", repr(second)]), dt=dt)
    check(found, simulate(like, [wave, constant(second)], STOP))
    entered = sum(found["in 0"][:-1] + found["in 1"][:-1]) * dt
    left = sum(found[f"got {name}"][-1] for name in ["out", *(f"leak {k}" for k in range(len(leaks)))])
    # All that was ever there is on the belt or has left it, but for rounding.
    assert found["belt"][-1] + left == pytest.approx(like.initial + entered, rel=1e-12)
    assert min(found["out"] + found["in 0"] + found["in 1"]) >= 0.0


def test_leaks_find_no_more_than_there_is_and_the_first_comes_first() -> None:
    like = Conveyor(2.0, 0.25, 12.0, [(0.8, 0.0, 1.0), (0.7, 0.0, 1.0)])
    found = run(*belt(like, ["10 + 9 * SIN(TIME)"]))
    check(found, simulate(like, [wave], STOP))
    assert max(found["out"][8:]) == pytest.approx(0.0, abs=1e-12)


def test_a_leak_fraction_may_change_and_be_written_in_the_leak() -> None:
    model = xmile(
        stock("belt", "0", "in", "out, lost", conveyor("1")),
        flow("in", "8"),
        flow("out"),
        flow("lost", "99", "<leak>IF TIME &gt; 3.9 THEN 0 ELSE 0.5</leak>"),
    )
    found = series(model, "m.xmile")
    assert found["out"][6] == 4.0
    assert found["lost"][6] == 4.0
    assert found["lost"][20:] == (0.0,) * 13
    assert found["out"][20:] == (8.0,) * 13


def test_unmarked_outflows_after_the_first_are_leaks() -> None:
    marked = [stock("belt", "10", "in", "out, lost", conveyor("2")), flow("in", "8"), flow("out")]
    assert run(*marked, flow("lost", "0.25")) == run(*marked, flow("lost", "0.25", "<leak/>"))


def test_what_a_full_conveyor_cannot_take_stays_in_the_stock_before_it() -> None:
    found = run(
        stock("before", "100", "", "in", "<non_negative/>"),
        stock("belt", "0", "in", "out", conveyor("2", capacity="12")),
        flow("in", "20"),
        flow("out"),
        stock("after", "0", "out"),
    )
    assert max(found["belt"]) == 12.0
    for before, on, after in zip(found["before"], found["belt"], found["after"], strict=True):
        assert before + on + after == 100.0
    assert found["before"][-1] < 100.0 - 12.0


def test_what_another_conveyor_brings_is_always_let_in() -> None:
    found = run(
        stock("a", "500", "", "between", conveyor("2")),
        stock("b", "0", "between", "out", conveyor("4", capacity="100", in_limit="1")),
        flow("between"),
        flow("out"),
        stock("after", "0", "out"),
    )
    assert max(found["b"]) == 500.0
    assert found["after"][-1] == 500.0


def test_two_conveyors_in_a_circle_keep_what_they_hold() -> None:
    found = run(
        stock("a", "8", "back", "there", conveyor("1")),
        stock("b", "0", "there", "back", conveyor("0.5")),
        flow("there"),
        flow("back"),
    )
    assert {x + y for x, y in zip(found["a"], found["b"], strict=True)} == {8.0}
    assert found["a"][:7] == (8.0, 6.0, 4.0, 4.0, 4.0, 6.0, 8.0)
    assert found["there"][:4] == (8.0,) * 4


def test_an_arrested_conveyor_stands_still_and_holds_what_leads_to_it() -> None:
    found = (
        run(
            stock("a", "500", "", "between", conveyor("2")),
            stock("b", "0", "between, in", "out", conveyor("4", arrest="TIME &gt;= 1 AND TIME &lt; 2")),
            flow("between"),
            flow("in", "40"),
            flow("out"),
            stock("after", "0", "out, b"),
        )
        if False
        else run(
            stock("a", "500", "", "between", conveyor("2")),
            stock("b", "0", "between, in", "out", conveyor("4", arrest="TIME &gt;= 1 AND TIME &lt; 2")),
            flow("between"),
            flow("in", "40"),
            flow("out"),
            stock("after", "0", "out"),
        )
    )
    assert found["between"][:4] == (250.0,) * 4
    assert found["between"][4:8] == (0.0,) * 4
    assert found["between"][8] == 1000.0
    assert found["in"][3:9] == (40.0, 0.0, 0.0, 0.0, 0.0, 40.0)
    assert found["a"][4:9] == (250.0,) * 5
    assert found["b"][4:9] == (290.0,) * 5
    # What entered b in the first step stays 4 there, and the time that it stood still.
    assert found["out"][16:21] == (0.0, 0.0, 0.0, 0.0, 290.0)
    for k, on in enumerate(found["b"]):
        entered = 500.0 + sum(found["in"][:k]) * 0.25
        assert found["a"][k] + on + found["after"][k] == pytest.approx(entered, rel=1e-12)


def test_equations_may_ask_what_is_on_the_slats() -> None:
    rows = simulate(Conveyor(1.0, 0.25), [wave], STOP)
    asked = {
        "mean": ("MEAN(belt)", statistics.fmean),
        "least": ("MIN(belt)", min),
        "most": ("MAX(belt)", max),
        "spread": ("STDDEV(belt)", statistics.pstdev),
        "first": ("belt[1]", lambda slats: slats[0]),
        "last": ("belt[4]", lambda slats: slats[3]),
        "start": ("INIT(SUM(belt)) + 1", lambda slats: 1.0),
    }
    found = run(
        *belt(Conveyor(1.0, 0.25), ["10 + 9 * SIN(TIME)"]),
        *(aux(name, equation) for name, (equation, _) in asked.items()),
        aux("beyond", "belt[5]"),
    )
    for k in range(len(found["belt"])):
        slats = [rows["in 0"][k - back] * 0.25 if k >= back else 0.0 for back in (4, 3, 2, 1)]
        for name, (_, of) in asked.items():
            assert found[name][k] == pytest.approx(of(slats), rel=1e-9, abs=1e-9), name
    assert all(value != value for value in found["beyond"])


def test_each_element_of_an_array_is_a_conveyor_of_its_own() -> None:
    dims = '<dimensions><dim name="d"><elem name="x"/><elem name="y"/></dim></dimensions>'
    here = '<dimensions><dim name="d"/></dimensions>'
    found = run(
        f'<aux name="time spent">{here}<element subscript="x"><eqn>1</eqn></element>'
        '<element subscript="y"><eqn>2.5</eqn></element></aux>',
        stock("belt", "6", "in", "out, lost", conveyor("time_spent[d]", capacity="20") + here),
        f'<flow name="in">{here}<element subscript="x"><eqn>TIME</eqn></element>'
        '<element subscript="y"><eqn>9</eqn></element></flow>',
        flow("out", kind=here),
        flow("lost", "0.3", f"<leak/>{here}"),
        dims=dims,
    )
    for element, length, rate in (("x", 1.0, lambda t: t), ("y", 2.5, constant(9.0))):
        like = Conveyor(length, 0.25, 6.0, [(0.3, 0.0, 1.0)], capacity=20.0)
        rows = simulate(like, [rate], STOP)
        for name, key in (("belt", "belt"), ("out", "out"), ("in", "in 0"), ("lost", "leak 0")):
            assert found[f"{name}[{element}]"] == pytest.approx(rows[key], rel=1e-9, abs=1e-9)


def test_the_transit_time_can_be_set_before_a_run() -> None:
    model = xmile(
        stock("belt", "0", "in", "out", conveyor("stay")),
        flow("in", "1 + TIME"),
        flow("out"),
        aux("stay", "1"),
    )
    for engine in ("vm", "wasm"):
        with Simulation(compile_text(model, "m.xmile"), engine) as simulation:
            for stay in (1.0, 3.0):
                simulation.reset()
                simulation.set_value("stay", stay)
                simulation.run()
                delay = round(stay / 0.25)
                out, entered = simulation.series("out"), simulation.series("in")
                assert list(out[delay:]) == list(entered[:-delay])


def test_exponential_leaks_share_what_there_is_where_they_would_take_more() -> None:
    like = Conveyor(1.0, 0.25, 0.0, [(3.0, 0.0, 1.0), (5.0, 0.0, 1.0)], exponential=True)
    found = run(*belt(like, ["16"]))
    assert set(found["out"]) == {0.0}
    assert set(found["leak 0"][1:]) == {6.0}
    assert set(found["leak 1"][1:]) == {10.0}


def test_room_counts_after_what_other_conveyors_bring() -> None:
    found = run(
        stock("a", "40", "", "between", conveyor("2")),
        stock("b", "0", "between, in", "out", conveyor("4", capacity="30")),
        flow("between"),
        flow("in", "200"),
        flow("out"),
    )
    # 5 come from a in each step, which leaves room for 25 in the first.
    assert found["in"][:3] == (100.0, 0.0, 0.0)
    assert found["b"][:4] == (0.0, 30.0, 35.0, 40.0)


def test_a_discrete_conveyor_starts_with_whole_lots_a_unit_of_time_apart() -> None:
    found = run(*belt(Conveyor(3.0, 0.25, 12.0, discrete=True), ["0"]))
    assert [k for k, rate in enumerate(found["out"]) if rate] == [3, 7, 11]
    assert {rate for rate in found["out"] if rate} == {4.0 / 0.25}


def test_whole_units_wait_until_fractions_make_one() -> None:
    found = run(*belt(Conveyor(1.0, 0.25, discrete=True), ["1"]))
    assert found["in 0"][:9] == (0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 4.0, 0.0)


def test_equations_may_ask_for_the_settings_of_a_conveyor_and_the_length_of_a_queue() -> None:
    found = run(
        stock("belt", "6", "in", "out", conveyor("transit", capacity="10 + room")),
        stock("wide", "6", "", "away", conveyor("3")),
        stock("line", "0", "arriving", "next", "<queue/>"),
        *(flow(name, "1") for name in ("in", "out", "away", "arriving", "next")),
        *(aux(name, value) for name, value in [("transit", "2"), ("room", "TIME")]),
        *(aux(f"a{k}", text) for k, text in enumerate(["CAP(belt)", "CAPACITY(wide)", "TRANSTIME(belt)"])),
        *(aux(f"b{k}", text) for k, text in enumerate(["PROCTIME(wide)", "QLEN(line)", "SIZE(line)"])),
    )
    assert found["a0"] == tuple(10.0 + k / 4 for k in range(33))
    assert {found["a1"][5], found["a2"][5], found["b0"][5]} == {math.inf, 2.0, 3.0}
    assert found["b1"] == found["b2"]
