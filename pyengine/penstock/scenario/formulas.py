"""Formulas over values that stand outside of any model: compiled by the compiler, run by the oracle.

So a property of a scenario means what the same text means in a model, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..compiler import compile_text
from ..errors import PenstockError, error
from ..expr import Reference, walk
from ..model import canonical
from ..read import read_text
from ..vm import Machine

_STARTS = "time 0 to 1\n"
_RESULT = "aux the result = "


class Formula:
    """A formula of `names`, as written, in the order in which they first stand in the text.

    `path` says where the text is, for messages. Raises `PenstockError` where the text is no expression, or one that
    remembers (delays, integrals, random draws): its value would depend on more than its names.
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        if "\n" in text or "\r" in text:
            raise error("PEN551", path=path, problem="has more than one line", advice="Write it on one.")
        try:
            plain, self.names = _plain(text)
            inputs = "".join(f"const x{i} = 0\n" for i in range(len(self.names)))
            program = compile_text(f"{_STARTS}{inputs}{_RESULT}{plain}", path, "pen").program
        except PenstockError as problem:
            first = problem.diagnostics[0]
            reason = f"is no formula: {first.code} {first.message}"
            raise error("PEN551", path=path, problem=reason, advice=first.advice) from None
        if program.stocks.count or program.memories.count:
            advice = "Let a variable of the model remember, and name it here."
            raise error("PEN551", path=path, problem="remembers what was before", advice=advice)
        self._machine = Machine(program)
        numbers = {row["name"]: row["input"] for row in program.inputs}
        self._inputs = [numbers[f"x{i}"] for i in range(len(self.names))]
        row = next(row for row in program.variables if canonical(row["name"]) == "the_result")
        self._slot = next(
            run.slot + row["column"] - run.column
            for run in (*program.varying, *program.fixed)
            if run.column <= row["column"] < run.column + run.count
        )

    def __call__(self, values: Sequence[float]) -> float:
        """The value for those of the names, in their order. One that is not finite makes the formula NaN."""
        machine = self._machine
        machine.reset()
        for number, value in zip(self._inputs, values, strict=True):
            if machine.set_value(number, value):
                return float("nan")
        machine.run_initials()
        return machine.row[self._slot]

    def of(self, value: Callable[[str], float]) -> float:
        """The value where each name's is what `value` says."""
        return self([value(name) for name in self.names])


def _plain(text: str) -> tuple[str, list[str]]:
    """The text with x0, x1, … for the names in it, and the names."""
    before = _STARTS + _RESULT
    expression = read_text(before + text, "formula.pen").model.variables[0].equations[0].expr
    nodes = () if expression is None else walk(expression)
    spans = sorted({(node.span.start, node.span.end) for node in nodes if isinstance(node, Reference)})
    numbers: dict[str, int] = {}
    pieces, done = [], len(before)
    for start, end in spans:
        if start < done:  # within the subscripts of the one before
            continue
        name = text[start - len(before) : end - len(before)]
        pieces.append(
            text[done - len(before) : start - len(before)] + f"x{numbers.setdefault(name, len(numbers))}"
        )
        done = end
    return "".join(pieces) + text[done - len(before) :], list(numbers)
