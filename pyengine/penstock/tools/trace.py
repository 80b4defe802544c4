"""`traceRun`: why a value is what it is. Values of variables, and of every part of equations, as a run has them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from ..compiler import Compiled
from ..errors import error
from ..halts import at_saved_steps, at_start
from ..ir import Function, nodes
from ..model import Ident, canonical
from ..passes.allocate import allocate
from ..passes.probe import Cell, Probe, Spot
from ..passes.subscripts import Counter, scope_of
from ..passes.symbols import Part, Role, Symbol
from ..program import DT, ROW, TIME
from ..protocol import DEFAULT_ENGINE
from ..results import element_names, key
from ..run import Override
from ..vm import Machine
from .parts import Phase, Piece, Root, Written, kind_of, roots_of, taken_apart
from .values import JsonValue, json_value

MAX_VALUES = 2_000_000
"""An answer with more would not fit into a message."""

Row = Sequence[float]


def trace_run(
    compiled: Compiled,
    equations: Sequence[str] = (),
    *,
    overrides: Sequence[Override] = (),
    specs: Mapping[str, Any] | None = None,
    engine: str | None = None,
    first: float | None = None,
    last: float | None = None,
    save: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The answer to the call; see the table. Raises `PenstockError`."""
    chosen = [found for name in equations for found in _chosen(compiled, name)]
    columns = _columns(compiled, save)
    low, high = -math.inf if first is None else first, math.inf if last is None else last
    rows: list[Row] = []
    for row in at_saved_steps(compiled, engine=engine, overrides=overrides, specs=specs):
        slack = 1e-9 * row[DT]
        if row[TIME] > high + slack:
            break
        if row[TIME] >= low - slack:
            rows.append(row)
            _refuse_too_much(len(rows) * len(columns))
    return {
        "model": compiled.model_hash,
        "engine": DEFAULT_ENGINE if engine is None else engine,
        "times": [json_value(row[TIME]) for row in rows],
        "variables": [
            {"name": name, "values": [json_value(row[slot]) for row in rows]}
            for name, slot in columns.items()
        ],
        "equations": _Tracer(compiled, rows, at_start(compiled, overrides, specs)).equations(chosen),
    }


def _refuse_too_much(count: int) -> None:
    if count > MAX_VALUES:
        advice = "Ask for fewer equations, for fewer variables with `save`, or for less time with `first` and `last`."
        raise error("PEN517", call="traceRun", limit=MAX_VALUES, advice=advice)


def _columns(compiled: Compiled, save: Sequence[str] | None) -> dict[str, int]:
    """Slots of the variables that are asked for, by the names of their elements."""
    slots: dict[str, int] = {}
    wanted = None if save is None else {key(name): name for name in save}
    found: set[str] = set()
    for row in compiled.program.variables:
        labels = element_names(row["name"], row.get("dims", ()), compiled.program.dims)
        for number, label in enumerate(labels):
            for name in (key(row["name"]), key(label)):
                if wanted is None or name in wanted:
                    slots[label] = row["slot"] + number
                    found.add(name)
    for name in wanted or ():
        if wanted is not None and name not in found:
            raise error("PEN201", name=wanted[name], advice="Names are those of the model's variables.")
    return slots


# --- which equations


@dataclass(frozen=True, slots=True)
class _Element:
    """A symbol, or one element of an array: its label, its number, and where its equation is."""

    symbol: Symbol
    label: str
    number: int
    part: Part
    cell: Cell


def _chosen(compiled: Compiled, name: str) -> Iterator[_Element]:
    """The elements that a name stands for. Raises PEN201 for unknown names, PEN516 for what has no equation."""
    by_ident = compiled.schedule.symbols.by_ident
    symbol = by_ident.get(canonical(name)) or by_ident.get(canonical(name.partition("[")[0]))
    if symbol is None or symbol.hidden:
        raise error("PEN201", name=name, advice="Names are those of the model's variables.")
    if symbol.role in (Role.LOOKUP, Role.CLOCK):
        reason = f"{symbol.name} has no equation"
        raise error(
            "PEN516", call="traceRun", reason=reason, advice="Ask for a stock, a flow or an auxiliary."
        )
    found = list(_elements(symbol, compiled))
    if key(name) != key(symbol.name):
        found = [element for element in found if key(element.label) == key(name)]
        if not found:
            advice = f"Name an element of {symbol.name} that an equation is for."
            raise error("PEN201", name=name, advice=advice)
    yield from found


def _elements(symbol: Symbol, compiled: Compiled) -> Iterator[_Element]:
    symbols = compiled.schedule.symbols
    dims = [symbols.dims[dim] for dim in symbol.dims]
    names = {str(number): dim.names for number, dim in enumerate(dims)}
    labels = element_names(symbol.name, names, names)
    for part in symbol.parts:
        loops = [
            (key, level)
            for key, level in zip(
                scope_of(part.axes, symbols),
                (level for level, axis in enumerate(part.axes) if axis.dim is not None),
                strict=True,
            )
        ]
        for places in product(*(range(len(axis.positions)) for axis in part.axes)):
            number = 0
            for axis, dim, place in zip(part.axes, dims, places, strict=True):
                number = number * len(dim.elements) + axis.positions[place]
            cell = {loop: part.axes[level].elements[places[level]] for loop, level in loops}
            yield _Element(symbol, labels[number], number, part, cell)


def _agree(inner: Cell, outer: Cell) -> bool:
    return all(outer.get(loop, element) == element for loop, element in inner.items())


# --- their values


@dataclass(frozen=True, slots=True)
class _Column:
    """Values of a node, one list for each element of the loops around it, a value for each row."""

    loops: tuple[Counter, ...]
    elements: list[list[float]]


class _Tracer:
    """Takes equations apart, evaluates them all on each row, and describes what came out."""

    def __init__(self, compiled: Compiled, rows: list[Row], start: Row) -> None:
        self.compiled = compiled
        self.symbols = compiled.schedule.symbols
        self.rows: dict[Phase, list[Row]] = {"step": rows, "start": [start]}
        places = allocate(compiled.schedule)
        self.probes: dict[Phase, Probe] = {
            phase: Probe(compiled.program, self.symbols, places) for phase in self.rows
        }
        self.slots = places.slots

    def equations(self, chosen: Sequence[_Element]) -> list[dict[str, Any]]:
        taken: list[tuple[_Element, str, Root, Written, dict[Phase, dict[int, Spot]]]] = []
        waiting = [(element, "") for element in reversed(chosen)]
        shown: set[tuple[str, Ident]] = set()  # hidden variables, by the variable that they belong to
        while waiting:
            element, within = waiting.pop()
            owner = within or element.label
            inner: dict[Ident, Symbol] = {}
            for root in roots_of(element.symbol, element.part):
                written = taken_apart(root, element.cell, self.symbols)
                taken.append((element, within, root, written, self._asked(written, element.cell)))
                apart = {symbol.ident for symbol in written.inner}
                shown |= {(owner, part.symbol.ident) for part in written.roots} - {
                    (owner, ident) for ident in apart
                }
                inner |= {symbol.ident: symbol for symbol in written.inner}
            for symbol in inner.values():
                if (owner, symbol.ident) not in shown:
                    shown.add((owner, symbol.ident))
                    found = (
                        item for item in _elements(symbol, self.compiled) if _agree(item.cell, element.cell)
                    )
                    waiting += [(item, owner) for item in found]
        if not taken:
            return []
        done = {phase: self._evaluated(phase) for phase in self.rows}
        return [
            self._equation(element, within, root, written, _Values(spots, done))
            for element, within, root, written, spots in taken
        ]

    def _asked(self, written: Written, cell: Cell) -> dict[Phase, dict[int, Spot]]:
        spots: dict[Phase, dict[int, Spot]] = {"step": {}, "start": {}}
        for root in written.roots:
            spots[root.phase] |= self.probes[root.phase].ask(root.part, root.expr, cell)
        count = sum(spot.count for spot in spots["step"].values())
        _refuse_too_much(count * len(self.rows["step"]))
        return spots

    def _evaluated(self, phase: Phase) -> list[Row]:
        probe, rows = self.probes[phase], self.rows[phase]
        if probe.n_slots == self.compiled.program.n_slots:
            return []
        program = probe.program()
        machine = Machine(program)
        slots = _read(program.evaluate, self.compiled.program.n_slots)
        return [machine.evaluated({slot: row[slot] for slot in slots}) for row in rows]

    def _equation(
        self, element: _Element, within: str, root: Root, written: Written, values: _Values
    ) -> dict[str, Any]:
        span = element.part.span if element.part.span.source.text else element.symbol.span
        own: list[float] = []
        if root.name in ("value", "initial value"):
            slot = self.slots[element.symbol.ident] + element.number
            own = [row[slot] for row in self.rows[root.phase]]
        return {
            "variable": _shown(element.label),
            "within": within,
            "part": root.name,
            "when": root.phase,
            "range": list(span.utf16_range()) if span.source.text else None,
            "values": [json_value(value) for value in own],
            "outcome": self._outcome(root, written, own, values),
            "pieces": [self._piece(piece, element, values) for piece in written.pieces],
        }

    def _outcome(self, root: Root, written: Written, own: list[float], values: _Values) -> str:
        """Whether a variable has the value of its equation, or why not."""
        if not own or not written.pieces:
            return "equation"
        first = written.pieces[0].expr
        there = values.of(first, root.phase).elements[0]
        if all(_same(a, b) for a, b in zip(own, there, strict=True)):
            return "equation"
        if root.part.points is not None and root.name == "value":
            return "graphical function"
        return "limited" if first is not root.expr else "set"

    def _piece(self, piece: Piece, element: _Element, values: _Values) -> dict[str, Any]:
        kind, name = kind_of(piece.expr, self.symbols)
        column = values.of(piece.expr, piece.phase)
        tests = [(values.of(condition, piece.phase), side) for condition, side in piece.sides]
        shown: list[JsonValue | None] = []
        for number, of_element in enumerate(column.elements):
            if not tests:
                shown += map(json_value, of_element)
                continue
            for row, value in enumerate(of_element):
                taken = all(
                    (test.elements[number * len(test.elements) // len(column.elements)][row] != 0.0) == side
                    for test, side in tests
                )
                shown.append(json_value(value) if taken else None)
        described: dict[str, Any] = {
            "parent": piece.parent,
            "kind": kind,
            "name": name,
            "when": piece.phase,
            "range": list(piece.span.utf16_range()) if piece.span is not None else None,
            "text": piece.span.text if piece.span is not None else name,
            "values": shown,
        }
        if column.loops:
            described["elements"] = _loop_labels(column.loops)
        if piece.states:
            described["states"] = [
                state for symbol in piece.states for state in self._states(symbol, element.cell)
            ]
        return described

    def _states(self, symbol: Symbol, cell: Cell) -> Iterator[dict[str, Any]]:
        """The hidden states of a call, for the element that the equation is looked at for."""
        for found in _elements(symbol, self.compiled):
            if _agree(found.cell, cell):
                slot = self.slots[symbol.ident] + found.number
                yield {
                    "name": _shown(symbol.name),
                    "kind": symbol.role.value,
                    "values": [json_value(row[slot]) for row in self.rows["step"]],
                }


@dataclass(frozen=True, slots=True)
class _Values:
    """The evaluated rows of a phase, and where the nodes of one equation stand in them."""

    spots: Mapping[Phase, Mapping[int, Spot]]
    rows: Mapping[Phase, list[Row]]

    def of(self, expr: object, phase: Phase) -> _Column:
        spot = self.spots[phase][id(expr)]
        slots = range(spot.slot, spot.slot + spot.count)
        return _Column(spot.loops, [[row[slot] for row in self.rows[phase]] for slot in slots])


def _read(function: Function, n_slots: int) -> Sequence[int]:
    """The slots of a row that a function may read."""
    loads = [node for node in nodes(function) if node.op == "load"]
    found = {node.imm[1] for node in loads if isinstance(node.imm, tuple) and node.imm[0] == ROW}
    return range(n_slots) if any(node.args for node in loads) else sorted(found)


def _loop_labels(loops: Sequence[Counter]) -> list[str]:
    return [",".join(names) for names in product(*(loop.elements for loop in loops))]


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


_OF_MACRO = re.compile(r"#[^>#]*>([^#]+)#([^#]+)")


def _shown(name: str) -> str:
    """A hidden variable as people may know it: a macro's by the call and its own name, others by what they are."""
    found = _OF_MACRO.fullmatch(name)
    if found:
        return f"{found[1]}: {found[2]}"
    return name.rpartition("#")[2] if name.startswith("#") else name
