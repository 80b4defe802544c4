"""The document: what a model file says, independent of its format, before any meaning is checked.

Everything is frozen; an edit makes a new `Model`. Spans never take part in comparisons, so that two
models that say the same are equal wherever they were read from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Literal, NewType

from .errors import Diagnostic
from .expr import Binary, Expr, Number, Reference, Subscript, Unary
from .place import NOWHERE, Span

Ident = NewType("Ident", str)
"""A canonical identifier: case folded, runs of white space and underscores as one underscore."""

_SPACE = re.compile(r"(?:[\s_\u00a0]|\\n)+")


@lru_cache(maxsize=1 << 16)
def canonical(name: str) -> Ident:
    """The identifier of a name as written: quotes dropped, case and spacing folded."""
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = name[1:-1].replace('\\"', '"')
    return Ident(_SPACE.sub("_", name.strip()).strip("_").casefold())


LookupKind = Literal["continuous", "extrapolate", "discrete", "hold", "forward", "raw"]
"""How a file may say that points are taken."""

Reading = Literal["next", "area", "area_within", "quantile", "inverse", "inverse_within", "slope"]
"""What else a lookup may be asked than its value at x."""

Question = Literal["before", "covers", "first_time", "last_time", "count", "least", "greatest", "mean"]
"""What functions ask of the points of a data variable."""


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a graphical function, x ascending; the ranges are for display only.

    `kind` says what happens between and beyond the points: lines that stay at the end values, lines that
    go on with the end slopes, or steps that hold the left value. Data are taken in three more ways: holding
    the last value, looking forward to the next, or raw, with no value but at the points.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: LookupKind | Question | Reading = "continuous"
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


DataKind = Literal["interpolate", "hold", "forward", "raw"]


@dataclass(frozen=True, slots=True)
class External:
    """Values that stand in a file beside the model, from a cell on (Vensim's GET DIRECT and GET XLS).

    `tab` is a sheet, or what separates the values of a text file; `along` the row, column or named range that
    holds the times or x values; `last` and `prefix` say where the names of a dimension's elements end and what
    they start with.
    """

    what: Literal["data", "lookups", "constants", "subscript"]
    file: str
    tab: str
    cell: str
    along: str = ""
    last: str = ""
    prefix: str = ""
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Equation:
    """What a variable, or the part of it that `subscripts` name, is equal to.

    For a stock `expr` is its initial value; `rate` is its net flow where that is not just what its flows
    come to. `initial` replaces `expr` while initial values are computed (Vensim's
    ACTIVE INITIAL). `lookup` is a graphical function that `expr` is the argument of. `external` stands in
    place of `expr` or `lookup`; `data` says how values are taken between those that a data variable has at
    its times, which come from `external`, from another data variable `expr`, or with the run.
    """

    expr: Expr | None
    subscripts: tuple[str, ...] = ()
    exceptions: tuple[tuple[str, ...], ...] = ()
    rate: Expr | None = None
    initial: Expr | None = None
    lookup: Points | None = None
    external: External | None = None
    data: DataKind | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Slider:
    """The range that the author gave a constant to be dragged in."""

    low: float
    high: float
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A part of a file that says nothing about the model; a writer of the same format gives it back."""

    format: str
    part: str
    text: str


Access = Literal["", "input", "output"]


@dataclass(frozen=True, slots=True)
class Variable:
    """What stocks, flows, auxiliaries and lookups share. `name` is as the modeller wrote it.

    `dims` are the dimensions of an array variable in order; where the subscripts of the equations name them, or a
    format says no more than those, the reader leaves `dims` empty and `resolve` finds them. An `input` gets its value
    from a connection of its module or from a macro's call; its equations, which it may lack, count without
    one. `hidden` ones are made by passes and not shown. `supplementary` ones are there to be looked at: that nothing
    uses them is meant.
    """

    name: str
    equations: tuple[Equation, ...]
    units: str = ""
    documentation: str = ""
    dims: tuple[str, ...] = ()
    value_range: tuple[float | None, float | None] | None = None
    slider: Slider | None = None
    group: str = ""
    non_negative: bool = False
    access: Access = ""
    hidden: bool = False
    supplementary: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    kept: tuple[Kept, ...] = field(default=(), compare=False, repr=False)

    @property
    def ident(self) -> Ident:
        return canonical(self.name)


@dataclass(frozen=True, slots=True)
class Conveyor:
    """A stock as a belt: what enters leaves after `length`, a slat each time step.

    It takes in no more than `capacity` holds, nor more than `in_limit` in a unit of time. `arrest` stops it
    while that is not zero; `sample` says when the length is read, which matters only where it changes. A
    `discrete` one takes in whole units. `exponential` leaks take a share of what is there per unit of time,
    others a share of what entered. `one_at_a_time` and `batch_integrity` say how it takes from a queue.
    """

    length: Expr
    capacity: Expr | None = None
    in_limit: Expr | None = None
    sample: Expr | None = None
    arrest: Expr | None = None
    discrete: bool = False
    exponential: bool = False
    one_at_a_time: bool = True
    batch_integrity: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Leak:
    """Where a conveyor leaks, as fractions of the belt from its entry; the flow's equation is the leak fraction."""

    start: float = 0.0
    end: float = 1.0
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Stock(Variable):
    """`inflows` and `outflows` are names of flows, as written. A `queue` keeps what entered in a step together."""

    inflows: tuple[str, ...] = ()
    outflows: tuple[str, ...] = ()
    conveyor: Conveyor | None = None
    queue: bool = False

    def net_flow(self, subscripts: tuple[str, ...] = (), span: Span = NOWHERE) -> Expr:
        """The inflows less the outflows, in the order given, each with these subscripts."""

        def flows(names: tuple[str, ...]) -> list[Expr]:
            there = tuple(Subscript(name, span=span) for name in subscripts)
            return [Reference(name, there, span) for name in names]

        inflows, outflows = flows(self.inflows), flows(self.outflows)
        if inflows:
            total = reduce(lambda a, b: Binary("+", a, b, span), inflows)
        elif outflows:
            total = Unary("-", outflows.pop(0), span)
        else:
            return Number(0.0, span)
        return reduce(lambda a, b: Binary("-", a, b, span), outflows, total)


@dataclass(frozen=True, slots=True)
class Flow(Variable):
    """An `overflow` takes from a queue what its other outflows cannot; a flow with a `leak` leaves a conveyor early."""

    leak: Leak | None = None
    overflow: bool = False


@dataclass(frozen=True, slots=True)
class Auxiliary(Variable):
    """Anything else that has a value: auxiliaries proper and constants."""


@dataclass(frozen=True, slots=True)
class Lookup(Variable):
    """A graphical function without an argument of its own, called by name; its equations hold `lookup` only."""


@dataclass(frozen=True, slots=True)
class DimensionMapping:
    """Vensim's ``-> target``: which elements of `target` stand for this dimension's, one by one.

    `elements` may name subranges, which then stand for one element together; empty where the elements of
    the target correspond in order.
    """

    target: str
    elements: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A subscript range. A subrange names elements of its parent; `parent` is found by `resolve`.

    `elements` may name other ranges, which stand for their elements. `same_as` makes the name another one
    for an existing dimension (Vensim's ``<->``); `elements` is then empty, as it is where they come from a file.
    """

    name: str
    elements: tuple[str, ...]
    mappings: tuple[DimensionMapping, ...] = ()
    same_as: str = ""
    external: External | None = None
    documentation: str = ""
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def ident(self) -> Ident:
        return canonical(self.name)


@dataclass(frozen=True, slots=True)
class SimSpecs:
    """When a run starts and stops, its time step and save step (dt where None), and the method's name."""

    start: Expr = Number(0.0)
    stop: Expr = Number(100.0)
    dt: Expr = Number(1.0)
    save_step: Expr | None = None
    method: str = "euler"
    time_units: str = ""


ViewKind = Literal["stock", "flow", "auxiliary", "cloud", "comment", "alias", "picture"]


@dataclass(frozen=True, slots=True)
class Label:
    """Where the name of a flow stands, and its half size, in formats that place it apart from the valve."""

    x: float
    y: float
    width: float = 0.0
    height: float = 0.0
    uid: int = 0
    style: str = ""


@dataclass(frozen=True, slots=True)
class ViewItem:
    """A symbol of a diagram: a variable's, a cloud's or a comment's, with its place and half size in pixels.

    A flow stands where its valve is; one without a name has a valve only. A comment's name is its text, a picture's
    its file. `uid` is the symbol's number in its view, 0 where it has none; `style` is how it looks in the words of
    the view's `format`.
    """

    kind: ViewKind
    name: str
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0
    points: tuple[tuple[float, float], ...] = ()  # a flow's pipe
    label: Label | None = field(default=None, compare=False)
    uid: int = field(default=0, compare=False)
    style: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Connector:
    """An arrow between two symbols by name, as written; `angle` in degrees where the format gives it.

    A cloud or a valve without a name leaves it empty; `ends` are the uids of both, where there are any.
    """

    source: str
    target: str
    angle: float | None = None
    uid: int = field(default=0, compare=False)
    ends: tuple[int, int] = field(default=(0, 0), compare=False)
    style: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class View:
    """A diagram. `pipes` are the halves of flows' pipes where a format draws them from the valve to each end, which
    `ViewItem.points` say too. `format` is the key of the one that all `style` texts of the view are for; like the
    uids, they are not compared: two views that show the same are equal.
    """

    name: str
    items: tuple[ViewItem, ...] = ()
    connectors: tuple[Connector, ...] = ()
    pipes: tuple[Connector, ...] = field(default=(), compare=False)
    format: str = field(default="", compare=False)
    style: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input of a macro; `default` is its value in calls that leave it out."""

    name: str
    default: Expr | None = None

    @property
    def ident(self) -> Ident:
        return canonical(self.name)


@dataclass(frozen=True, slots=True)
class Macro:
    """A function defined by a small model of its own; every call gets variables of its own.

    The value is `value`, or the variable of the macro's own name without one; `outputs` are variables that a
    call hands out as well. Names inside are the macro's own; one that ends in ``$`` is the model's.
    """

    name: str
    parameters: tuple[Parameter, ...]
    variables: tuple[Variable, ...]
    outputs: tuple[str, ...] = ()
    value: Expr | None = None
    documentation: str = ""
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    kept: tuple[Kept, ...] = field(default=(), compare=False, repr=False)

    @property
    def ident(self) -> Ident:
        return canonical(self.name)


@dataclass(frozen=True, slots=True)
class Connection:
    """The input `target` gets the value of `source`; both names are as written, qualified with dots."""

    target: str
    source: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Module:
    """A submodel in its place; `model` names it where its name is not the module's own.

    `connections` may concern other modules too.
    """

    name: str
    model: str = ""
    connections: tuple[Connection, ...] = ()
    units: str = ""
    documentation: str = ""
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    kept: tuple[Kept, ...] = field(default=(), compare=False, repr=False)

    @property
    def ident(self) -> Ident:
        return canonical(self.name)


@dataclass(frozen=True, slots=True)
class UnitDefinition:
    """A unit that the file defines: other names for it, as written, and what it is made of.

    `equation` is units like a variable's, empty where the names are all that is said.
    """

    name: str
    aliases: tuple[str, ...] = ()
    equation: str = ""
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unread:
    """A variable, macro or `dimension`, as written, that is there in the file and could not be read.

    `flows` are those of a stock that may limit them.
    """

    name: str
    dimension: bool = False
    flows: tuple[str, ...] = ()
    reasons: tuple[Diagnostic, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """What a format says about a group of variables besides its name."""

    name: str
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """One model file, or a model that modules of a file hold. The order of `variables` is the file's.

    Macros, dimensions and units are the file's and stand in its main model, as do the `submodels`, whatever
    modules hold them. `unread` are the parts that are missing here.
    """

    name: str
    variables: tuple[Variable, ...]
    specs: SimSpecs = SimSpecs()
    dimensions: tuple[Dimension, ...] = ()
    views: tuple[View, ...] = ()
    documentation: str = ""
    macros: tuple[Macro, ...] = ()
    modules: tuple[Module, ...] = ()
    submodels: tuple[Model, ...] = ()
    units: tuple[UnitDefinition, ...] = ()
    unread: tuple[Unread, ...] = ()
    groups: tuple[Group, ...] = ()
    kept: tuple[Kept, ...] = field(default=(), compare=False, repr=False)
