"""Expressions as text in any dialect, with the fewest parentheses that keep the tree.

The tables are the reader's: `read.dialects` for operators, names and quotes, the rows of `builtins` for the
spellings of functions. What a dialect cannot say goes to the losses, and is written in the closest way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from math import copysign, inf, isfinite, isnan
from typing import NamedTuple

from ..builtins import BUILTINS, spellings
from ..builtins.table import Builtin
from ..errors import PenstockError
from ..expr import ArrayLiteral, Binary, Call, Expr, Number, Reference, Subscript, Unary, walk
from ..model import canonical
from ..place import Source
from ..read.dialects import DIALECTS, Dialect
from ..read.lexer import passage, tokenize
from .losses import Losses

_ATOM = 1000
_OPEN = 0  # a conditional takes in all that follows


class _Text(NamedTuple):
    """A part as text, and how tightly its outermost operator binds."""

    text: str
    power: int = _ATOM

    def within(self, power: int) -> str:
        """The text where an operand of at least this power must stand."""
        return self.text if self.power >= power else f"({self.text})"


class Printer:
    """Writes expressions in one dialect, whose `macros` are the functions that the model itself defines."""

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        self.dialect = dialect
        self.losses = losses
        self._functions = spellings(dialect.key)
        self._infix = {row.means: (spelling, row) for spelling, row in dialect.infix.items()}
        self._prefix = {row.means: (spelling, row) for spelling, row in dialect.prefix.items()}
        self._constants = {row.value: spelling.upper() for spelling, row in dialect.constants.items()}

    def expression(self, expr: Expr) -> str:
        """The expression on one line. Operands are written first, so that no depth of nesting matters."""
        self._done: dict[int, _Text] = {}
        for node in reversed(list(walk(expr))):
            self._done[id(node)] = self._written(node)
        return self._text(expr).text

    def name(self, name: str) -> str:
        return written_name(self.dialect.key, name)

    def names(self, names: Iterable[str]) -> str:
        return ", ".join(map(self.name, names))

    def number(self, value: float) -> str:
        """A number with an optional sign, as points and ranges have them."""
        return self._constants.get(value) or number(value)

    def subscripts(self, subscripts: tuple[Subscript, ...]) -> str:
        return f"[{', '.join(map(self._subscript, subscripts))}]" if subscripts else ""

    def _word(self, word: str) -> str:
        return word.upper() if self.dialect.capitals else word.lower()

    def _text(self, operand: Expr) -> _Text:
        return self._done[id(operand)]

    def _written(self, expr: Expr) -> _Text:
        match expr:
            case Number():
                return self._number(expr)
            case Reference(name=name, subscripts=subscripts, offset=offset):
                assert offset is None, "only passes make offsets"
                return _Text(self.name(name) + self.subscripts(subscripts))
            case Call():
                return self._call(expr)
            case Unary(operator=operator, operand=operand):
                return self._unary(operator, operand)
            case Binary():
                return self._binary(expr)
            case ArrayLiteral(elements=elements):
                # A last separator tells a list of one value from the value.
                return _Text(self._list(elements) + (";" if len(elements) == 1 else ""), -1)

    def _list(self, parts: Iterable[Expr]) -> str:
        return ", ".join(self._text(part).text for part in parts)

    def _number(self, expr: Number) -> _Text:
        """Readers yield finite numbers that are not negative, and the dialect's constants."""
        value = expr.value
        if value in self._constants:
            return _Text(self._constants[value])
        if not isfinite(value):
            name = "nan" if isnan(value) else "inf"
            text = self._builtin(Call(name, (), span=expr.span), BUILTINS[name])
            self.losses.written_as(f"the number {value}", text.text, expr.span)
            return text if value != -inf else self._minus(text)
        if copysign(1.0, value) > 0:
            return _Text(number(value))
        text = self._minus(_Text(number(-value)))
        self.losses.written_as(f"the constant {number(value)}", text.text, expr.span)
        return text

    def _minus(self, text: _Text) -> _Text:
        spelling, row = self._prefix["-"]
        return _Text(spelling + text.within(row.power), row.power)

    def _unary(self, operator: str, operand: Expr) -> _Text:
        spelling, row = self._prefix[operator]
        inner = self._text(operand).within(row.power)
        gap = " " if spelling[-1].isalpha() or spelling[-1] == ":" or inner[0] in "+-" else ""
        return _Text(f"{self._word(spelling)}{gap}{inner}", row.power)

    def _binary(self, expr: Binary) -> _Text:
        found = self._infix.get(expr.operator)
        if found is None:
            row = _function_of(expr.operator)
            text = self._builtin(Call(row.name, (expr.left, expr.right), span=expr.span), row)
            self.losses.written_as(f"the operator {expr.operator}", "a function", expr.span)
            return text
        spelling, operator = found
        left = self._text(expr.left).within(operator.power + operator.right)
        right = self._text(expr.right).within(operator.power + (not operator.right))
        gap = "" if expr.operator == "^" else " "
        return _Text(f"{left}{gap}{self._word(spelling)}{gap}{right}", operator.power)

    def _call(self, expr: Call) -> _Text:
        ident = canonical(expr.function)
        own = ident in self.dialect.macros
        if not own and not expr.subscripts and expr.function in BUILTINS:
            return self._builtin(expr, BUILTINS[expr.function])
        name = self.name(expr.function)
        clash = not own and not expr.subscripts and self._functions.get(ident, expr.function) != expr.function
        if clash and self.dialect.own_in_quotes:
            name = quoted(self.dialect, expr.function)
        elif clash:
            # Read back, it would be the function of the format.
            self.losses.written_as(f"the call of the model's own {expr.function}", "a function", expr.span)
        return _Text(name + self.subscripts(expr.subscripts) + self._arguments(expr))

    def _builtin(self, expr: Call, row: Builtin) -> _Text:
        """A function by the dialect's spelling; one that the dialect lacks keeps its own name."""
        if row.name == "if_then_else" and self.dialect.conditional and len(expr.arguments) == 3:
            return self._conditional(expr, *self.dialect.conditional)
        spelling = self.spelling(row, len(expr.arguments))
        if spelling is None:
            spelling = self.name(row.name.upper())
            self.losses.written_as(f"the function {row.name.replace('_', ' ')}", spelling, expr.span)
        return _Text(spelling + self._arguments(expr))

    def spelling(self, row: Builtin, arguments: int) -> str | None:
        """What the dialect calls a function; None where it has none that reads back as this one."""
        if self.dialect.own_in_quotes:
            spaced = row.name.replace("_", " ")
            return spaced if _reads_as(self.dialect, spaced, spaced) else row.name
        if self.dialect.key == "mdl" and row.mdl_full and arguments > row.fewest:
            return row.mdl_full
        return next(
            (self._bare(text) for text in _candidates(row, self.dialect.key) if self._means(text, row)), None
        )

    def _bare(self, text: str) -> str:
        return text.replace(" ", self.dialect.joint)

    def _means(self, spelling: str, row: Builtin) -> bool:
        ident = canonical(spelling)
        return ident not in self.dialect.macros and self._functions.get(ident) == row.name

    def _arguments(self, expr: Call) -> str:
        outputs = f" : {self.names(expr.outputs)}" if expr.outputs else ""
        return f"({self._list(expr.arguments)}{outputs})"

    def _conditional(self, expr: Call, *words: str) -> _Text:
        """Conditions and first branches that are conditionals themselves are easier to read in parentheses."""
        (first, then, otherwise), (condition, branch, last) = words, map(self._text, expr.arguments)
        text = f"{first} {condition.within(1)} {then} {branch.within(1)} {otherwise} {last.within(_OPEN)}"
        return _Text(text, _OPEN)

    def _subscript(self, subscript: Subscript) -> str:
        if subscript.index is None:
            name = subscript.name if subscript.name == "*" else self.name(subscript.name)
            return self.dialect.reduced.format(name) if subscript.reduced else name
        text = self._text(subscript.index).text
        bare = isinstance(subscript.index, Reference) and not subscript.index.subscripts
        return f"({text})" if bare else text  # a name alone would be an element's


def _candidates(row: Builtin, key: str) -> tuple[str, ...]:
    if key == "xmile_ventana":
        return (*row.mdl, *row.xmile_vensim, *row.xmile)
    return (*row.xmile_vensim, *row.xmile) if key == "xmile_vensim" else getattr(row, key.partition("_")[0])


@cache
def _function_of(operator: str) -> Builtin:
    return next(row for row in BUILTINS.values() if row.operator == operator)


def number(value: float) -> str:
    """The shortest text that reads back as the same finite number."""
    text = repr(float(value))
    return text.removesuffix(".0").replace("e+", "e").replace("e-0", "e-")


@lru_cache(maxsize=1 << 16)
def written_name(key: str, name: str) -> str:
    """A name as it stands in an expression: bare where the lexer takes it for a name, else in quotes."""
    dialect = DIALECTS[key]
    for bare in dict.fromkeys((name, name.replace(" ", dialect.joint))):
        if _reads_as(dialect, bare, name):
            return bare
    return quoted(dialect, name)


def _reads_as(dialect: Dialect, bare: str, name: str) -> bool:
    try:
        tokens = tokenize(passage(Source("", bare)), dialect)
    except PenstockError:
        return False
    if len(tokens) != 2 or tokens[0].kind != "name" or (tokens[0].start, tokens[0].end) != (0, len(bare)):
        return False
    if bare.startswith(dialect.quote[0]):
        return False
    return tokens[0].text == name or (bare != name and canonical(bare) == canonical(name))


def quoted(dialect: Dialect, name: str) -> str:
    mark, escaped = dialect.quote
    return f"{mark}{name.replace(mark, escaped)}{mark}"


@cache
def _pieces(key: str) -> re.Pattern[str]:
    """Words with the space behind them, quoted ones whole."""
    dialect = DIALECTS[key]
    return re.compile(rf"(?:{dialect.quoted}|{dialect.string}|[^ ])+ ?| ")


def parts(text: str, dialect: Dialect) -> list[str]:
    """The parts of a text that `Printer` wrote between which lines may break: behind operators and commas."""
    found = [""]
    for match in _pieces(dialect.key).finditer(text):
        found[-1] += match[0]
        word = match[0].rstrip()
        if match[0] != word and (word[-1:] in _BREAKS or word.lower() in dialect.infix):
            found.append("")
    return [part for part in found if part]


_BREAKS = tuple(",;+-*/=<>")


def wrapped(parts: Iterable[str], width: int, joint: str) -> str:
    """Parts, each with its space behind it, as lines; `joint` (a line end, an indentation) stands between lines."""
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += part
    return joint.join(lines).rstrip()
