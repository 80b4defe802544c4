"""Rounds: when a message counts, how values and orders differ, and that equal scenarios have equal bits anywhere."""

import json
import math
import random

import pytest

from penstock.errors import PenstockError
from penstock.scenario import parse_scenario, run_concurrent, run_scenario
from scenario.scenarios_in_text import COUNTER, PAIR, TEXTS, heard, run

ORDERS = PAIR.replace('in = "heard"', 'in = "heard"\nkind = "order"')


def late(text: str, ms: float, **more: object) -> str:
    rows = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
    return f"{text}[network]\nbase_latency_ms = {ms}\n{rows}"


def test_without_latency_a_round_reads_what_the_others_were_at_its_beginning() -> None:
    assert heard(run(PAIR))[1:] == [float(n) for n in range(12)]


@pytest.mark.parametrize(("ms", "tick_ms", "ticks"), [(1, 1, 1), (3, 1, 3), (3, 2, 2), (0.1, 1, 1)])
def test_latency_is_rounded_up_to_ticks(ms: float, tick_ms: float, ticks: int) -> None:
    seen = heard(run(late(PAIR, ms, tick_ms=tick_ms)))
    assert seen[1:] == [0.0] * ticks + [float(n) for n in range(12 - ticks)]


def test_an_order_counts_once_and_what_is_on_its_way_at_the_beginning_arrives_first() -> None:
    text = late(ORDERS + "initial = 4\n", 3)
    assert heard(run(text))[1:] == [4.0, 4.0, 4.0] + [float(n) for n in range(9)]


def test_orders_that_arrive_together_add_up_and_values_replace_each_other() -> None:
    stop = '[[events]]\ntrigger = {at_tick = 3}\naction = {kind = "message_delay", ticks = 2, duration = 1}\n'
    # The message of tick 3 is parked until tick 6, and those of 4 and 5 wait behind it.
    assert heard(run(ORDERS + stop))[1:9] == [0, 1, 2, 0, 0, 3 + 4 + 5, 6, 7]
    assert heard(run(PAIR + stop))[1:9] == [0, 1, 2, 2, 2, 5, 6, 7]


def test_two_coupled_models_are_the_one_model_that_eulers_method_takes_at_once() -> None:
    side = """model Side
time 0 to 100 by 0.25
stock Level = 3
  net rate * (other - Level)
const rate = 0.5
const other = 1
"""
    text = """
name = "sides"
roles = ["L", "R"]
steps = 40
tick = 0.25
[role.L]
model = "side.pen"
[role.R]
model = "side.pen"
params = {rate = 0.2}
initial = [1.0]
[[couplings]]
from = "L"
out = "Level"
to = "R"
in = "other"
[[couplings]]
from = "R"
out = "Level"
to = "L"
in = "other"
"""
    found = run(text, texts={"side.pen": side}).trace
    left, right = 3.0, 1.0
    for step in range(41):
        assert (found.series("L", "Level")[step], found.series("R", "Level")[step]) == (left, right)
        left, right = left + 0.25 * (0.5 * (right - left)), right + 0.25 * (0.2 * (left - right))


def test_the_trace_has_equal_bits_on_both_engines_and_any_number_of_workers() -> None:
    text = late(PAIR, 3, latency_variance=0.8, loss_probability=0.2, reorder_window=2) + (
        '[[events]]\ntrigger = {random = 0.3}\naction = {kind = "message_corruption", probability = 0.5, '
        'mode = "noise", sigma = 2.0}\n'
    )
    vm = text.replace('model = "counter.pen"', 'model = "counter.pen"\nengine = "vm"')
    several = text.replace("steps = 12", "steps = 12\nconcurrency = 3")
    hashes = {run(each).trace.sha256 for each in (text, text, vm, several)}
    assert len(hashes) == 1
    assert run(text.replace("steps = 12", "steps = 12\nseed = 1")).trace.sha256 not in hashes


def test_results_of_several_come_in_the_order_that_they_were_given_in() -> None:
    lengths = [30, 1, 12, 5]
    given = [parse_scenario(PAIR.replace("steps = 12", f"steps = {n}")) for n in lengths]
    found = run_concurrent(given, workers=3, texts=TEXTS)
    assert [result.stats["final_tick"] for result in found] == lengths


def test_a_trace_names_the_first_value_that_differs_from_another() -> None:
    one = run(PAIR).trace
    other = run(
        PAIR + 'initial = 0\n[[events]]\ntrigger = {at_tick = 5}\naction = {kind = "message_drop"}\n'
    ).trace
    found = one.first_divergence(other)
    # The message of tick 5 is lost, so that round 6 hears another value and takes that in.
    assert found is not None
    assert (found.step, found.role, found.index) == (6, "B", 1)
    assert (found.here, found.there) == (0 + 1 + 2 + 3 + 4 + 5, 0 + 1 + 2 + 3 + 4 + 4)
    assert one.first_divergence(run(PAIR).trace) is None


def test_values_that_json_has_not_are_texts_and_keep_their_place_in_the_hash() -> None:
    model = COUNTER.replace("net heard", "net 1 / (Tick - 2)")
    trace = run(PAIR, texts={"counter.pen": model}).trace
    assert any(not math.isfinite(value) for value in trace.final_state("B"))
    assert "Infinity" not in json.dumps(trace.to_json())
    assert "NaN" not in json.dumps(trace.to_json())
    assert trace.sha256 == run(PAIR, texts={"counter.pen": model}).trace.sha256


def test_samples_are_taken_at_multiples_and_at_the_beginning() -> None:
    trace = run(PAIR.replace("steps = 12", "steps = 12\nsample_every = 5")).trace
    assert [record.step for record in trace.records_for_role("A")] == [0, 5, 10]


def test_a_policy_decides_from_what_the_role_sees_before_each_round() -> None:
    text = PAIR.replace("[role.B]\n", '[role.B]\npolicy = {heard = "10 * Tick"}\n').split("[[couplings]]")[0]
    assert heard(run(text))[1:] == [10.0 * n for n in range(12)]


def test_a_player_decides_for_its_role_and_decisions_are_kept() -> None:
    text = PAIR.split("[[couplings]]")[0]
    played = text.replace("[role.B]", '[role.B]\nplayer = "human"')
    players = {"B": lambda tick, seen: {"heard": tick + seen["Tick"]}}
    result = run(played, players=players)
    assert heard(result)[1:4] == [1 + 0, 2 + 1, 3 + 2]
    assert result.decisions[0] == (1, "B", "heard", 1.0)
    with pytest.raises(PenstockError, match="B is no role that is played by hand"):
        run(text, players=players)


def test_a_role_halts_at_its_models_stop_time() -> None:
    result = run(PAIR, texts={"counter.pen": COUNTER.replace("1000", "5")})
    assert (result.stats["final_tick"], result.stats["events"]["halted"]) == (5, 2)


def test_latencies_vary_evenly_about_the_base() -> None:
    text = late(PAIR.replace("steps = 12", "steps = 900"), 10, latency_variance=0.5, reorder_window=100)
    lines = [line for line in run(text).transcript if line.outcome == "delivered"]
    taken = [line.due - line.tick for line in lines]
    assert {line.outcome for line in lines} == {"delivered"}
    assert taken
    sent = {line.number: line.due for line in lines}
    ticks = [due - 1 - number for number, due in sent.items()]
    # 10 * (1 + 0.5 * (2u - 1)), rounded up: 6 to 15, each as often.
    assert set(ticks) == set(range(6, 16))
    assert abs(sum(ticks) / len(ticks) - 10.5) < 4 * 2.87 / math.sqrt(len(ticks))


def test_a_share_of_messages_is_lost() -> None:
    text = late(PAIR.replace("steps = 12", "steps = 900"), 0, loss_probability=0.25)
    lost = sum(line.outcome == "dropped" for line in run(text).transcript)
    assert abs(lost - 0.25 * 901) < 4 * math.sqrt(901 * 0.25 * 0.75)


def test_links_keep_their_order_unless_a_window_lets_them_overtake() -> None:
    rows = {"latency_variance": 1.0}
    fifo = '[[properties.invariants]]\nkind = "fifo"\nlink = "A->B"\n'
    text = PAIR.replace("steps = 12", "steps = 200")
    assert run(late(text, 6, **rows) + fifo).ok
    broken = run(late(text, 6, **rows, reorder_window=20) + fifo)
    assert [row.name for row in broken.violations] == ["fifo A->B"]


def test_partitions_and_link_rules_hold_in_their_windows_both_ends_included() -> None:
    cut = '[[network.partitions]]\ngroups = [["A"], ["B"]]\nstart_tick = 3\nend_tick = 5\n'
    assert heard(run(PAIR + cut))[1:9] == [0, 1, 2, 2, 2, 2, 6, 7]
    off = '[[network.links]]\nfrom = "A"\nto = "B"\nstart_tick = 3\nend_tick = 5\nenabled = false\n'
    assert heard(run(PAIR + off))[1:9] == [0, 1, 2, 2, 2, 2, 6, 7]
    slow = '[[network.links]]\nfrom = "A"\nto = "B"\nstart_tick = 4\nbase_latency_ms = 2\n'
    assert heard(run(PAIR + slow))[1:9] == [0, 1, 2, 3, 3, 3, 4, 5]


def test_a_reconfiguration_changes_a_link_on_the_way() -> None:
    text = PAIR + (
        "[[reconfigurations]]\ntrigger = {at_tick = 4}\n"
        'action = {kind = "link", from = "A", to = "B", enabled = false}\n'
    )
    assert heard(run(text))[1:9] == [0, 1, 2, 3, 3, 3, 3, 3]


def test_random_scenarios_are_the_same_however_they_are_run() -> None:
    rng = random.Random(5)
    for _ in range(5):
        text = late(PAIR, rng.uniform(0, 5), latency_variance=rng.random(), loss_probability=rng.random() / 2)
        text = text.replace("steps = 12", f"steps = 40\nseed = {rng.randrange(1000)}")
        scenario = parse_scenario(text)
        first, second = (run_scenario(scenario, texts=TEXTS) for _ in range(2))
        assert first.trace.first_divergence(second.trace) is None
        assert first.transcript == second.transcript


def test_a_name_that_no_role_has_is_refused_with_advice() -> None:
    with pytest.raises(PenstockError, match=r"couplings\[0\].out names nothing of A.*Tock"):
        run(PAIR.replace('out = "Tick"', 'out = "Tock"'))
