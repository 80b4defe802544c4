"""What tests of scenarios share: small models and a way to write a scenario over them."""

from __future__ import annotations

from typing import Any

from penstock.scenario import Run, ScenarioResult, parse_scenario, run_scenario, start

# What comes in is kept; what is in the counter is the tick, so that each message can be told from the others.
COUNTER = """model Counter
time 0 to 1000 by 1
stock Tick = 0
  net 1
stock Taken = 0
  net heard
const heard = 0
"""

TEXTS = {"counter.pen": COUNTER}

PAIR = """
name = "pair"
roles = ["A", "B"]
steps = 12
[role.A]
model = "counter.pen"
[role.B]
model = "counter.pen"
outputs = ["heard"]
[[couplings]]
from = "A"
out = "Tick"
to = "B"
in = "heard"
"""


def run(text: str, **given: Any) -> ScenarioResult:
    return run_scenario(parse_scenario(text), texts=given.pop("texts", TEXTS), **given)


def begun(text: str, **given: Any) -> Run:
    made = start(parse_scenario(text), texts=given.pop("texts", TEXTS), **given)
    made.begin()
    return made


def heard(result: ScenarioResult, role: str = "B") -> list[float]:
    """What a role's input was in each round, the beginning first."""
    return result.trace.series(role, "heard")
