"""A function with some of its nodes replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..ir import Do, For, Function, If, Node, Reserve, Set, Statement, Store, While

Rule = Callable[[Node, tuple[Node, ...]], Node | None]
"""What takes a node's place, given its new operands; None where they are all that changes."""


def replaced(function: Function, rule: Rule) -> Function:
    """The same function, each node replaced by what the rule says. Nodes that are shared stay shared."""
    return _Replacing(rule).function(function)


class _Replacing:
    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.done: dict[int, Node] = {}

    def function(self, function: Function) -> Function:
        value = None if function.value is None else self.node(function.value)
        return replace(function, body=self.body(function.body), value=value)

    def body(self, body: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(map(self.statement, body))

    def statement(self, statement: Statement) -> Statement:
        match statement:
            case Set(value=value):
                return replace(statement, value=self.node(value))
            case Store(value=value, index=index):
                return replace(
                    statement, value=self.node(value), index=None if index is None else self.node(index)
                )
            case If(condition=condition, then=then, otherwise=otherwise):
                sides = self.body(then), self.body(otherwise)
                return If(self.node(condition), *sides)
            case While(condition=condition, body=body):
                return While(self.node(condition), self.body(body))
            case For(body=body):
                return replace(statement, body=self.body(body))
            case Reserve(count=count):
                return Reserve(self.node(count))
            case Do():
                return statement
        raise AssertionError(statement)

    def node(self, root: Node) -> Node:
        """Without recursion."""
        waiting = [root]
        while waiting:
            node = waiting[-1]
            missing = [arg for arg in node.args if id(arg) not in self.done]
            if missing and id(node) not in self.done:
                waiting.extend(missing)
                continue
            waiting.pop()
            if id(node) not in self.done:
                args = tuple(self.done[id(arg)] for arg in node.args)
                same = all(a is b for a, b in zip(args, node.args, strict=True))
                new = self.rule(node, args)
                self.done[id(node)] = new or (node if same else Node(node.op, node.type, args, node.imm))
        return self.done[id(root)]
