"""Stores forwarded to loads: a variable that was computed in a function is read from a local, not from memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..changing import replace
from ..ir import (
    Copy,
    Do,
    Fill,
    For,
    Function,
    If,
    Immediate,
    Node,
    Reserve,
    Set,
    SetGlobal,
    Statement,
    Store,
    While,
    load,
    local,
    nodes,
    postorder,
    statements,
)
from ..ops import F64

Place = tuple[str, int]
"""Region and offset of a scalar."""

_ATOMS = ("const", "local")


def forwarded(function: Function) -> Function:
    """The same function; loads of scalars that it has stored before become locals.

    What a ``while`` loop stores stays in locals from one turn to the next.
    """
    wanted = {node.imm for node in nodes(function) if node.op == "load" and not node.args}
    return replace(function, body=tuple(_Forwarding(wanted).body(function.body, {})))


@dataclass
class _Forwarding:
    """`mirrored` are places that a local has the value of, whatever way is taken: those that the loops around
    store."""

    wanted: set[Immediate]
    mirrored: frozenset[Place] = frozenset()

    def body(self, body: Iterable[Statement], known: dict[Place, Node]) -> Iterator[Statement]:
        """`known` says which node holds what is stored at a place; it is brought up to date."""
        for statement in body:
            match statement:
                case Store(region=region, offset=offset, value=value, index=None):
                    value = self.node(value, known)
                    place = (region, offset)
                    _drop(_name(place), known)
                    if place in self.wanted:
                        if value.op not in _ATOMS or place in self.mirrored:
                            yield Set(_name(place), value)
                            value = local(_name(place), value.type)
                        known[place] = value
                    yield replace(statement, value=value)
                case Store(index=index, value=value):
                    assert index is not None
                    statement = replace(
                        statement, value=self.node(value, known), index=self.node(index, known)
                    )
                    self.forget((statement,), known)
                    yield statement
                case Set(value=value) | SetGlobal(value=value):
                    value = self.node(value, known)
                    if isinstance(statement, Set):
                        _drop(statement.name, known)
                    yield replace(statement, value=value)
                case If(condition=condition, then=then, otherwise=otherwise):
                    condition = self.node(condition, known)
                    sides = [tuple(self.body(side, dict(known))) for side in (then, otherwise)]
                    self.forget((*then, *otherwise), known)
                    yield If(condition, sides[0], sides[1])
                case While(condition=condition, body=inner):
                    fresh = self.carried(inner) - self.mirrored
                    for place in sorted(fresh):
                        yield Set(_name(place), self.node(load(*place), known))
                    self.forget(inner, known)
                    outside, self.mirrored = self.mirrored, self.mirrored | fresh
                    yield While(self.node(condition, known), tuple(self.body(inner, dict(known))))
                    self.mirrored = outside
                case For(body=inner):
                    self.forget(inner, known)
                    yield replace(statement, body=tuple(self.body(inner, dict(known))))
                case Reserve(count=count):
                    yield Reserve(self.node(count, known))
                case Do() | Copy() | Fill():
                    known.clear()
                    yield statement

    def carried(self, body: tuple[Statement, ...]) -> frozenset[Place]:
        """The scalars that a loop stores and reads, and that nothing else in it can overwrite."""
        inner = list(statements(body))
        if any(isinstance(statement, (Do, Copy, Fill)) for statement in inner):
            return frozenset()
        stores = [statement for statement in inner if isinstance(statement, Store)]
        lowest = {
            store.region: min(s.offset for s in stores if s.index is not None and s.region == store.region)
            for store in stores
            if store.index is not None
        }
        places = {(store.region, store.offset) for store in stores if store.index is None}
        return frozenset(
            place
            for place in places
            if place in self.wanted and place[1] < lowest.get(place[0], place[1] + 1)
        )

    def forget(self, body: tuple[Statement, ...], known: dict[Place, Node]) -> None:
        """Drop what the statements may overwrite; an indexed store may write at and behind its offset."""
        for statement in statements(body):
            if isinstance(statement, Store):
                for region, offset in list(known):
                    if region == statement.region and (
                        offset == statement.offset
                        or (statement.index is not None and offset > statement.offset)
                    ):
                        del known[region, offset]
                _drop(_name((statement.region, statement.offset)), known)
            elif isinstance(statement, (Set, For)):
                _drop(statement.name, known)
            elif isinstance(statement, (Do, Copy, Fill)):
                known.clear()

    def node(self, root: Node, known: dict[Place, Node]) -> Node:
        """The tree with loads of known places replaced; unchanged parts are shared."""
        new: dict[int, Node] = {}
        for node in postorder(root, set()):
            if node.op == "load" and not node.args and node.imm in self.mirrored and node.type is F64:
                new[id(node)] = local(_name(node.imm))
            elif (
                node.op == "load"
                and not node.args
                and node.imm in known
                and node.type is known[node.imm].type
            ):
                new[id(node)] = known[node.imm]
            else:
                args = tuple(new[id(arg)] for arg in node.args)
                unchanged = all(a is b for a, b in zip(args, node.args, strict=True))
                new[id(node)] = node if unchanged else Node(node.op, node.type, args, node.imm)
        return new[id(root)]


def _name(place: Place) -> str:
    """The local that holds what was stored at a place."""
    return f"{place[0]} {place[1]}"


def _drop(name: str, known: dict[Place, Node]) -> None:
    """Forget the places whose value a local holds that gets another one."""
    for place in [place for place, node in known.items() if node.op == "local" and node.imm == name]:
        del known[place]
