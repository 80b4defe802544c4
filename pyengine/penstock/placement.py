"""Where to compute a shared value: before the innermost ``if`` around all its uses, or in the branch they share.

Both engines need this, because only one side of an ``if`` is evaluated: a value used on both sides, or on one
side and behind it, must be there before the choice is made, and must not be computed twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from .ir import Node, postorder

_CHEAP = ("const", "local")


@dataclass(frozen=True, slots=True)
class Placement:
    """For the tree below one root: the nodes (by identity) with more than one use, constants and locals left
    out, and for each ``if`` what must be computed before it, operands first."""

    shared: frozenset[int]
    before: dict[int, list[Node]]


def place(root: Node) -> Placement:
    if not root.args:
        return Placement(frozenset(), {})
    order = list(postorder(root, set()))
    used: set[int] = set()
    again: set[int] = set()
    for node in order:
        for arg in node.args:
            (again if id(arg) in used else used).add(id(arg))
    shared = frozenset([id(node) for node in order if id(node) in again and node.op not in _CHEAP])
    before: dict[int, list[Node]] = {}
    if not shared or not any(node.op == "if" for node in order):
        return Placement(shared, before)
    regions = _Regions()
    region = {id(root): 0}
    used_in: dict[int, list[int]] = {}  # regions of a node's uses
    for node in reversed(order):  # users come before what they use
        here = region[id(node)]
        if node.op == "if":
            places = [here, regions.inside(here, node), regions.inside(here, node)]
        else:
            places = [here] * len(node.args)
        for arg, there in zip(node.args, places, strict=True):
            known = region.get(id(arg))
            region[id(arg)] = there if known is None else regions.common(known, there)
            if id(arg) in shared:
                used_in.setdefault(id(arg), []).append(there)
    for node in order:
        if id(node) in shared:
            here = region[id(node)]
            owners = {
                id(owner): owner for there in used_in[id(node)] if (owner := regions.entry(here, there))
            }
            for owner in owners.values():
                before.setdefault(id(owner), []).append(node)
    return Placement(shared, before)


class _Regions:
    """The branches of all ``if``s as a tree; region 0 is outside of them."""

    def __init__(self) -> None:
        self.parent = [0]
        self.depth = [0]
        self.owner: list[Node | None] = [None]

    def inside(self, outer: int, owner: Node) -> int:
        self.parent.append(outer)
        self.depth.append(self.depth[outer] + 1)
        self.owner.append(owner)
        return len(self.parent) - 1

    def common(self, a: int, b: int) -> int:
        while a != b:
            if self.depth[a] >= self.depth[b]:
                a = self.parent[a]
            else:
                b = self.parent[b]
        return a

    def entry(self, outer: int, inner: int) -> Node | None:
        """The ``if`` directly in `outer` through which one gets to `inner`; None where they are the same."""
        owner = None
        while inner != outer:
            owner = self.owner[inner]
            inner = self.parent[inner]
        return owner
