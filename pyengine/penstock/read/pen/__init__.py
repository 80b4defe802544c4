r"""Penstock's own text, made to be written by hand and to be read in a diff.

One declaration a line. A line goes on where it ends in an operator, a comma or an opening bracket, and where
the next line is indented and starts with none of the words of a `below`. ``#`` starts a comment::

    file       = { line }
    line       = "model" NAME [doc]
               | "time" expr "to" expr ["by" expr] { units | "save every" expr | "using" METHOD }
               | "group" [NAME] [doc]
               | "dim" NAME "=" (names | source) ["->" mapping { "," mapping }] [doc]
               | "dim" NAME "<->" NAME [doc]         another name for the same dimension
               | "unit" UNIT { "=" UNIT } [("=" | ":") what it is made of]
               | variable { below }
               | "module" NAME ["=" NAME] tail { "connect" NAME "=" NAME }
               | "submodel" NAME [doc] { line }     the lines indented; no dim, unit, macro or submodel
               | "macro" NAME "(" [input { "," input }] [":" names] ")" ["=" expr] [doc] { variable }
               | "view" NAME { "looks" TEXT TEXT | symbol | arrow }
               | "keep" { ("this" | "variable" NAME | "module" NAME) TEXT TEXT doc }
    variable   = { modifier } ("stock" | "flow" | "aux" | "const") left "=" value tail
               | { modifier } "lookup" left "=" (points | source) tail
               | { modifier } "data" left ["=" (expr | source)] tail
               | { modifier } KIND left "=" "?" tail
    modifier   = "non-negative" | "input" | "output" | "supplementary" | "interpolate" | "hold" | "forward" | "raw"
    left       = NAME [subscripts] ["except" subscripts { "," subscripts }]
    subscripts = "[" names "]"
    names      = NAME { "," NAME }
    mapping    = NAME | "(" NAME ":" names ")"
    input      = NAME ["=" expr]
    value      = (values | "lookup(" expr ";" points ")" | source) ["initially" expr]
    values     = expr { ("," | ";") expr } [";"]    for each element, the last subscript fastest
               | "[" expr { ("," | ";") expr } "]"  the same; for a list of one
    points     = ["[" [limits] ["," [limits]] "]"] point { [","] point } [kind]
    kind       = "extrapolate" | "discrete" | "hold" | "forward" | "raw"
    limits     = LOW ":" HIGH                       of the x and the y axis, for display
    point      = "(" x "," y ")"
    source     = "file(" TEXT ["," TEXT] { "," ("cell" | "along" | "last" | "prefix") TEXT } ")"
    tail       = { units | "slider" LOW "to" HIGH ["by" STEP] | doc }
    units      = "{" text "}"
    doc        = TEXT { TEXT }                      each text is a line
    TEXT       = '"' text '"'                       \" and \\ and \n stand for themselves, in units \} too

Indented below a variable may stand::

    below      = ("in" | "out") names | "net" expr                         of a stock
               | "conveyor" expr | ("capacity" | "limit" | "sample" | "arrest") expr
               | "as" ("discrete" | "exponential" | "many at a time" | "batch integrity") { "," … }
               | "queue"
               | "leak" [START "to" END] | "overflow"                      of a flow
               | "range" (LOW | "?") "to" (HIGH | "?")                     of any variable

A stock's value is its initial one; it changes by its flows ``in`` and ``out``, or by a ``net`` rate. An
expression after ``initially`` takes the place of the value while initial values are computed. A
graphical function holds its end values beyond its points, goes on with the end slopes (``extrapolate``)
or is a staircase (``discrete``). Elements may be given one by one, each in a declaration of its own; then
``aux a[dim] = ?`` may say which dimensions the array has. ``?`` is for what has no equation, such as an
input. In braces, the name of a unit may be any text.

A view's lines are symbols and arrows, with half sizes, and with what is needed to give a file back::

    symbol     = ("stock" | "flow" | "aux" | "cloud" | "alias" | "comment" | "picture") [NAME | TEXT] point [point]
                 { "pipe" point { point } | "label" … | "id" … | "style" … }
    arrow      = ("arrow" | "pipe") [NAME] "->" [NAME] ["(" angle ")"] { "id" … | "ends" … | "style" … }

What another format says besides the model stands in a ``keep`` block at the end of a model or a macro: the
format, the part of its file, and the text. Like a view, it may be deleted.

Expressions have, from the loosest to the tightest: ``if a then b else c``; ``or``; ``and``; ``not``;
``= <> < <= > >=``; ``+ -``; ``* / mod``; signs; ``^``, which groups from the right. ``f(a, b)`` is a
function or a lookup, ``a[x, y]`` an element. ``:NA:`` is Vensim's number for what is not available. Names
hold letters, digits, spaces and ``_ $ '`` and count without regard to case; the words ``and or not mod if
then else initially slider`` end a name, and so do ``to by using`` and ``save every`` in a ``time`` line. Any
text between backquotes is a name too, and never that of a built-in function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial

from ...changing import replace
from ...errors import Diagnostic, PenstockError, error
from ...model import Ident, Model, SimSpecs, Unread, canonical
from ...place import Source
from .. import files
from ..dialects import PEN, Dialect, plain
from ..recovery import recovering
from .keeping import PARTS, KeepBlock
from .lines import BLOCKS, CHILDREN, Line, lines
from .models import MacroBlock, ModelBlock
from .variables import KINDS, MODIFIERS, Variables
from .views import SYMBOLS, ViewBlock

Block = ModelBlock | MacroBlock | ViewBlock | KeepBlock


def read_pen(source: Source, findings: list[Diagnostic]) -> Model:
    """The model of a Penstock text; what is wrong with single lines goes to `findings`."""
    found = lines(source, _STARTS)
    reader = _Reader(source, _dialect(found))
    unread: list[Unread] = []
    for line in found:
        if line.word in CHILDREN and reader.is_lost and unread and unread[-1].name == reader.declaring:
            lost = reader.unread_of(line)  # with the stock whose own line could not be read
            unread[-1] = replace(unread[-1], flows=(*unread[-1].flows, *lost.flows))
            continue
        with recovering(findings, unread, partial(reader.unread_of, line)):
            reader.read(line)
    return replace(reader.model(), unread=tuple(unread))


def _dialect(found: Sequence[Line]) -> Dialect:
    """The language with the functions that the text's macros define, wherever they stand."""
    return replace(PEN, macros=frozenset(_macro(line) for line in found if line.word == "macro"))


def _macro(line: Line) -> Ident:
    try:
        return canonical(line.parser().token.text)
    except PenstockError:
        return canonical("")  # reported when the line is read


class _Reader:
    """What has been read so far: the block that is open, and those around it."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self.dialect = dialect
        self.main = ModelBlock(dialect, files.title(source))
        self.open: list[Block] = [self.main]
        self.declaring = ""  # the name that the last line outside of CHILDREN is about
        self.closing: list[Callable[[], None]] = []

    def model(self) -> Model:
        for close in self.closing:
            close()
        return self.main.model(SimSpecs())

    @property
    def is_lost(self) -> bool:
        """Whether there is no declaration that a child could belong to."""
        block = self.open[-1]
        return isinstance(block, Variables) and block.last is None

    def read(self, line: Line) -> None:
        """Read one line by its first word, in the block that its indentation says."""
        del self.open[line.depth + 1 :]
        block = self.open[-1]
        if line.word not in CHILDREN:
            self.declaring = self.name_of(line)
            if isinstance(block, Variables):
                block.last = None
        known = _LINES[type(block)]
        if block is not self.main:
            known = {word: read for word, read in known.items() if word not in _OF_THE_FILE}
        if line.word in BLOCKS and line.word in known:
            self.block(line, block)
        elif line.word in known:
            known[line.word](block, line)
        else:
            raise self._unknown(line, tuple(known))

    def block(self, line: Line, outer: Block) -> None:
        """Open a macro, a submodel or a view; what cannot be opened is read, and goes nowhere."""
        assert isinstance(outer, Variables)
        if line.word == "keep":
            self._enter(KeepBlock(line, outer))
            return
        assert isinstance(outer, ModelBlock)
        if line.word == "macro":
            macro = MacroBlock(self.dialect, line)
            self._enter(macro, lambda: outer.macros.append(macro.macro()))
        elif line.word == "view":
            view = ViewBlock(line)
            self._enter(view, lambda: outer.views.append(view.view()))
        else:
            submodel = ModelBlock(self.dialect, "", line)
            self._enter(submodel, lambda: outer.submodels.append(submodel))

    def _enter(self, block: Block, close: Callable[[], None] = lambda: None) -> None:
        self.open.append(block)
        block.open()
        self.closing.append(close)

    def name_of(self, line: Line) -> str:
        """The name that a line is about, as far as it can be made out without reading it; empty for settings."""
        if line.word in CHILDREN:
            return self.declaring
        if line.depth:
            outer = self.open[min(line.depth, len(self.open) - 1)]
            return outer.head.name if isinstance(outer, MacroBlock) else ""
        while line.word in MODIFIERS:
            line = line.rest()
        if line.word == "macro":
            return plain(line.text.partition("(")[0].strip(" \t`"))
        if line.word in _OTHERS:
            return ""
        if line.text.lstrip().startswith("`"):
            return plain(line.text.split("`")[1])
        name, equals, _ = line.text.partition("=")
        return plain(name.partition("[")[0].strip(" \t`")) if equals else ""

    def unread_of(self, line: Line) -> Unread:
        flows = line.text.split(",") if line.word in ("in", "out") else ()
        return Unread(self.name_of(line), line.word == "dim", tuple(name.strip(" \t`") for name in flows))

    def _unknown(self, line: Line, known: Sequence[str]) -> PenstockError:
        advice = "A line starts with stock, flow, aux, const, lookup, time, dim or another of the words in the manual."
        if line.word in WORDS:
            advice = f"Here a line starts with one of {', '.join(known)}."
        else:
            for close in get_close_matches(line.word, known, n=1):
                advice = f"Did you mean {close}? {advice}"
        return error("PEN105", line.first, text=line.first.text, advice=advice)


Read = Callable[..., None]

_VARIABLES: Mapping[str, Read] = {
    **dict.fromkeys((*KINDS, *MODIFIERS), Variables.variable_line),
    "group": Variables.group_line,
    **dict.fromkeys(CHILDREN, Variables.child_line),
}
_LINES: Mapping[type[Block], Mapping[str, Read]] = {
    ModelBlock: {
        "model": ModelBlock.model_line,
        "time": ModelBlock.time_line,
        "dim": ModelBlock.dim_line,
        "unit": ModelBlock.unit_line,
        "module": ModelBlock.module_line,
        **dict.fromkeys(BLOCKS, _Reader.block),
        **_VARIABLES,
    },
    MacroBlock: {"keep": _Reader.block, **_VARIABLES},
    KeepBlock: {"this": KeepBlock.this_line, **dict.fromkeys(PARTS, KeepBlock.part_line)},
    ViewBlock: {
        "looks": ViewBlock.looks_line,
        **dict.fromkeys(SYMBOLS, ViewBlock.symbol_line),
        **dict.fromkeys(("arrow", "pipe"), ViewBlock.arrow_line),
    },
}
"""What a line of each block may start with, and its reader."""

_OF_THE_FILE = ("model", "dim", "unit", "macro", "submodel")
"""Lines of the main model only."""

WORDS = frozenset(word for known in _LINES.values() for word in known)
_STARTS = _LINES[ModelBlock].keys() - {*CHILDREN, *MODIFIERS} | {"non-negative"}
"""Words that start a line even where the line before is incomplete."""

_OTHERS = frozenset(_LINES[ModelBlock]) - {*KINDS, "dim"}
"""Lines that declare no variable and no dimension."""
