"""Conveyors in plain Python: every lot of material is followed on its own, from the entry to the exit."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Rate = Callable[[float], float]
Rows = dict[str, list[float]]


@dataclass
class Lot:
    """What entered in one step; `at` counts slats from the entry."""

    content: float
    at: int = 0
    bases: dict[int, float] = field(default_factory=dict)


@dataclass
class Conveyor:
    """`leaks` are (fraction, start, end); `in_limit` counts per unit of time."""

    length: float
    dt: float
    initial: float = 0.0
    leaks: Sequence[tuple[float, float, float]] = ()
    exponential: bool = False
    capacity: float = math.inf
    in_limit: float = math.inf
    discrete: bool = False

    def __post_init__(self) -> None:
        self.n = max(1, math.floor(self.length / self.dt + 0.5))
        unit, lots = Lot(1.0), []
        for at in range(self.n):
            unit.at = at
            before = unit.content
            self._leak(unit)
            lots.append(Lot(before, at, dict(unit.bases)))
        total = sum(lot.content for lot in lots)
        for lot in lots:
            lot.content *= self.initial / total
            lot.bases = {leak: base * self.initial / total for leak, base in lot.bases.items()}
        self.lots = lots
        if self.discrete:
            self._lump()
        self.carried: list[float] = []
        self.used = 0.0

    def _lump(self) -> None:
        """What leaves within a unit of time is one lot, which has the history of the last of it."""
        units: dict[int, list[Lot]] = {}
        for lot in self.lots:
            units.setdefault(math.floor((self.n - 1 - lot.at) * self.dt + 1e-9), []).append(lot)
        self.lots = []
        for lots in units.values():
            last = min(lots, key=lambda lot: lot.at)
            total = sum(lot.content for lot in lots)
            share = total / last.content if last.content else 0.0
            bases = {leak: base * share for leak, base in last.bases.items() if self._began(leak, last)}
            self.lots.append(Lot(total, last.at, bases))

    def _began(self, leak: int, lot: Lot) -> bool:
        """Whether a lot has been in a leak's zone before the slat it is in."""
        return lot.at > 0 and (lot.at - 0.5) / self.n >= self.leaks[leak][1]

    def _leak(self, lot: Lot) -> list[float]:
        found = []
        within = [start <= (lot.at + 0.5) / self.n <= end for _, start, end in self.leaks]
        there = lot.content
        rates = sum(row[0] for row, inside in zip(self.leaks, within, strict=True) if inside) * self.dt
        for number, (fraction, start, end) in enumerate(self.leaks):
            if not within[number]:
                found.append(0.0)
                continue
            if self.exponential:
                shed = there * fraction * self.dt / max(1.0, rates)
            else:
                zone = sum(start <= (at + 0.5) / self.n <= end for at in range(self.n))
                lot.bases.setdefault(number, there)
                shed = min(lot.content, fraction * lot.bases[number] / zone)
            lot.content -= shed
            found.append(shed)
        return found

    def step(self, t: float, wanted: Sequence[float]) -> tuple[float, list[float], list[float], float]:
        """The content before the step, and the volumes of inflows, leaks and the outflow."""
        before = sum(lot.content for lot in self.lots)
        leaked = [0.0] * len(self.leaks)
        for lot in self.lots:
            leaked = [a + b for a, b in zip(leaked, self._leak(lot), strict=True)]
        out = sum(lot.content for lot in self.lots if lot.at == self.n - 1)
        self.lots = [lot for lot in self.lots if lot.at < self.n - 1]
        for lot in self.lots:
            lot.at += 1
        entered = self._let_in(t, wanted, sum(lot.content for lot in self.lots))
        self.lots.append(Lot(sum(entered)))
        return before, entered, leaked, out

    def _let_in(self, t: float, wanted: Sequence[float], content: float) -> list[float]:
        room = max(0.0, self.capacity - content)
        if not self.discrete:
            room, found = min(room, self.in_limit * self.dt), []
            for rate in wanted:
                found.append(min(room, max(0.0, rate) * self.dt))
                room -= found[-1]
            return found
        if abs(t - round(t)) < 1e-6:
            self.used = 0.0
        self.carried = self.carried or [0.0] * len(wanted)
        units: float = math.inf if room == math.inf else math.floor(room + 1e-9)
        found = []
        for number, rate in enumerate(wanted):
            clear = min(max(0.0, rate) * self.dt, room, max(0.0, self.in_limit - self.used))
            self.used += clear
            room -= clear
            whole = min(units, math.floor(self.carried[number] + clear + 1e-9))
            self.carried[number] += clear - whole
            units -= whole
            found.append(float(whole))
        return found


def simulate(conveyor: Conveyor, inflows: Sequence[Rate], stop: float) -> Rows:
    """The content and all rates at every step."""
    rows: Rows = {}
    dt = conveyor.dt
    for k in range(round(stop / dt) + 1):
        t = k * dt
        before, entered, leaked, out = conveyor.step(t, [rate(t) for rate in inflows])
        named = {"belt": before, "out": out / dt}
        named |= {f"in {number}": volume / dt for number, volume in enumerate(entered)}
        named |= {f"leak {number}": volume / dt for number, volume in enumerate(leaked)}
        for name, value in named.items():
            rows.setdefault(name, []).append(value)
    return rows
