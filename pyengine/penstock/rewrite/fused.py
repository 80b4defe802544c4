"""Loops over the same elements made one loop, in which what one equation stores the next has in a local.

Equations of arrays are a loop each. Where each turn of one reads no more of what the other writes than the same
elements, running them turn by turn side by side gives the same values, and memory is passed over once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..changing import replace
from ..ir import For, Function, If, Node, Set, Statement, Store, While, local, postorder, statements, uses
from .lazy import before, written

Body = tuple[Statement, ...]
_Places = dict[int, list[tuple[int, Node | None]]]
"""Offset and index, by variable."""
_MOST = 64
"""Statements of one loop; in larger ones values would not stay in registers."""


def fused(function: Function, region: str, starts: Sequence[int]) -> Function:
    """The same function. `starts` are the ascending first offsets of a region's variables: what has an index lies in
    the variable of its offset."""
    if not starts or not any(isinstance(statement, For) for statement in statements(function.body)):
        return function
    fusing = _Fusing(region, lambda offset: starts[bisect_right(starts, offset) - 1])
    return replace(function, body=fusing.body(function.body))


@dataclass(frozen=True, slots=True)
class _Loop:
    """A loop with the locals that it takes from outside, those that it gives a value, and its places."""

    statement: For
    read: frozenset[str]
    written: frozenset[str]
    loaded: _Places
    stored: _Places

    def joined(self, other: _Loop) -> _Loop:
        """Both, turn by turn."""
        return _Loop(
            replace(self.statement, body=self.statement.body + other.statement.body),
            self.read | other.read,
            self.written | other.written,
            _together(self.loaded, other.loaded),
            _together(self.stored, other.stored),
        )


class _Fusing:
    def __init__(self, region: str, variable: Callable[[int], int]) -> None:
        self.region = region
        self.variable = variable

    def body(self, body: Body) -> Body:
        done: list[Statement] = []
        last: _Loop | None = None
        for statement in body:
            loop = self.loop(statement) if isinstance(statement, For) else None
            if last is not None and loop is not None and self.go_together(last, loop):
                last = last.joined(loop)
                done[-1] = last.statement
            else:
                last = loop
                done.append(statement)
        return tuple(map(self.inside, done))

    def inside(self, statement: Statement) -> Statement:
        match statement:
            case For(body=body):
                return replace(statement, body=self.kept(self.body(body)))
            case While(body=body):
                return replace(statement, body=self.body(body))
            case If(then=then, otherwise=otherwise):
                return replace(statement, then=self.body(then), otherwise=self.body(otherwise))
        return statement

    # --- which loops go together

    def loop(self, statement: For) -> _Loop | None:
        places = self.places(statement.body)
        if places is None:
            return None
        return _Loop(statement, _read(statement) - {statement.name}, written(statement), *places)

    def go_together(self, a: _Loop, b: _Loop) -> bool:
        one, two = a.statement, b.statement
        if (one.name, one.count) != (two.name, two.count) or len(one.body) + len(two.body) > _MOST:
            return False
        if not a.read.isdisjoint(b.written) or not b.read.isdisjoint(a.written):
            return False
        shared = (a.stored.keys() & (b.loaded.keys() | b.stored.keys())) | (b.stored.keys() & a.loaded.keys())
        for variable in shared:
            places = (a.loaded, a.stored, b.loaded, b.stored)
            touched = [place for found in places for place in found.get(variable, ())]
            if len({(offset, id(index)) for offset, index in touched}) > 1:
                return False
            if not _follows(touched[0][1], one.name):
                return False
        return True

    def places(self, body: Body) -> tuple[_Places, _Places] | None:
        """What is loaded and stored, by variable; None where a loop does more than compute elements."""
        loaded: _Places = {}
        stored: _Places = {}
        seen: set[int] = set()
        for statement in statements(body):
            if not isinstance(statement, (Set, Store, For)):
                return None
            if isinstance(statement, Store):
                if statement.region != self.region:
                    return None
                place = (statement.offset, statement.index)
                stored.setdefault(self.variable(statement.offset), []).append(place)
            for root in uses(statement):
                for node in postorder(root, seen):
                    if node.op == "load" and isinstance(node.imm, tuple) and node.imm[0] == self.region:
                        place = (node.imm[1], node.args[0] if node.args else None)
                        loaded.setdefault(self.variable(node.imm[1]), []).append(place)
        return loaded, stored

    # --- what stays in locals

    def kept(self, body: Body) -> Body:
        """The body of one turn, with elements that it has stored taken from locals."""
        wanted = {
            (node.imm[1], id(node.args[0]))
            for statement in body
            for root in uses(statement)
            for node in postorder(root, set())
            if node.op == "load" and node.args and isinstance(node.imm, tuple) and node.imm[0] == self.region
        }
        known: dict[tuple[int, int], Node] = {}
        numbers: dict[int, int] = {}
        done: list[Statement] = []
        for statement in body:
            if not isinstance(statement, (Set, Store)):
                self._forget(statement, known)
                done.append(statement)
                continue
            value = self._taken(statement.value, known)
            if isinstance(statement, Store):
                self._forget(statement, known)
                place = (statement.offset, id(statement.index))
                if statement.index is not None and statement.region == self.region and place in wanted:
                    number = numbers.setdefault(place[1], len(numbers))
                    name = f"{self.region} {statement.offset} at {number}"
                    done.append(Set(name, value))
                    known[place] = value = local(name, value.type)
            else:
                for place in [place for place, node in known.items() if node.imm == statement.name]:
                    del known[place]
            done.append(replace(statement, value=value))
        return tuple(done)

    def _forget(self, statement: Statement, known: dict[tuple[int, int], Node]) -> None:
        changed = {
            self.variable(inner.offset)
            for inner in statements((statement,))
            if isinstance(inner, Store) and inner.region == self.region
        }
        for place in [place for place in known if self.variable(place[0]) in changed]:
            del known[place]

    def _taken(self, root: Node, known: dict[tuple[int, int], Node]) -> Node:
        if not known:
            return root
        new: dict[int, Node] = {}
        for node in postorder(root, set()):
            if node.op == "load" and node.args and isinstance(node.imm, tuple) and node.imm[0] == self.region:
                held = known.get((node.imm[1], id(node.args[0])))
                if held is not None and held.type is node.type:
                    new[id(node)] = held
                    continue
            args = tuple(new[id(arg)] for arg in node.args)
            unchanged = all(a is b for a, b in zip(args, node.args, strict=True))
            new[id(node)] = node if unchanged else Node(node.op, node.type, args, node.imm)
        return new[id(root)]


def _together(a: _Places, b: _Places) -> _Places:
    return {variable: a.get(variable, []) + b.get(variable, []) for variable in a.keys() | b.keys()}


def _read(loop: For) -> frozenset[str]:
    """The locals that a loop takes from outside."""
    here: frozenset[str] = frozenset()
    for inner in reversed(loop.body):
        here = before(inner, here)
    return here


def _follows(index: Node | None, counter: str) -> bool:
    """Whether each turn has elements of its own: the counter's multiple, plus what other counters add."""
    if index is None:
        return False
    found = list(postorder(index, set()))
    plain = all(node.op in ("local", "const", "i32.add", "i32.mul") for node in found)
    return plain and any(node.op == "local" and node.imm == counter for node in found)
