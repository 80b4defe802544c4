"""Pass 3: conveyors and queues. Their flows get the values that the belt or the queue gives them.

The stock stays a stock: what flows in less what flows out. Its slats or batches stand in the region ``ring``;
kernels compute from them what leaves in a step, and move them when it is taken. In a step, the leaks and what falls
off the end come first; then each conveyor lets in as much as it has room for: what other conveyors bring always,
then its other inflows in order. One that stands still lets nothing in, and holds up what leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from ..builtins.time import DT, TIME
from ..changing import replace
from ..errors import raise_if_any
from ..expr import Binary, Call, Expr, Number, Reference
from ..model import Ident, Variable
from .belts import leaked, leaking, moving
from .containers import with_contents
from .courses import BeltStock, Courses, QueueStock, courses
from .filling import filled
from .hiding import Hiding
from .lines import opened, serving, supplied, wanted
from .symbols import Symbol, Symbols

_DT = Reference(DT)
_ZERO = Number(0.0)
_ALMOST = Number(1e-9)


def convey(symbols: Symbols, variables: Iterable[Variable]) -> Symbols:
    """The same model with ordinary stocks and flows only. Raises PEN401."""
    found, findings = courses(symbols, variables)
    raise_if_any(findings)
    if not found.belts and not found.queues:
        return symbols
    conveying = _Conveying(symbols, found)
    for belt in found.belts.values():
        conveying.arrest(belt)
    for belt in found.belts.values():
        conveying.release(belt)
    for queue in found.queues.values():
        conveying.open(queue)
    for belt in found.belts.values():
        conveying.admit(belt)
    for queue in found.queues.values():
        conveying.serve(queue)
    contents = {**conveying.belts, **conveying.queues}
    return with_contents(replace(symbols, by_ident=conveying.shop.table), contents, found)


def _op(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(operator, left, right)


def _call(function: str, *arguments: Expr) -> Expr:
    return Call(function, arguments)


def _sum(terms: Sequence[Expr]) -> Expr:
    return reduce(lambda a, b: _op("+", a, b), terms) if terms else _ZERO


def _unless(condition: Expr | None, value: Expr) -> Expr:
    """Zero while a condition holds."""
    return value if condition is None else _call("if_then_else", condition, _ZERO, value)


@dataclass(slots=True)
class _Service:
    """What is known of a queue: what enters in the step, and what a conveyor wants and gets of it."""

    entering: Reference
    wanted: Reference | None = None
    supplied: Reference | None = None


class _Conveying:
    """Writes the flows anew; `belts` and `queues` are the symbols whose memory is in the ring."""

    def __init__(self, symbols: Symbols, found: Courses) -> None:
        self.shop = Hiding(symbols)
        self.found = found
        self.arrested: dict[Ident, Reference] = {}
        self.belts: dict[Ident, Reference] = {}
        self.queues: dict[Ident, Reference] = {}
        self.exits: dict[Ident, Reference] = {}
        self.volumes: dict[Ident, Reference] = {}
        self.services: dict[Ident, _Service] = {}

    def _flow(self, ident: Ident) -> Symbol:
        return self.shop.table[ident]

    def _rate(self, ident: Ident) -> Reference:
        return self.shop.here(self._flow(ident))

    # --- what leaves a conveyor

    def arrest(self, belt: BeltStock) -> None:
        """Whether a conveyor stands still."""
        if belt.conveyor.arrest is not None:
            stands = _call("if_then_else", _op("<>", belt.conveyor.arrest, _ZERO), Number(1.0), _ZERO)
            self.arrested[belt.stock.ident] = self.shop.value(belt.stock, "arrested", stands)

    def _stopped(self, belt: BeltStock, flow: Ident) -> Expr | None:
        """When nothing leaves through a flow: its conveyor stands still, or the one it leads to."""
        own = self.arrested.get(belt.stock.ident)
        behind = self.found.into.get(flow)
        other = self.arrested.get(behind.stock.ident) if behind is not None else None
        if own is None or other is None:
            return own if other is None else other
        return _op("or", own, other)

    def release(self, belt: BeltStock) -> None:
        """The belt's state, and the flows that it drives."""
        shop, stock, shape = self.shop, belt.stock, belt.shape
        dt = shop.value(stock, "dt", _DT)
        fractions: dict[str, Reference] = {}
        present: dict[str, Reference] = {}
        for number, flow in enumerate(belt.leaks):
            written = shop.moved(self._flow(flow), "fraction")
            bounded = _call("max", written, _ZERO)
            if not shape.exponential:
                bounded = _call("min", bounded, Number(1.0))
            key = f"fraction {number}"
            fractions[key] = shop.value(stock, key, bounded)
            present[key] = shop.value(
                stock, f"present {key}", _unless(self._stopped(belt, flow), fractions[key])
            )
        length = shop.value(stock, "length", belt.conveyor.length)
        start = {"initial": shop.here(stock), "length": length, "dt": dt, **fractions}
        fixed = {"dt": f"the time step of {stock.name}"}
        if shape.varying:
            run = _call("floor", _op("/", _op("-", Reference("#stop"), Reference("#start")), _DT))
            start["run"] = shop.value(stock, "run", _op("+", run, Number(3.0)))
            fixed["run"] = f"the last step of {stock.name}"
        else:
            fixed["length"] = f"the transit time of {stock.name}"
        state = shop.kernel(stock, "belt", start, initial=filled(shape), fixed=fixed)
        reading = {"belt": state, "dt": dt, **present}
        end = shop.kernel(stock, "exit", reading, evaluate=leaking(shape))
        self.belts[stock.ident], self.exits[stock.ident] = state, end
        out = shop.value(stock, "leaving", _unless(self._stopped(belt, belt.out), end))
        self._drive(belt.out, out)
        for number, flow in enumerate(belt.leaks):
            reading = {"belt": state, "exit": end}
            self._drive(flow, shop.kernel(stock, f"leak {number}", reading, evaluate=leaked(shape, number)))

    def _drive(self, flow: Ident, volume: Reference) -> None:
        """A flow that takes a volume in the step."""
        self.volumes[flow] = volume
        self.shop.redefine(self._flow(flow), _op("/", volume, _DT))

    # --- what enters a conveyor

    def admit(self, belt: BeltStock) -> None:
        """The flows into a conveyor, as much of them as it takes in; and its move."""
        stock = belt.stock
        asking = [flow for flow in stock.inflows if flow not in self.found.driven]
        fed = [flow for flow in stock.inflows if flow in self.found.leaving]
        bounds = self._bounds(belt)
        if fed:
            self._feed(belt, fed[0], bounds)
        elif belt.shape.discrete:
            self._admit_whole(belt, asking, bounds)
        else:
            self._admit_any(belt, asking, bounds)
        shop, reading = self.shop, {"belt": self.belts[stock.ident], "exit": self.exits[stock.ident]}
        reading["dt"] = shop.value(stock, "step", _DT)
        reading |= {f"inflow {number}": self._rate(flow) for number, flow in enumerate(stock.inflows)}
        if belt.shape.varying:
            reading["steps"] = self._steps(belt)
        arrested, behind = self.arrested.get(stock.ident), self.found.into.get(belt.out)
        if arrested is not None:
            reading["arrested"] = arrested
        held = self.arrested.get(behind.stock.ident) if behind is not None else None
        if held is not None:
            reading["held"] = held
        advance = moving(belt.shape, len(stock.inflows), arrested=arrested is not None, held=held is not None)
        shop.kernel(stock, "move", reading, advance=advance)

    def _steps(self, belt: BeltStock) -> Reference:
        """How many steps what enters now will take: by the transit time of now, or when it was last sampled."""
        stock, length = belt.stock, belt.conveyor.length
        if belt.conveyor.sample is not None:
            last = self.shop.memory(stock, "sampled")
            asked = _unless(self.arrested.get(stock.ident), belt.conveyor.sample)
            reads = _op("or", _op("<>", asked, _ZERO), _op("=", last, _ZERO))
            length = self.shop.value(stock, "transit", _call("if_then_else", reads, length, last))
            self.shop.remember(last, length)
        steps = _call("floor", _op("+", _op("/", length, _DT), Number(0.5)))
        return self.shop.value(stock, "steps", _call("max", steps, Number(1.0)))

    def _bounds(self, belt: BeltStock) -> dict[str, Reference]:
        """What there is room for, and what is left of the limit; rates, but volumes for a discrete conveyor."""
        stock, bounds = belt.stock, {}
        leaving = [belt.out, *belt.leaks]
        brought = [flow for flow in stock.inflows if flow in self.found.carried]
        if belt.conveyor.capacity is not None:
            free = _op("-", belt.conveyor.capacity, self.shop.here(stock))
            if not belt.shape.discrete:
                free = _op("/", free, _DT)
            amount = self.volumes.__getitem__ if belt.shape.discrete else self._rate
            free = _op("+", free, _sum([amount(flow) for flow in leaving]))
            free = _op("-", free, _sum([amount(flow) for flow in brought])) if brought else free
            bounds["room"] = self.shop.value(stock, "room", _call("max", free, _ZERO))
        if belt.conveyor.in_limit is not None:
            limit: Expr = belt.conveyor.in_limit
            if belt.shape.discrete:
                limit = _op("-", limit, self.shop.memory(stock, "let in"))
            bounds["limit"] = self.shop.value(stock, "limit", _call("max", limit, _ZERO))
        return bounds

    def _request(self, belt: BeltStock, flow: Ident) -> Expr:
        """What a flow would be if the conveyor had room, and not below zero."""
        request = self.shop.moved(self._flow(flow), "request")
        return _unless(self.arrested.get(belt.stock.ident), _call("max", request, _ZERO))

    def _admit_any(self, belt: BeltStock, asking: list[Ident], bounds: dict[str, Reference]) -> None:
        for number, flow in enumerate(asking):
            request = self._request(belt, flow)
            self.shop.redefine(
                self._flow(flow), _call("min", request, *bounds.values()) if bounds else request
            )
            bounds = self._reduced(belt, bounds, self._rate(flow), f"{number}")

    def _reduced(
        self, belt: BeltStock, bounds: dict[str, Reference], by: Expr, label: str
    ) -> dict[str, Reference]:
        return {
            key: self.shop.value(belt.stock, f"{key} after {label}", _op("-", bound, by))
            for key, bound in bounds.items()
        }

    def _admit_whole(self, belt: BeltStock, asking: list[Ident], bounds: dict[str, Reference]) -> None:
        """Whole units: fractions of what could enter are carried until they are one, and wait upstream."""
        shop, stock = self.shop, belt.stock
        units: Reference | None = None
        if "room" in bounds:
            units = shop.value(stock, "units", _call("floor", _op("+", bounds["room"], _ALMOST)))
        cleared: list[Expr] = []
        for number, flow in enumerate(asking):
            volume = _op("*", self._request(belt, flow), _DT)
            clear = shop.value(
                stock, f"cleared {number}", _call("min", volume, *bounds.values()) if bounds else volume
            )
            cleared.append(clear)
            bounds = self._reduced(belt, bounds, clear, f"{number}")
            carried = shop.memory(stock, f"carried {number}")
            whole = _call("floor", _op("+", _op("+", carried, clear), _ALMOST))
            whole = whole if units is None else _call("min", whole, units)
            entering = shop.value(stock, f"entering {number}", _unless(self.arrested.get(stock.ident), whole))
            shop.remember(carried, _op("-", _op("+", carried, clear), entering))
            self._drive(flow, entering)
            if units is not None:
                units = shop.value(stock, f"units after {number}", _op("-", units, entering))
        self._count(belt, _sum(cleared))

    def _count(self, belt: BeltStock, cleared: Expr) -> None:
        """What counts against a discrete conveyor's limit, from one whole unit of time to the next."""
        if belt.conveyor.in_limit is None or not belt.shape.discrete:
            return
        almost = _op("*", Number(1e-6), _DT)
        now = _call("floor", _op("+", Reference(TIME), almost))
        following = _call("floor", _op("+", _op("+", Reference(TIME), _DT), almost))
        used = Reference(f"#{belt.stock.name}#let in", self.shop.here(belt.stock).subscripts)
        after = _op("+", used, cleared)
        self.shop.remember(used, _call("if_then_else", _op(">", following, now), _ZERO, after))

    def _feed(self, belt: BeltStock, flow: Ident, bounds: dict[str, Reference]) -> None:
        """A conveyor takes from the queue before it, batch by batch."""
        queue = self.found.leaving[flow]
        shop, stock, service = self.shop, queue.stock, self.services[queue.stock.ident]
        most: Expr = _call("min", Number(float("inf")), *bounds.values())
        accepted = shop.value(stock, "accepted", _unless(self.arrested.get(belt.stock.ident), most))
        state, single = self.queues[stock.ident], belt.conveyor.one_at_a_time
        reading = {"queue": state, "entering": service.entering}
        service.wanted = shop.kernel(stock, "wanted", reading, evaluate=wanted(single))
        reading = {**reading, "wanted": service.wanted, "accepted": accepted}
        evaluate = supplied(single, belt.conveyor.batch_integrity)
        service.supplied = shop.kernel(stock, "supplied", reading, evaluate=evaluate)
        self._drive(flow, service.supplied)
        self._count(belt, service.supplied)

    # --- queues

    def open(self, queue: QueueStock) -> None:
        """The queue's state; what flows into it is not below zero."""
        shop, stock = self.shop, queue.stock
        for flow in stock.inflows:
            if flow not in self.found.driven:
                request = shop.moved(self._flow(flow), "request")
                shop.redefine(self._flow(flow), _call("max", request, _ZERO))
        inflow = _sum([self._rate(flow) for flow in stock.inflows])
        entering = shop.value(stock, "entering", _op("*", inflow, _DT))
        names = {"start": "#start", "stop": "#stop", "dt": DT}
        reading = {key: shop.value(stock, key, Reference(name)) for key, name in names.items()}
        reading["initial"] = shop.here(stock)
        fixed = {"stop": f"the last step of {stock.name}", "dt": f"the time step of {stock.name}"}
        self.queues[stock.ident] = shop.kernel(stock, "queue", reading, initial=opened, fixed=fixed)
        self.services[stock.ident] = _Service(entering)

    def serve(self, queue: QueueStock) -> None:
        """The flows out of a queue in order, and its move."""
        shop, stock, service = self.shop, queue.stock, self.services[queue.stock.ident]
        inflow = _sum([self._rate(flow) for flow in stock.inflows])
        there = _call("max", _op("+", _op("/", shop.here(stock), _DT), inflow), _ZERO)
        left: Expr = shop.value(stock, "there", there)
        blocked: Reference | None = None
        taken: dict[str, Reference] = {}
        emptied = False
        for number, flow in enumerate(stock.outflows):
            if flow in self.found.into:
                assert service.wanted is not None and service.supplied is not None
                taken["supplied"] = service.supplied
                unmet = _call("max", _op("-", service.wanted, service.supplied), _ZERO)
                blocked = shop.value(stock, "blocked", unmet)
            elif queue.overflows[number] and blocked is not None:
                taken["blocked"] = blocked
                self._drive(flow, blocked)
                blocked = None
            elif queue.overflows[number] or emptied:
                shop.redefine(self._flow(flow), _ZERO)
            else:
                shop.redefine(self._flow(flow), left)
                emptied = True
            rest = _call("max", _op("-", left, self._rate(flow)), _ZERO)
            left = shop.value(stock, f"there after {number}", rest)
        reading = {"queue": self.queues[stock.ident], "entering": service.entering, **taken}
        shop.kernel(stock, "serve", reading, advance=serving(emptied, tuple(taken)))
