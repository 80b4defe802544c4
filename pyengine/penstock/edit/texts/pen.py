"""The parts of a text in Penstock's own language that edits replace: clauses of lines, and lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...errors import error
from ...expr import Binary
from ...model import (
    Model,
    Module,
    Points,
    Slider,
    Stock,
    Variable,
    canonical,
)
from ...read.dialects import PEN_TIME
from ...read.lexer import Token
from ...read.pen.lines import Line
from ...read.pen.variables import KINDS, MODIFIERS
from ...write.pen import texts, variables
from ..meaning import Scope
from .base import Range, number
from .pen_views import PenViews

_TAIL = ("units", "slider", "string", "end")


class PenText(PenViews):
    """One text in Penstock's language."""

    # Equations.

    def part(self, scope: Scope, variable: Variable, index: int, part: str) -> tuple[int, int]:
        """Where a part of an equation stands: its value, a stock's rate, what replaces it at the start."""
        if part == "rate":
            for place in self._below(self._line(variable.equations[index].span.start)):
                line = self.lines[place][0]
                if line.word == "net":
                    tokens = line.parser(self.dialect).tokens
                    return tokens[0].start, tokens[-2].end
            raise error(
                "PEN902", edit="a new rate", reason=f"{variable.name} has none", advice="Change its flows."
            )
        if part == "initial" and isinstance(variable, Stock):
            part = "value"
        found = self._parts(self._declaration_of(variable, index))
        if part not in found:
            raise error(
                "PEN902", edit=f"a new {part}", reason=f"{variable.name} has none", advice="Set its value."
            )
        return found[part]

    def _parts(self, line: Line) -> dict[str, tuple[int, int]]:
        tokens = line.parser(self.dialect).tokens
        at = next((n for n, item in enumerate(tokens) if item.kind == "="), None)
        found: dict[str, tuple[int, int]] = {}
        if at is None:
            return found
        end = _outside(tokens, at + 1, ("initially", *_TAIL))
        first = at + 1
        if tokens[first].text.lower() == "lookup" and tokens[first + 1].kind == "(":
            stop = next((n for n, item in enumerate(tokens) if n > first and item.kind == ";"), None)
            if stop is not None:
                found["value"] = tokens[first + 2].start, tokens[stop - 1].end
        if "value" not in found and tokens[first].kind != "?":
            found["value"] = tokens[first].start, tokens[end - 1].end
        if tokens[end].kind == "initially":
            last = _outside(tokens, end + 1, _TAIL)
            found["initial"] = tokens[end + 1].start, tokens[last - 1].end
        return found

    def written(self, text: str) -> str:
        return text

    def slice(self, start: int, end: int) -> str:
        """A part of an equation, as it may stand in another."""
        return self.text[start:end]

    def points(self, scope: Scope, variable: Variable, index: int, points: Points) -> list[Range]:
        old = variable.equations[index].lookup
        assert old is not None
        text = "".join(variables.written_points(points)).strip()
        return [(old.span.start, old.span.end, text)]

    # Fields.

    def units(self, scope: Scope, variable: Variable, units: str) -> list[Range]:
        return self._clause(variable, "units", texts.units(units).strip())

    def documentation(self, scope: Scope, variable: Variable, text: str) -> list[Range]:
        written = "\n    ".join(texts.text(line) for line in text.split("\n")) if text else ""
        return self._clause(variable, "string", written)

    def _clause(self, variable: Variable, kind: str, text: str) -> list[Range]:
        """A clause of the declaration that has it, or of the first that has an equation."""
        first = None
        for place in self._lines_of(variable):
            line = self._bare(self.lines[place][0])
            tokens = line.parser(self.dialect).tokens
            first = first or (line, tokens)
            spot = _clause_at(tokens, kind)
            if spot:
                start, end = tokens[spot[0]].start, tokens[spot[1] - 1].end
                if text:
                    return [(start, end, text)]
                return [(len(self.text[:start].rstrip(" \t")), end, "")]
        assert first is not None
        return [self._new_clause(*first, kind, text)] if text else []

    def _new_clause(self, line: Line, tokens: list[Token], kind: str, text: str) -> Range:
        """Units come first, then a slider, then documentation."""
        later = {"units": ("slider", "string"), "slider": ("string",), "string": ()}[kind]
        before = _outside(tokens, 0, (*later, "end"))
        if tokens[before].kind == "end":
            return line.end, line.end, ("  " if kind == "string" else " ") + text
        at = tokens[before - 1].end
        return at, at, f" {text}"

    def _lines_of(self, variable: Variable) -> list[int]:
        """The declarations of a variable."""
        start = self._line(variable.span.start)
        _, scope, block = self.lines[start]
        found = [start]
        for place in range(start + 1, len(self.lines)):
            line, here, inside = self.lines[place]
            if (here, inside) == (scope, block) and line.word in (*KINDS, *MODIFIERS):
                tokens = self._bare(line).parser(self.dialect).tokens
                if tokens[0].kind == "name" and canonical(tokens[0].text) == variable.ident:
                    found.append(place)
        return found

    def limits(
        self,
        scope: Scope,
        variable: Variable,
        limits: tuple[float | None, float | None] | None,
        slider: Slider | None,
    ) -> list[Range]:
        text = ""
        if slider is not None:
            text = f"slider {number(slider.low)} to {number(slider.high)}"
            text += f" by {number(slider.step)}" if slider.step is not None else ""
        found = self._clause(variable, "slider", text) if slider != variable.slider else []
        if limits != variable.value_range:
            found += self._range(variable, limits)
        return found

    def _range(self, variable: Variable, limits: tuple[float | None, float | None] | None) -> list[Range]:
        start = self._line(variable.span.start)
        there = next((self.lines[n][0] for n in self._below(start) if self.lines[n][0].word == "range"), None)
        text = ""
        if limits is not None:
            low, high = ("?" if value is None else number(value) for value in limits)
            text = f"range {low} to {high}"
        if there is not None:
            return [(there.start, there.end, text)] if text else [(*self._whole(there), "")]
        return self._new_line(start, text) if text else []

    def _new_line(self, declaration: int, text: str) -> list[Range]:
        """A line below a declaration, behind those that it has."""
        below = self._below(declaration)
        line = self.lines[below[-1] if below else declaration][0]
        margin = self._margin(line) if below else self._margin(line) + "  "
        at = self._stop(line.end)
        return [(at, at, f"\n{margin}{text}")]

    # Settings.

    def setting(self, field: str, text: str) -> list[Range]:
        """A setting of the clock: `text` is an expression, the name of a method, or units."""
        line = next((line for line, scope, block in self.lines if line.word == "time" and not block), None)
        if line is None:
            if field not in ("start", "stop"):
                raise error(
                    "PEN902", edit="this", reason="there is no time line", advice="Write `time 0 to 100`."
                )
            raise error(
                "PEN902", edit="this", reason="there is no time line", advice="Write `time 0 to 100`."
            )
        tokens = line.parser(PEN_TIME).tokens
        words = {"start": None, "stop": "to", "dt": "by", "save_step": "save every", "method": "using"}
        if field == "time_units":
            spot = _clause_at(tokens, "units")
            if spot:
                return [(tokens[spot[0]].start, tokens[spot[0]].end, texts.units(text).strip())]
            at = self._clock_end(tokens, "by")
            return [(at, at, texts.units(text))]
        word = words[field]
        if word is None:
            end = next(n for n, item in enumerate(tokens) if item.kind == "to")
            return [(tokens[0].start, tokens[end - 1].end, text)]
        at_word = next((n for n, item in enumerate(tokens) if item.kind == word), None)
        if at_word is None:
            at = self._clock_end(tokens, "to") if word == "by" else line.end
            return [(at, at, f" {word} {text}")]
        return [(tokens[at_word + 1].start, self._clock_end(tokens, word), text)]

    def _clock_end(self, tokens: list[Token], word: str) -> int:
        """Where the clause ends that starts with a word; where there is none, what comes before it."""
        at = next((n for n, item in enumerate(tokens) if item.kind == word), None)
        if at is None:
            at = next(n for n, item in enumerate(tokens) if item.kind == "to")
        ends = ("to", "by", "save every", "using", "units", "end")
        end = next(n for n, item in enumerate(tokens) if n > at and item.kind in ends)
        return tokens[end - 1].end

    # Whole variables.

    def remove(self, scope: Scope, variable: Variable) -> list[Range]:
        """The declarations of a variable with the lines below them, and what is kept for other formats."""
        found: list[Range] = []
        for place in self._lines_of(variable):
            lines = [self.lines[n][0] for n in (place, *self._below(place))]
            found.append((self._whole(lines[0])[0], self._whole(lines[-1])[1], ""))
        for line, here, block in self.lines:
            is_kept = block == "keep" and here == scope and line.word == "variable"
            if is_kept and canonical(line.parser().token.text) == variable.ident:
                found.append((*self._whole(line), ""))
        return found

    def add(
        self, scope: Scope, variable: Variable, after: Variable | None, body: str | None = None
    ) -> list[Range]:
        """Lines behind those of `after`; `body` is its equation as the author wrote it."""
        written = list(variables.lines(self._printer(), [variable]))
        written = [line for line in written if line and not line.startswith("group ")]
        if body is not None:
            head = written[0]
            parts = re.match(r"[^=]*=\s*", head)
            assert parts is not None
            tail = variables.tail(variable)
            written[0] = texts.documented(f"{parts[0]}{body}{tail}", variable.documentation)
        if after is None:
            at = len(self.text)
            gap = "" if self.text.endswith("\n") else "\n"
            return [(at, at, gap + "\n".join(written) + "\n")]
        last = max(max((n, *self._below(n))) for n in self._lines_of(after))
        line = self.lines[last][0]
        margin = self._margin(self.lines[self._line(after.span.start)][0])
        at = self._stop(line.end)
        text = "\n".join(written).replace("\n", f"\n{margin}")
        return [(at, at, f"\n{margin}{text}")]

    def add_module(self, module: Module, fresh: Iterable[Model]) -> list[Range]:
        """A module, and the submodels that are new, before the diagrams and what else stands at the end."""
        first = next(
            (
                line
                for line, _, block in self.lines
                if line.word in ("submodel", "view", "keep") and not block
            ),
            None,
        )
        printer = self._printer()
        of = f" = {printer.name(module.model)}" if module.model else ""
        written = [f"module {printer.name(module.name)}{of}\n\n"]
        for item in fresh:
            inner = "".join(f"  {line}\n" for line in variables.lines(printer, item.variables) if line)
            written.append(f"submodel {printer.name(item.name)}\n{inner}\n")
        if first is not None:
            at = self._whole(first)[0]
            return [(at, at, "".join(written))]
        gap = "" if self.text.endswith("\n") else "\n"
        return [(len(self.text), len(self.text), gap + "".join(written).rstrip("\n") + "\n")]

    def rewritten(self, scope: Scope, variable: Variable, new: Variable) -> list[Range]:
        """A variable as another kind: its word, the lines below that no longer fit, and its equation."""
        found: list[Range] = []
        for place in self._lines_of(variable):
            line = self.lines[place][0]
            bare = self._bare(line)
            modifiers = self.text[line.start : bare.start]
            if not new.non_negative:
                modifiers = re.sub(r"(?i)non-negative\s+", "", modifiers)
            found.append(
                (line.start, bare.start + len(bare.word), modifiers + variables.word_of(new, new.equations))
            )
            below = (self.lines[n][0] for n in self._below(place))
            found += [(*self._whole(item), "") for item in below if item.word in ("in", "out", "net")]
        return found

    def flows(self, scope: Scope, stock: Stock, new: Stock) -> list[Range]:
        """The `in` and `out` lines of a stock that has one more flow, or one less, or its rate."""
        found: list[Range] = []
        for index, equation in enumerate(new.equations):
            old = stock.equations[index]
            if equation.rate != old.rate and old.rate is not None:
                start, end = self.part(scope, stock, index, "rate")
                match equation.rate:
                    case Binary(operator, left, right) if left is old.rate:
                        found.append((end, end, f" {operator} {self._printer().expression(right)}"))
                    case rate if rate is not None:
                        found.append((start, end, self._printer().expression(rate)))
        start = self._line(stock.equations[0].span.start) if stock.equations else self._line(stock.span.start)
        for word, before, after in (
            ("in", stock.inflows, new.inflows),
            ("out", stock.outflows, new.outflows),
        ):
            if before != after:
                found += self._flow_lines(start, word, before, after)
        return found

    def _flow_lines(
        self, start: int, word: str, before: tuple[str, ...], after: tuple[str, ...]
    ) -> list[Range]:
        lines = [self.lines[n][0] for n in self._below(start) if self.lines[n][0].word == word]
        if not lines:
            return self._new_line(start, f"{word} {self._printer().names(after)}")
        line = lines[-1]
        if len(after) > len(before):
            return [(line.end, line.end, f", {self._printer().names(after[len(before) :])}")]
        for line in lines:
            tokens = [item for item in line.parser(self.dialect).tokens if item.kind == "name"]
            kept = [item for item in tokens if item.text in after]
            if len(kept) < len(tokens):
                if not kept:
                    return [(*self._whole(line), "")]
                text = ", ".join(self.text[item.start : item.end] for item in kept)
                return [(tokens[0].start, tokens[-1].end, text)]
        return []


def _clause_at(tokens: list[Token], kind: str) -> tuple[int, int] | None:
    """The tokens of a clause: from the one that starts it to the one behind it."""
    at = _outside(tokens, 0, (kind, "end"))
    if tokens[at].kind == "end":
        return None
    if kind == "slider":
        end = next(n for n, item in enumerate(tokens) if n > at and item.kind in ("units", "string", "end"))
    else:
        end = at + 1
        while kind == "string" and tokens[end].kind == "string":
            end += 1
    return at, end


def _outside(tokens: list[Token], first: int, kinds: tuple[str, ...]) -> int:
    """The first token of some kinds from a place on, outside of all brackets; the end is one of them."""
    depth = 0
    for place in range(first, len(tokens)):
        kind = tokens[place].kind
        if kind in kinds and (depth == 0 or kind == "end"):
            return place
        depth += (kind in ("(", "[")) - (kind in (")", "]"))
    return len(tokens) - 1
