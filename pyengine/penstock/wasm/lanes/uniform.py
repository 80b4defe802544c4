"""What is the same in all lanes: it is computed once, and may decide which way all of them go."""

from __future__ import annotations

from collections.abc import Callable

from ...ir import For, Function, If, Node, Set, Statement, While, postorder
from ...ops import I32
from ...program import DT, GIVEN, INPUT, RING, ROW, SAVE_STEP, START, STEP, STOP, TIME
from ..driver.shorthand import BEFORE, FOLLOWING, SLOPES

HINTS = "hints"
"""Where lookups remember, for each lane, in which segment of the region ``points`` a point was found last."""

LANED = frozenset((ROW, GIVEN, INPUT, BEFORE, SLOPES, FOLLOWING, RING, HINTS))
"""Regions that hold a double for each lane, side by side. Of the others there is one for all."""

CLOCK = frozenset((TIME, DT, START, STOP, SAVE_STEP, STEP))
"""Slots of the row that are the same in all lanes; in a program without rings also that of their top."""

_TESTS = frozenset(("eqz", "eq", "ne", "lt", "gt", "le", "ge", "lt_s", "lt_u", "ge_s"))


class Uniform:
    """Of one function: its locals and nodes that are the same in all lanes, and its truths."""

    def __init__(self, function: Function, slots: frozenset[int] = CLOCK) -> None:
        self._slots = slots
        self.varying: set[str] = set()
        self.integers: set[str] = set()  # i32 locals that are more than truths
        before = -1
        while len(self.varying) + len(self.integers) != before:
            before = len(self.varying) + len(self.integers)
            self._uniform = _Memo(self._is_uniform)
            self._truth = _Memo(self._is_truth)
            self._walk(function.body, False)

    def _walk(self, body: tuple[Statement, ...], divided: bool) -> None:
        """`divided` where lanes may go different ways."""
        for statement in body:
            match statement:
                case Set(name=name, value=value):
                    if divided or not self.has(value):
                        self.varying.add(name)
                    if value.type is I32 and not self.is_truth(value):
                        self.integers.add(name)
                case If(condition=condition, then=then, otherwise=otherwise):
                    inner = divided or not self.has(condition)
                    self._walk(then, inner)
                    self._walk(otherwise, inner)
                case While(condition=condition, body=inside):
                    self._walk(inside, divided or not self.has(condition))
                case For(name=name, body=inside):
                    self.integers.add(name)
                    self._walk(inside, divided)

    def has(self, root: Node) -> bool:
        """Whether a node has the same value in all lanes."""
        return self._uniform.of(root)

    def is_truth(self, root: Node) -> bool:
        """Whether an i32 is 0 or 1, by how it is made."""
        return self._truth.of(root)

    def _is_uniform(self, node: Node, known: dict[int, bool]) -> bool:
        if node.op == "local":
            return str(node.imm) not in self.varying
        if node.op == "load":
            assert isinstance(node.imm, tuple)
            region, offset = node.imm
            if region in LANED and not (region == ROW and not node.args and offset in self._slots):
                return False
        return all(known[id(arg)] for arg in node.args)

    def _is_truth(self, node: Node, known: dict[int, bool]) -> bool:
        if node.type is not I32:
            return False
        name = node.op.partition(".")[2]
        if name in _TESTS:
            return True
        if name in ("and", "or", "xor"):
            return all(known[id(arg)] for arg in node.args)
        match node.op:
            case "const":
                return node.imm in (0, 1)
            case "local":
                return str(node.imm) not in self.integers
            case "if":
                return all(known[id(arg)] for arg in node.args[1:])
        return False


class _Memo:
    """A rule for nodes, by those of their operands."""

    def __init__(self, rule: Callable[[Node, dict[int, bool]], bool]) -> None:
        self._rule = rule
        self._known: dict[int, bool] = {}
        self._seen: set[int] = set()

    def of(self, root: Node) -> bool:
        if id(root) not in self._known:
            for node in postorder(root, self._seen):
                self._known[id(node)] = self._rule(node, self._known)
        return self._known[id(root)]
