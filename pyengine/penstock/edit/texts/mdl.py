"""The parts of a Vensim file that edits replace: fields of blocks, and arguments of INTEG."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ...errors import PenstockError, error
from ...expr import Binary
from ...model import Equation, Points, Slider, Stock, Variable, canonical
from ...read.lexer import Token, passage, tokenize
from ...read.mdl.assemble import CONTROLS
from ...read.mdl.blocks import Block
from ...read.mdl.equations import join_units, split_units
from ...read.mdl.settings import METHODS
from ...write.expression import Printer
from ...write.losses import Losses
from ...write.mdl.arrays import Arrays
from ...write.mdl.equations import Equations, block
from ...write.mdl.sketch import END, HEADER
from ..meaning import Scope
from .base import Range, bare_range
from .mdl_views import STOP, MdlViews

_BRACKET = re.compile(r"\[([^\[\]]*)\]\s*$")
_FORMS: Mapping[str, tuple[str, ...]] = {
    "integ": ("rate", "value"),
    "active_initial": ("value", "initial"),
    "with_lookup": ("value", "points"),
}
_METHOD = re.compile(r"^15:[^,\n]*,[^,\n]*,[^,\n]*,[ \t]*([0-9]+)", re.MULTILINE)


class MdlText(MdlViews):
    """One Vensim file."""

    # Equations.

    def part(self, scope: Scope, variable: Variable, index: int, part: str) -> tuple[int, int]:
        """Where a part of an equation stands: its value, a stock's rate, what replaces it at the start."""
        here = self._block(variable.equations[index].span.start)
        found = self._parts(here)
        if part == "initial" and isinstance(variable, Stock):
            part = "value"
        if part not in found:
            raise error(
                "PEN902", edit=f"a new {part}", reason=f"{variable.name} has none", advice="Set its value."
            )
        return found[part]

    def _block(self, start: int) -> Block:
        return next(item for item, _ in self.blocks if item.start <= start < max(item.end, item.start + 1))

    def _blocks(self, variable: Variable) -> list[Block]:
        return [self._block(item.span.start) for item in variable.equations]

    def _parts(self, here: Block) -> dict[str, tuple[int, int]]:
        tokens = tokenize(passage(self.source, here.start, here.end), self.dialect)
        at = next((n for n, item in enumerate(tokens) if item.kind in ("=", ":=", "==")), None)
        if at is None or tokens[at + 1].kind == "end":
            return {}
        whole = tokens[at + 1].start, tokens[-2].end
        names = _FORMS.get(canonical(tokens[at + 1].text)) if tokens[at + 2].kind == "(" else None
        if names is None:
            return {"value": whole}
        return dict(zip(names, _arguments(tokens, at + 2), strict=False))

    def written(self, text: str) -> str:
        return text

    def slice(self, start: int, end: int) -> str:
        """A part of an equation, as it may stand in another."""
        return self.text[start:end]

    def points(self, scope: Scope, variable: Variable, index: int, points: Points) -> list[Range]:
        old = variable.equations[index].lookup
        assert old is not None
        return [(old.span.start, old.span.end, self._equations(variable)._points(points, variable))]

    def _equations(self, variable: Variable) -> Equations:
        """A writer for one variable; what it cannot say, the proof finds."""
        losses = Losses("Vensim")
        model = self.read.model
        sizes = {item.name: len(item.elements) for item in model.dimensions}
        return Equations(
            Printer(self.dialect, losses), Arrays(replace(model, variables=(variable,)), losses), sizes
        )

    # Fields.

    def units(self, scope: Scope, variable: Variable, units: str) -> list[Range]:
        here = self._saying(variable, lambda item: bool(split_units(item.units)[0]))
        start, end = self._field(here, 1)
        bracket = _BRACKET.search(self.text, start, end)
        if bracket is None:
            return [(*bare_range(self.text, start, end), units)]
        first, last = bare_range(self.text, start, bracket.start())
        return [(first, last, f"{units} " if units and last == bracket.start() else units)]

    def documentation(self, scope: Scope, variable: Variable, text: str) -> list[Range]:
        here = self._saying(variable, lambda item: bool(item.documentation))
        written = self._equations(variable).documentation(text, variable.name)
        return [(*bare_range(self.text, *self._field(here, 2)), written)]

    def limits(
        self,
        scope: Scope,
        variable: Variable,
        limits: tuple[float | None, float | None] | None,
        slider: Slider | None,
    ) -> list[Range]:
        here = self._saying(variable, lambda item: split_units(item.units)[1] is not None)
        start, end = bare_range(self.text, *self._field(here, 1))
        bracket = _BRACKET.search(self.text, start, end)
        stop = bracket.start() if bracket else end
        bare = self.text[start:stop].rstrip()
        written = join_units(bare, limits, slider.step if slider else None)
        return [(start + len(bare), end, written[len(bare) :])]

    def _saying(self, variable: Variable, says: object) -> Block:
        """The block that says something about the whole variable; the last where none does yet."""
        found = self._blocks(variable)
        assert callable(says)
        return next((item for item in found if says(item)), found[-1])

    def _field(self, here: Block, field: int) -> tuple[int, int]:
        """The units (1) or the documentation (2) of a block, the marks around it left out."""
        bar = self._bar(here)
        at = here.end
        if self.text[at] != "~":
            raise self._without_fields(here)
        starts = [at + 1]
        second = self.text.find("~", at + 1, bar)
        if second < 0:
            if field == 2:
                raise self._without_fields(here)
            return at + 1, bar
        starts.append(second + 1)
        if field == 1:
            return starts[0], second
        flags = re.compile(r"~\s*:[^~|]*\Z").search(self.text, starts[1], bar)
        return starts[1], flags.start() if flags else bar

    def _without_fields(self, here: Block) -> PenstockError:
        name = self.text[here.start : here.end].split("=")[0].strip()
        reason = f"the equation of {name} has no such field"
        return error("PEN902", edit="this", reason=reason, advice="Write ~ units ~ documentation behind it.")

    def _bar(self, here: Block) -> int:
        return self.text.index("|", here.end)

    # Settings.

    def setting(self, field: str, text: str) -> list[Range]:
        """A setting of the clock: `text` is an expression, the name of a method, or units."""
        if field == "method":
            return self._method(text)
        controls = {
            CONTROLS[ident]: item
            for item, scope in self.blocks
            if item.group is None and not scope.kind
            for ident in [canonical(self.text[item.start : item.end].partition("=")[0])]
            if ident in CONTROLS
        }
        if field == "time_units":
            return [(*bare_range(self.text, *self._units_of(item)), text) for item in controls.values()]
        if field in controls:
            return [(*self._parts(controls[field])["value"], text)]
        name = next(ident for ident, key in CONTROLS.items() if key == field).replace("_", " ").upper()
        at = self._after(controls["dt"])
        return [(at, at, block(f"{name} =\n\t{text}", self.read.model.specs.time_units, ""))]

    def _units_of(self, here: Block) -> tuple[int, int]:
        start, end = self._field(here, 1)
        bracket = _BRACKET.search(self.text, start, end)
        return start, bracket.start() if bracket else end

    def _method(self, method: str) -> list[Range]:
        numbers = {name: key for key, (name, known) in METHODS.items() if known}
        if method not in numbers:
            advice = f"Choose one of {', '.join(numbers)}."
            raise error(
                "PEN902", edit=f"the method {method}", reason="Vensim does not have it", advice=advice
            )
        match = _METHOD.search(self.text, self.end)
        if match is not None:
            return [(*match.span(1), numbers[method])]
        at = len(self.text)
        gap = "" if self.text.endswith("\n") else "\n"
        header = "" if STOP.search(self.text, self.end) else (HEADER if self.end == at else "") + END
        return [(at, at, f"{gap}{header}:L\x7f<%^E!@\n15:0,0,0,{numbers[method]},0,0\n")]

    # Whole variables.

    def remove(self, scope: Scope, variable: Variable) -> list[Range]:
        return [(item.start, self._after(item), "") for item in self._blocks(variable)]

    def _after(self, here: Block) -> int:
        """Behind a block and the blank lines that follow it."""
        at = self._bar(here) + 1
        blank = re.compile(r"\s*").match(self.text, at, self.end)
        assert blank is not None
        return blank.end()

    def add(
        self, scope: Scope, variable: Variable, after: Variable | None, body: str | None = None
    ) -> list[Range]:
        """A block behind those of `after`; `body` is its equation as the author wrote it."""
        at = self._after(self._blocks(after)[-1]) if after is not None else self._first()
        written = self._equations(variable).variable(variable)
        if body is not None:
            equation, fields, _ = written.partition("\n\t~\t")
            written = f"{equation[: equation.index('=') + 1]}\n\t{body}{fields}{_}"
        gap = "" if self.text[:at].endswith("\n") else "\n\n"
        return [(at, at, gap + written)]

    def _first(self) -> int:
        blocks = [item for item, scope in self.blocks if not scope.kind]
        return blocks[0].start if blocks else self.end

    def rewritten(self, scope: Scope, variable: Variable, new: Variable) -> list[Range]:
        """A variable as another kind; the author's expressions stay as they are where both have them."""
        found: list[Range] = []
        for index, (old, equation) in enumerate(zip(variable.equations, new.equations, strict=True)):
            here = self._block(old.span.start)
            tokens = tokenize(passage(self.source, here.start, here.end), self.dialect)
            at = next(n for n, item in enumerate(tokens) if item.kind == "=")
            found.append(
                (tokens[at].start, tokens[-2].end, f"={self._right(variable, new, index, equation)}")
            )
        return found

    def _right(self, variable: Variable, new: Variable, index: int, equation: Equation) -> str:
        """What follows the equals sign."""
        parts = self._parts(self._block(variable.equations[index].span.start))
        kept = {
            id(variable.equations[index].expr): parts.get("value"),
            id(variable.equations[index].rate): parts.get("rate"),
        }

        def text(expr: object) -> str:
            place = kept.get(id(expr))
            return self.text[place[0] : place[1]] if place and expr is not None else writer.text(expr)  # type: ignore[arg-type]

        writer = self._equations(new)
        if isinstance(new, Stock):
            rate = equation.rate if equation.rate is not None else new.net_flow(equation.subscripts)
            return f" INTEG (\n\t{text(rate)},\n\t\t{text(equation.expr)})"
        return f"\n\t{text(equation.expr)}"

    def flows(self, scope: Scope, stock: Stock, new: Stock) -> list[Range]:
        """The rates of a stock that has one more flow, or one less; what is there stays as it is where it can."""
        writer = self._equations(new)
        found: list[Range] = []
        for index, equation in enumerate(new.equations):
            start, end = self.part(scope, stock, index, "rate")
            old = stock.equations[index].rate
            old = old if old is not None else stock.net_flow(equation.subscripts)
            match equation.rate:
                case Binary(operator, left, right) if left is old:
                    found.append((end, end, f" {operator} {writer.printer.expression(right)}"))
                case rate:
                    found.append((start, end, writer.text(rate)))
        return found


def _arguments(tokens: list[Token], opened: int) -> list[tuple[int, int]]:
    """Where the arguments of a call stand, whose bracket is a token by its place."""
    found: list[tuple[int, int]] = []
    depth, first = 0, opened + 1
    for place in range(opened, len(tokens)):
        kind = tokens[place].kind
        depth += (kind in ("(", "[")) - (kind in (")", "]"))
        if (kind == "," and depth == 1) or depth == 0:
            found.append((tokens[first].start, tokens[place - 1].end))
            first = place + 1
        if depth == 0:
            break
    return found
