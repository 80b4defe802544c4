"""Handoffs: a role leaves a path, and no message overtakes another, is lost or is told twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from penstock.scenario import ScenarioResult, parse_scenario, run_scenario
from scenario.scenarios_in_text import COUNTER, TEXTS, begun, run

BYPASS = """
name = "bypass"
roles = ["buyer", "broker", "seller"]
steps = 160
[role.buyer]
model = "buyer.pen"
[role.seller]
model = "counter.pen"
outputs = ["heard"]
[[couplings]]
from = "buyer"
out = "order"
to = "seller"
in = "heard"
kind = "order"
via = ["broker"]
work = 3
[network]
latency_variance = %(jitter)s
reorder_window = %(window)s
[[network.links]]
from = "buyer"
to = "broker"
base_latency_ms = %(up)s
[[network.links]]
from = "broker"
to = "seller"
base_latency_ms = %(down)s
[[network.links]]
from = "buyer"
to = "seller"
base_latency_ms = %(direct)s
[[network.links]]
from = "broker"
to = "buyer"
base_latency_ms = %(back)s
[[reconfigurations]]
trigger = {at_tick = 30}
action = {kind = "handoff", from = "buyer", to = "seller", middle = "broker", flush = %(flush)s, timeout = %(timeout)s}
[[properties.invariants]]
name = "order"
kind = "fifo"
link = "buyer.order"
[[properties.invariants]]
kind = "type_monotonicity"
"""

# Orders 1, 2, 3, … for eighty ticks, and none after: every one can be told from the others.
BUYER = COUNTER + "aux order = if Tick < 80 then Tick + 1 else 0\n"
GIVEN = {"buyer.pen": BUYER, **TEXTS}

PLAIN = {
    "jitter": 0.0,
    "window": 0,
    "up": 4,
    "down": 6,
    "direct": 1,
    "back": 2,
    "flush": "true",
    "timeout": 100,
}


def bypass(**changed: object) -> str:
    return BYPASS % {**PLAIN, **changed}


def told(result: ScenarioResult) -> float:
    """All that the seller heard."""
    return sum(result.trace.series("seller", "heard"))


def inversions(seed: int, flush: bool, **changed: object) -> bool:
    latencies = {
        key: seed * 7919 % (11 + i) % 10 + 1 for i, key in enumerate(("up", "down", "direct", "back"))
    }
    text = bypass(flush=str(flush).lower(), **latencies, **changed)
    result = run_scenario(replace(parse_scenario(text), seed=seed), texts=GIVEN)
    assert told(result) == sum(range(1, 81)), "an order was lost or told twice"
    return any(violation.name == "order" for violation in result.violations)


def test_with_the_flush_no_order_overtakes_another_and_none_is_lost(scale: Callable[[int, int], int]) -> None:
    count = scale(40, 1000)
    assert not any(inversions(seed, True, jitter=seed % 3 / 4) for seed in range(count))


def test_without_it_orders_overtake_each_other(scale: Callable[[int, int], int]) -> None:
    count = scale(20, 1000)
    assert sum(inversions(seed, False) for seed in range(count)) > count / 2


def test_with_links_that_do_not_keep_order_the_flush_does_not_help_and_the_property_says_so() -> None:
    assert any(inversions(seed, True, jitter=0.9, window=50) for seed in range(5))


def test_a_handoff_takes_the_time_of_its_handshake_and_shortens_the_path() -> None:
    (report,) = run(bypass(), texts=GIVEN).stats["handoffs"]
    # The handoff begins after round 29, and the flush takes 2; each hop is read by the round after its latency. The
    # last order through the broker left a round before the flush was read, and took 4 and 3 of work, while done took 4.
    # Then come deposit, 6, beside give, 2, and withdraw, 1; ok takes the network's own latency, 0.
    flush = 29 + 1 + 2
    drained = max(flush - 1 + 1 + 4 + 3, flush + 1 + 4)
    deposit, withdraw = drained + 1 + 6, drained + 1 + 2 + 1 + 1
    ok = max(deposit, withdraw) + 1
    assert report == {
        "path": "buyer.order/broker",
        "began": 29,
        "ended": ok,
        "phase": "direct",
        "most_kept": ok - flush,
        "kept": 0,
    }
    lines = [line for line in run(bypass(), texts=GIVEN).transcript if line.outcome == "delivered"]
    assert [line.kind for line in lines if line.kind != "data"] == [
        "flush", "done", "give", "withdraw", "deposit", "ok",
    ]  # fmt: skip
    late = [line for line in lines if line.kind == "data" and line.tick > ok + 20]
    assert {(line.source, line.target) for line in late} == {("buyer", "seller")}


def test_control_messages_are_not_lost_though_orders_are() -> None:
    text = bypass().replace("[network]\n", "[network]\nloss_probability = 0.3\n")
    result = run(text, texts=GIVEN)
    assert result.ok
    assert result.stats["handoffs"][0]["phase"] == "direct"


def test_if_the_middle_dies_before_it_is_done_the_handoff_is_given_up_and_what_was_kept_goes_on() -> None:
    crash = '[[events]]\ntrigger = {at_tick = 34}\naction = {kind = "node_crash", role = "broker", duration = 40}\n'
    result = run(bypass(timeout=12) + crash, texts=GIVEN)
    (report,) = result.stats["handoffs"]
    assert (report["phase"], report["ended"], report["kept"]) == ("aborted", 29 + 13, 0)
    assert report["most_kept"] > 0
    assert told(result) == sum(range(1, 81))
    # That the handoff was given up is a violation of its phases, not of the order.
    assert [violation.name for violation in result.violations] == ["type_monotonicity"]


def test_if_the_middle_dies_for_good_what_is_kept_back_is_reported() -> None:
    crash = '[[events]]\ntrigger = {at_tick = 34}\naction = {kind = "node_crash", role = "broker"}\n'
    (report,) = run(bypass(timeout=900) + crash, texts=GIVEN).stats["handoffs"]
    assert (report["phase"], report["ended"]) == ("flushed", None)
    # From the flush, read in round 32, to the last round.
    assert report["kept"] == 160 - 32 + 1


def test_several_handoffs_of_one_path_happen_one_after_the_other() -> None:
    text = (
        bypass(jitter=0.5)
        .replace('"broker", "seller"]', '"broker", "agent", "seller"]')
        .replace('via = ["broker"]', 'via = ["broker", "agent"]')
    )
    action = '{kind = "handoff", from = "buyer", to = "seller", middle = "agent"}'
    result = run(text + f"[[reconfigurations]]\ntrigger = {{at_tick = 30}}\naction = {action}\n", texts=GIVEN)
    first, second = result.stats["handoffs"]
    assert (first["phase"], second["phase"]) == ("direct", "direct")
    assert second["began"] >= first["ended"]
    assert result.ok
    assert told(result) == sum(range(1, 81))


def test_handoffs_of_different_paths_at_the_same_time_do_not_cross() -> None:
    text = bypass(jitter=0.5)
    start = text.index("[[couplings]]")
    second = text[start : text.index("[network]")].replace('in = "heard"', 'in = "also"')
    second = second.replace('out = "order"', 'out = "Tick"')
    model = COUNTER + "const also = 0\n"
    action = '{kind = "handoff", from = "buyer", to = "seller", out = "%s", middle = "broker"}'
    rows = "".join(
        f"[[reconfigurations]]\ntrigger = {{at_tick = 30}}\naction = {action % out}\n"
        for out in ("order", "Tick")
    )
    fifo = '[[properties.invariants]]\nname = "second"\nkind = "fifo"\nlink = "buyer.Tick"\n'
    at = text.index("[[reconfigurations]]")
    text = (
        text[:at].replace("[network]", second + "[network]")
        + rows
        + text[text.index("[[properties") :]
        + fifo
    )
    result = run(text, texts={"buyer.pen": BUYER, "counter.pen": model})
    assert [report["phase"] for report in result.stats["handoffs"]] == ["direct", "direct"]
    assert result.ok


def test_a_handoff_of_a_role_that_is_not_on_the_way_is_refused() -> None:
    with pytest.raises(Exception, match="not on the coupling's way"):
        begun(bypass().replace('middle = "broker"', 'middle = "seller"'), texts=GIVEN)
