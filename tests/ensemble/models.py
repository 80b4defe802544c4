"""Models whose ensembles have closed forms."""

from penstock.compiler import Compiled
from penstock.ensemble import Outcome, Spec, from_mapping, run_study

GROWTH = """\
time 0 to 8 by 0.5
stock level = start
  net rate * level
const start = 100
const rate = 0.1
aux double = 2 * level
dim region = north, south
const share[region] = 0.25, 0.75
aux part[region] = share[region] * level
"""
"""Euler's steps: level after n steps is start (1 + rate / 2)^n."""

ISHIGAMI = """\
time 0 to 1 by 1
const a = 0
const b = 0
const c = 0
aux y = sin(a) + 7 * sin(b) ^ 2 + 0.1 * c ^ 4 * sin(a)
"""


def spec(**content: object) -> Spec:
    given = {"inputs": {"rate": "uniform(0.05, 0.15)"}, "outputs": ["level"], "runs": 50}
    return from_mapping(given | content)


def study(model: Compiled, **content: object) -> Outcome:
    return run_study(model, spec(**content), workers=1)
