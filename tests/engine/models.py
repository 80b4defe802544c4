"""Models of our own, small enough to know what they must yield, and shorthand to compile and run them."""

from functools import cache

from penstock.compiler import Compiled, compile_text
from penstock.methods import METHODS

ENGINE_NAMES = ("vm", "wasm")
METHOD_NAMES = tuple(METHODS)
FIXED_METHODS = ("euler", "rk2", "rk4")

TEACUP = """\
model Teacup
time 0 to 30 by 0.125 {minute}
stock Teacup Temperature = 180 {degF}
  out Heat Loss to Room
flow Heat Loss to Room = (Teacup Temperature - Room Temperature) / Characteristic Time {degF/minute}
const Room Temperature = 70 {degF} slider 0 to 100
const Characteristic Time = 10 {minute}
"""

SIR = """\
model SIR
time 0 to 100 by 0.125 {day} save every 1
stock Susceptible = population - first cases {person}
  out infection
stock Infected = first cases {person}
  in infection
  out recovery
stock Recovered = 0 {person}
  in recovery
flow infection = contact rate * infectivity * Susceptible * Infected / population
flow recovery = Infected / duration
const contact rate = 6 {1/day} slider 0 to 20
const infectivity = 0.05
const duration = 5 {day}
const population = 10000 {person}
const first cases = 1 {person}
"""

OSCILLATOR = """\
model Oscillator
time 0 to 10 by 0.1
stock position = 1
  net velocity
stock velocity = 0
  net -stiffness * position
const stiffness = 1
"""

EVERYTHING = """\
model Everything "One of each: what an engine keeps is a stock, a memory, a held value, an array or a constant."
time begin to finish by 0.25 save every 0.5
const begin = 2
const finish = 10
const rate = 0.1
const tau = 3
aux double rate = 2 * rate
aux effective = double rate + tau
dim region = north, south, east
const weight[region] = 1, 2, 3
aux share[region] = weight[region] / sum(weight[*])
stock level = 10
  in inflow
  out outflow
stock people[region] = 100 * weight[region]
  net people[region] * growth[region]
aux growth[region] = rate * share[region] * sin(time)
flow inflow = smooth(demand, tau) * effective
flow outflow = level / tau
aux demand = step(5, 4) + pulse(6, 1) + level curve(level)
lookup level curve = (0, 2) (10, 1) (20, 0.5)
aux before = previous(level, -1)
aux at first = initial(level * rate)
aux sampled = sample_if_true(sin(time) > 0, level, 7)
aux late = delay3(inflow, tau)
aux total = sum(people[*])
aux hours = time step * 24
"""


@cache
def compiled(text: str, method: str | None = None) -> Compiled:
    return compile_text(text, "model.pen", method=method)


def with_lines(*lines: str, time: str = "time 0 to 4 by 1") -> str:
    return "\n".join((time, *lines, ""))
