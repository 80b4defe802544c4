"""What calls for tools take and answer beside plain values: records, a row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..protocol import RECORDS as PROTOCOL_RECORDS
from ..protocol import Field, Record
from .diagrams import RECORDS as DIAGRAM_RECORDS

VALUE = 'number | "NaN" | "Infinity" | "-Infinity"'
"""What the type `Value` stands for: JSON has no other way to write the last three."""

OVERRIDES = Field("overrides", "Override[]", "values that replace the model's", optional=True)
SPECS = Field("specs", "Specs", "settings that replace the model's", optional=True)
_RANGE = Field("range", "number[] | null", "where it stands in the text, in UTF-16 units")
NAME = Field("name", "string", "as written; qualified with dots in a module")
_UNITS = Field("units", "string", "as written; empty where there are none")
_DIMS = Field("dims", "string[]", "dimensions, in order")
_KIND = Field("kind", '"stock" | "flow" | "auxiliary" | "constant" | "lookup" | "time"', "what it is")


@dataclass(frozen=True, slots=True)
class Call:
    """`parameters` by name; types are written as TypeScript spells them, `result` too."""

    name: str
    meaning: str
    parameters: tuple[Field, ...]
    result: str


_CHANGES = Record(
    "TextChange",
    (
        Field("range", "number[]", "what it replaces, in UTF-16 units of the text before"),
        Field("text", "string", "what comes in its place"),
    ),
    "a change to a text",
)
_PATCH = Record(
    "TextPatch",
    (
        Field("changes", "TextChange[]", "in order, none of which overlap"),
        Field("before", "string", "digest of the text that it is for"),
        Field("after", "string", "digest of the text that it leads to"),
    ),
    "changes to a text that belong together",
)
_EDIT = Record(
    "TextEdit",
    (
        Field("patch", "TextPatch", "what to change in the model's text"),
        Field("inverse", "TextPatch", "what takes it back"),
        Field(
            "consequences", "Diagnostic[]", "what breaks, and what else to know; ranges in the text before"
        ),
    ),
    "an edit, proved by reading the text that it leads to",
)

_MOVE = Record(
    "SymbolMove",
    (
        Field("item", "string | number", "what it shows, or its number in its view, from 0"),
        Field("x", "number", "centre"),
        Field("y", "number", "centre"),
        Field("view", "number", "which view, from 0; the first when absent", optional=True),
    ),
    "a symbol's new place",
)

RECORDS: Mapping[str, Record] = {
    **{row.name: row for row in (_CHANGES, _PATCH, _EDIT, _MOVE)},
    **{name: PROTOCOL_RECORDS[name] for name in ("Override", "Specs", "Place", "Diagnostic")},
    **{row.name: row for row in DIAGRAM_RECORDS},
    **{
        row.name: row
        for row in (
            Record(
                "ModelRow",
                (
                    Field("model", "string", "content hash"),
                    Field("name", "string", "the model's name"),
                    Field("source", "string", "the file's name"),
                    Field("format", "string", "mdl, xmile or pen"),
                    Field("variables", "number", "how many it has"),
                ),
                "a model that calls can be about",
            ),
            Record(
                "WrittenPart",
                (
                    Field("name", "string", "of the variable, with the subscripts that the equation is for"),
                    Field("part", '"value" | "rate" | "initial"', "a stock's value is its initial value"),
                    Field("text", "string", "the expression; empty where there are only points"),
                    _RANGE,
                    Field("points", "PointsRow | null", "of a graphical function that it goes through"),
                ),
                "a part of a variable that can be changed by itself",
            ),
            Record(
                "Written",
                (
                    NAME,
                    _UNITS,
                    Field("inferred_units", "string", "what its equation comes to, where it has no units"),
                    Field("documentation", "string", "as written"),
                    Field("limits", "(Value | null)[]", "the author's bounds, null where there is none"),
                    Field("step", "Value | null", "of a slider"),
                    Field("equations", "WrittenPart[]", "in the order of the text"),
                ),
                "what a text says of a variable",
            ),
            Record(
                "VariableRow",
                (
                    NAME,
                    _KIND,
                    _UNITS,
                    Field("documentation", "string", "as written"),
                    _DIMS,
                    Field("group", "string", "the author's; empty where there is none"),
                    Field("access", '"" | "input" | "output"', "a module's or macro's input or output"),
                    _RANGE,
                ),
                "a variable without its equation",
            ),
            Record(
                "DimensionRow",
                (NAME, Field("elements", "string[]", "their names, in order")),
                "a dimension or subrange",
            ),
            Record(
                "ModuleRow",
                (NAME, Field("model", "string", "the model it holds"), _RANGE),
                "a submodel in its place",
            ),
            Record(
                "MacroRow",
                (NAME, Field("parameters", "string[]", "names of its inputs"), _RANGE),
                "a function that the model defines",
            ),
            Record(
                "Introspection",
                (
                    Field("model", "string", "content hash"),
                    NAME,
                    Field("format", "string", "mdl, xmile or pen"),
                    Field("documentation", "string", "the model's own"),
                    Field("method", "string", "integration method"),
                    Field("time_units", "string", "as written"),
                    Field("variables", "VariableRow[]", "in the order of the file"),
                    Field("dimensions", "DimensionRow[]", "in the order of the file"),
                    Field("modules", "ModuleRow[]", "of the main model"),
                    Field("macros", "MacroRow[]", "in the order of the file"),
                    Field("groups", "string[]", "in the order of the file"),
                ),
                "what a model has, without values",
            ),
            Record(
                "Values",
                (
                    NAME,
                    Field("elements", "string[]", "names of an array's elements; empty for a scalar"),
                    Field("values", "Value[]", "one for each element, or one"),
                ),
                "a variable's values at one time",
            ),
            Record(
                "PointsRow",
                (
                    NAME,
                    Field("element", "string", "of an array; empty for a scalar"),
                    Field("kind", "string", "continuous, extrapolate, discrete, or how data are taken"),
                    Field("x", "Value[]", "ascending"),
                    Field("y", "Value[]", "as many"),
                    Field("x_range", "Value[] | null", "for display"),
                    Field("y_range", "Value[] | null", "for display"),
                ),
                "the points of a graphical function, or of data",
            ),
            Record(
                "Settings",
                (
                    Field("start", "Value", "start time"),
                    Field("stop", "Value", "stop time"),
                    Field("dt", "Value", "time step"),
                    Field("save_step", "Value", "time between saved rows"),
                    Field("seed", "Value", "seed of the random functions"),
                    Field("method", "string", "integration method"),
                ),
                "how a run goes",
            ),
            Record(
                "Resolved",
                (
                    Field("model", "string", "content hash"),
                    Field("constants", "Values[]", "with overrides"),
                    Field("initial", "Values[]", "of stocks, as the run starts"),
                    Field("lookups", "PointsRow[]", "of graphical functions, data from files included"),
                    Field("dimensions", "DimensionRow[]", "with elements from files"),
                    Field("settings", "Settings", "with those that replace the model's"),
                ),
                "a model's data",
            ),
            Record(
                "Findings",
                (
                    Field("ok", "boolean", "whether none of them is an error"),
                    Field("diagnostics", "Diagnostic[]", "by place"),
                ),
                "what was found",
            ),
            Record(
                "SliderInfo",
                (
                    Field("low", "Value", "least value"),
                    Field("high", "Value", "greatest value"),
                    Field("step", "Value | null", "between values; any where null"),
                    Field("value", "Value", "the model's own"),
                ),
                "a range in which to drag a constant",
            ),
            Record(
                "NameRow",
                (
                    NAME,
                    Field("insert", "string", "as an equation of the dialect writes it"),
                    _KIND,
                    _UNITS,
                    _DIMS,
                    Field("value_range", "(Value | null)[]", "the author's bounds, null where there is none"),
                    Field("slider", "SliderInfo | null", "of a constant"),
                ),
                "a name to complete",
            ),
            Record(
                "Example",
                (
                    Field("expression", "string", "in the dialect"),
                    Field("value", "Value", "what it is"),
                ),
                "a built-in at work",
            ),
            Record(
                "FunctionRow",
                (
                    NAME,
                    Field("spellings", "string[]", "all that the dialect has for it"),
                    Field(
                        "signature", "string", "parameters in parentheses; ? may be left out, … any number"
                    ),
                    Field("parameters", "string[]", "their names"),
                    Field("meaning", "string", "what it does"),
                    Field("group", "string", "what it is about"),
                    Field("examples", "Example[]", "some"),
                ),
                "a built-in function to complete",
            ),
            Record(
                "FieldDescriptors",
                (
                    Field("dialect", "string", "mdl, xmile or pen"),
                    Field("names", "NameRow[]", "in the order of the file"),
                    Field("dimensions", "DimensionRow[]", "in the order of the file"),
                    Field("functions", "FunctionRow[]", "by name"),
                    Field("words", "string[]", "operators and words that the dialect reserves"),
                ),
                "what completion and sliders need",
            ),
            Record(
                "Series",
                (
                    NAME,
                    Field("values", "Value[]", "one for each time"),
                ),
                "a variable's or element's values",
            ),
            Record(
                "State",
                (
                    Field("name", "string", "what it is for"),
                    Field("kind", '"stock" | "memory" | "held" | "kept"', "how it changes"),
                    Field("values", "Value[]", "one for each time"),
                ),
                "a hidden state of a built-in function",
            ),
            Record(
                "Piece",
                (
                    Field("parent", "number", "the piece around it, by its place in the list; -1 for none"),
                    Field("kind", '"number" | "reference" | "operator" | "call" | "list"', "what it is"),
                    Field("name", "string", "of a reference, an operator or a function"),
                    Field("when", '"step" | "start"', "evaluated at each time, or once at the start"),
                    Field(
                        "range", "number[] | null", "in the text, in UTF-16 units; null where it is implied"
                    ),
                    Field("text", "string", "as written"),
                    Field(
                        "values",
                        "(Value | null)[]",
                        "for each time, or once; null where another side of a choice was taken. Inside a sum or the"
                        " like: all times of the first element, then of the next",
                    ),
                    Field("elements", "string[]", "that a sum or the like runs over", optional=True),
                    Field("states", "State[]", "of a call", optional=True),
                ),
                "a sub-expression",
            ),
            Record(
                "TracedEquation",
                (
                    Field("variable", "string", "or an element; in a macro, the call and its own name"),
                    Field("within", "string", "the variable whose macro call it belongs to; else empty"),
                    Field("part", '"value" | "net flow" | "initial value" | "next value"', "of the variable"),
                    Field("when", '"step" | "start"', "evaluated at each time, or once at the start"),
                    _RANGE,
                    Field("values", "Value[]", "that the variable has; none for a net flow"),
                    Field(
                        "outcome",
                        '"equation" | "graphical function" | "limited" | "set"',
                        "whether these are the equation's, or what it was put through; set from outside",
                    ),
                    Field("pieces", "Piece[]", "sub-expressions, each after the one around it"),
                ),
                "an equation with its values",
            ),
            Record(
                "Trace",
                (
                    Field("model", "string", "content hash"),
                    Field("engine", "string", "the engine that ran"),
                    Field("times", "Value[]", "of the saved steps"),
                    Field("variables", "Series[]", "as the run has them, bit for bit"),
                    Field("equations", "TracedEquation[]", "those asked for, and of the macros in them"),
                ),
                "why values are what they are",
            ),
            Record("Drawing", (Field("svg", "string", "the text of the file"),), "a picture"),
            Record("Copied", (Field("text", "string", "Penstock text"),), "a part of a model"),
            Record(
                "Conversion",
                (
                    Field("text", "string", "of the file"),
                    Field(
                        "losses",
                        "Diagnostic[]",
                        "warnings; without any, the text reads back as the same model",
                    ),
                ),
                "a model in another format",
            ),
            Record(
                "EngineVersion",
                (
                    Field("release", "string", "version of the package"),
                    Field("abi", "number", "version of the blob's interface"),
                    Field("protocol", "number", "version of the messages"),
                    Field("engines", "string[]", "that run requests may name"),
                    Field("python", "string", "version"),
                ),
                "what answers",
            ),
            Record(
                "EngineHash",
                (
                    Field("hash", "string", "SHA-256 over the sources that decide results, and the versions"),
                    Field("files", "number", "how many"),
                ),
                "a digest that is the same where results are",
            ),
            Record(
                "NodeRow",
                (NAME, _KIND),
                "a variable in the graph; arrays are one",
            ),
            Record(
                "LinkRow",
                (
                    Field("source", "string", "the cause"),
                    Field("target", "string", "what it acts on"),
                    Field("polarity", '"+" | "-" | "?"', "which way; ? where neither is known"),
                    Field(
                        "kind",
                        '"equation" | "flow" | "lookup" | "initial"',
                        "in an equation; fills or drains a stock; from a graphical function; at the start only",
                    ),
                    Field("delayed", "boolean", "whether it acts only through a delay, smooth or the like"),
                ),
                "a causal link",
            ),
            Record(
                "CausalGraph",
                (
                    Field("model", "string", "content hash"),
                    Field("nodes", "NodeRow[]", "in the order of the file"),
                    Field("links", "LinkRow[]", "by target"),
                    Field("components", "string[][]", "variables in feedback with each other"),
                ),
                "what causes what",
            ),
            Record(
                "LoopRow",
                (
                    Field("name", "string", "polarity, number and stocks"),
                    Field("polarity", '"R" | "B" | "?"', "reinforcing, balancing, or not known"),
                    Field(
                        "variables", "string[]", "in the order of cause and effect, from the first stock on"
                    ),
                    Field("stocks", "string[]", "among them"),
                    Field("links", "LinkRow[]", "from each to the next"),
                    Field("delays", "number", "how many of the links are delayed"),
                ),
                "a feedback loop",
            ),
            Record(
                "FeedbackLoops",
                (
                    Field("model", "string", "content hash"),
                    Field("loops", "LoopRow[]", "shortest first"),
                    Field("complete", "boolean", "whether these are all"),
                    Field("limit", "number", "there are more than this where they are not"),
                ),
                "the loops of a model",
            ),
            Record(
                "ReachedRow",
                (
                    NAME,
                    Field("distance", "number", "fewest links between"),
                    Field("via", "string", "the neighbour on a shortest way"),
                ),
                "a variable that feeds another, directly or not",
            ),
            Record(
                "Neighbourhood",
                (
                    Field("model", "string", "content hash"),
                    NAME,
                    Field("causes", "ReachedRow[]", "what feeds it, nearest first"),
                    Field("effects", "ReachedRow[]", "what it feeds, nearest first"),
                ),
                "what is upstream and downstream",
            ),
            Record(
                "RunRequest",
                (
                    OVERRIDES,
                    SPECS,
                    Field("save", "string[]", "variables to return", optional=True),
                ),
                "a run to be checked",
            ),
        )
    },
}
