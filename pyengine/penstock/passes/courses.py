"""Which flows conveyors and queues drive, and what is refused about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..errors import Diagnostic, finding
from ..model import Conveyor, Flow, Ident, Leak, Stock, Variable
from ..place import Span
from .belts import Belt
from .lengths import may_vary
from .symbols import Symbol, Symbols


@dataclass(frozen=True, slots=True)
class BeltStock:
    """A conveyor: `out` is the flow at its end, `leaks` those before it in the order of the outflows."""

    stock: Symbol
    conveyor: Conveyor
    shape: Belt
    out: Ident
    leaks: tuple[Ident, ...]


@dataclass(frozen=True, slots=True)
class QueueStock:
    """`overflows` says of each outflow whether it takes only what the others cannot."""

    stock: Symbol
    overflows: tuple[bool, ...]


@dataclass(slots=True)
class Courses:
    """`carried` are the flows that a conveyor drives, `leaving` those that a queue does; `into` conveyors they lead."""

    belts: dict[Ident, BeltStock] = field(default_factory=dict)
    queues: dict[Ident, QueueStock] = field(default_factory=dict)
    carried: dict[Ident, BeltStock] = field(default_factory=dict)
    leaving: dict[Ident, QueueStock] = field(default_factory=dict)
    into: dict[Ident, BeltStock] = field(default_factory=dict)

    @property
    def driven(self) -> set[Ident]:
        """Flows whose equations do not count."""
        return {*self.carried, *self.leaving}


def courses(symbols: Symbols, variables: Iterable[Variable]) -> tuple[Courses, list[Diagnostic]]:
    """The conveyors and queues of a model, and what cannot be run about them."""
    variables = list(variables)
    found, findings = Courses(), list[Diagnostic]()
    flows = {item.ident: item for item in variables if isinstance(item, Flow)}
    stocks = [
        (item, symbols.by_ident[item.ident])
        for item in variables
        if isinstance(item, Stock) and (item.conveyor is not None or item.queue)
    ]
    entered: set[Ident] = set()
    for variable, stock in stocks:
        findings += _unfit(variable, stock, symbols)
        findings += _shared(stock, stock.inflows, entered, "into")
        entered |= set(stock.inflows)
        if variable.conveyor is None:
            overflows = tuple(flow in flows and flows[flow].overflow for flow in stock.outflows)
            queue = QueueStock(stock, overflows)
            found.queues[stock.ident] = queue
            findings += _shared(stock, stock.outflows, found.driven, "out of")
            found.leaving |= dict.fromkeys(stock.outflows, queue)
            continue
        belt = _belt(variable.conveyor, stock, flows, symbols, findings)
        if belt is not None:
            found.belts[stock.ident] = belt
            findings += _shared(stock, stock.outflows, found.driven, "out of")
            found.carried |= dict.fromkeys((belt.out, *belt.leaks), belt)
            found.into |= dict.fromkeys(stock.inflows, belt)
    for flow in flows.values():
        findings += _misplaced(flow, found)
    for queue in found.queues.values():
        findings += _unfit_queue(queue, found)
    for belt in found.belts.values():
        findings += _unfit_feeding(belt, found)
    return found, findings


def _refused(construct: str, span: Span, advice: str) -> Diagnostic:
    return finding("PEN401", span, construct=construct, advice=advice)


def _unfit(variable: Stock, stock: Symbol, symbols: Symbols) -> Iterator[Diagnostic]:
    kind = "conveyor" if variable.conveyor is not None else "queue"
    what = f"the {kind} {stock.name}"
    if symbols.method.name != "euler":
        construct = f"{what} with method {symbols.method.name}"
        yield _refused(construct, stock.span, "Use Euler integration: it moves once in a whole step.")
    if variable.conveyor is not None and variable.queue:
        yield _refused(f"{stock.name} as a conveyor and a queue", stock.span, "Keep one of the two.")
    for flow in (*stock.inflows, *stock.outflows):
        if symbols.by_ident[flow].kind != "flow":
            yield finding("PEN210", stock.span, flow=symbols.by_ident[flow].name, stock=stock.name)
    if any(symbols.by_ident[flow].dims != stock.dims for flow in (*stock.inflows, *stock.outflows)):
        advice = "Give its flows the same dimensions."
        yield _refused(f"{what} with flows of other dimensions", stock.span, advice)
    if len({*stock.inflows, *stock.outflows}) != len(stock.inflows) + len(stock.outflows):
        yield _refused(f"{what} with a flow that is listed twice", stock.span, "List each flow once.")


def _belt(
    conveyor: Conveyor,
    stock: Symbol,
    flows: dict[Ident, Flow],
    symbols: Symbols,
    findings: list[Diagnostic],
) -> BeltStock | None:
    """The leaks are the outflows that are marked; where none is, all but the first."""
    marked = [flow for flow in stock.outflows if flow in flows and flows[flow].leak is not None]
    plain = [flow for flow in stock.outflows if flow not in marked]
    if not marked:
        plain, marked = plain[:1], plain[1:]
    if len(plain) != 1:
        number = "more than one outflow at the end" if plain else "no outflow at the end"
        advice = "Give it one outflow that is no leak, and mark all others as leaks."
        findings.append(_refused(f"the conveyor {stock.name} with {number}", stock.span, advice))
        return None
    zones = []
    for flow in marked:
        leak = flows[flow].leak if flow in flows else None
        leak = leak or Leak()
        zones.append((leak.start, leak.end))
    varying = not zones and may_vary(conveyor.length, symbols)
    shape = Belt(tuple(zones), conveyor.exponential, conveyor.discrete, varying)
    return BeltStock(stock, conveyor, shape, plain[0], tuple(marked))


def _shared(stock: Symbol, flows: Iterable[Ident], taken: set[Ident], way: str) -> Iterator[Diagnostic]:
    for flow in flows:
        if flow in taken:
            construct = f"the flow {flow} {way} {stock.name} and another conveyor or queue"
            yield _refused(construct, stock.span, "Give each of the stocks a flow of its own.")


def _misplaced(flow: Flow, found: Courses) -> Iterator[Diagnostic]:
    if flow.leak is not None and flow.ident not in found.carried:
        advice = "Make the stock that it leaves a conveyor."
        yield _refused(f"a leak ({flow.name}) that leaves no conveyor", flow.span, advice)
    if flow.overflow and flow.ident not in found.leaving:
        advice = "Make the stock that it leaves a queue."
        yield _refused(f"an overflow ({flow.name}) that leaves no queue", flow.span, advice)


def _unfit_queue(queue: QueueStock, found: Courses) -> Iterator[Diagnostic]:
    stock = queue.stock
    if queue.overflows[:1] == (True,):
        advice = "List an outflow before it."
        yield _refused(f"an overflow as the first outflow of the queue {stock.name}", stock.span, advice)
    if any(flow in found.into for flow in stock.outflows[1:]):
        advice = "List the outflow into the conveyor first; the others may lead to stocks."
        yield _refused(f"a conveyor behind a later outflow of the queue {stock.name}", stock.span, advice)


def _unfit_feeding(belt: BeltStock, found: Courses) -> Iterator[Diagnostic]:
    stock = belt.stock
    asking = [flow for flow in stock.inflows if flow not in found.carried]
    if not any(flow in found.leaving for flow in asking):
        return
    if not belt.conveyor.discrete:
        construct = f"the conveyor {stock.name}, which is not discrete, behind a queue"
        yield _refused(construct, stock.span, 'XMILE requires it to be discrete: write discrete="true".')
    if len(asking) > 1:
        construct = f"the conveyor {stock.name} with a queue and other inflows"
        yield _refused(construct, stock.span, "Let the queue be the only inflow, or let it all queue.")
