"""The calls that tools make, one row each: what they take, what they answer, and what it means.

The page sends them in `ask` messages, the command line runs them with ``penstock tool``, Python with
`penstock.tools.call`; the answer is the same JSON. Schemas, TypeScript and the manual are made from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..protocol import RECORDS as PROTOCOL_RECORDS
from ..protocol import Field, Record
from .diagrams import RECORDS as DIAGRAM_RECORDS

VALUE = 'number | "NaN" | "Infinity" | "-Infinity"'
"""What the type `Value` stands for: JSON has no other way to write the last three."""


@dataclass(frozen=True, slots=True)
class Call:
    """`cached` where the answer for a model never changes."""

    name: str
    meaning: str
    parameters: tuple[Field, ...]
    result: str


_MODEL = Field(
    "model", "string", "content hash of a compiled model; its only one where there is one", optional=True
)
_OVERRIDES = Field("overrides", "Override[]", "values that replace the model's", optional=True)
_SPECS = Field("specs", "Specs", "settings that replace the model's", optional=True)
_RUN = Field(
    "run", "boolean", "look at a run for the signs that rules leave open; true when absent", optional=True
)
_RANGE = Field("range", "number[] | null", "where it stands in the text, in UTF-16 units")
_NAME = Field("name", "string", "as written; qualified with dots in a module")
_UNITS = Field("units", "string", "as written; empty where there are none")
_DIMS = Field("dims", "string[]", "dimensions, in order")
_KIND = Field("kind", '"stock" | "flow" | "auxiliary" | "constant" | "lookup" | "time"', "what it is")

RECORDS: Mapping[str, Record] = {
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
                "VariableRow",
                (
                    _NAME,
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
                (_NAME, Field("elements", "string[]", "their names, in order")),
                "a dimension or subrange",
            ),
            Record(
                "ModuleRow",
                (_NAME, Field("model", "string", "the model it holds"), _RANGE),
                "a submodel in its place",
            ),
            Record(
                "MacroRow",
                (_NAME, Field("parameters", "string[]", "names of its inputs"), _RANGE),
                "a function that the model defines",
            ),
            Record(
                "Introspection",
                (
                    Field("model", "string", "content hash"),
                    _NAME,
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
                    _NAME,
                    Field("elements", "string[]", "names of an array's elements; empty for a scalar"),
                    Field("values", "Value[]", "one for each element, or one"),
                ),
                "a variable's values at one time",
            ),
            Record(
                "PointsRow",
                (
                    _NAME,
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
                    _NAME,
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
                    _NAME,
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
                    _NAME,
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
                (_NAME, _KIND),
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
                    _NAME,
                    Field("distance", "number", "fewest links between"),
                    Field("via", "string", "the neighbour on a shortest way"),
                ),
                "a variable that feeds another, directly or not",
            ),
            Record(
                "Neighbourhood",
                (
                    Field("model", "string", "content hash"),
                    _NAME,
                    Field("causes", "ReachedRow[]", "what feeds it, nearest first"),
                    Field("effects", "ReachedRow[]", "what it feeds, nearest first"),
                ),
                "what is upstream and downstream",
            ),
            Record(
                "RunRequest",
                (
                    _OVERRIDES,
                    _SPECS,
                    Field("save", "string[]", "variables to return", optional=True),
                ),
                "a run to be checked",
            ),
        )
    },
}

CALLS: Mapping[str, Call] = {
    row.name: row
    for row in (
        Call("listModels", "The models that calls can be about.", (), "ModelRow[]"),
        Call(
            "introspect",
            "What a model has: names, kinds, units, dimensions, groups.",
            (_MODEL,),
            "Introspection",
        ),
        Call(
            "introspectResolved",
            "A model's data: constants, initial values, points, elements, settings.",
            (_MODEL, _OVERRIDES, _SPECS),
            "Resolved",
        ),
        Call(
            "validate",
            "Whether a text can be read as a model, and what is wrong with it. Meaning is not looked at.",
            (
                Field("text", "string", "the model's text"),
                Field("name", "string", "file name, shown in messages", optional=True),
                Field(
                    "format",
                    "string",
                    "mdl, xmile or pen; told from name and text when absent",
                    optional=True,
                ),
            ),
            "Findings",
        ),
        Call(
            "validateFor",
            "Whether an equation would be right for a variable, or a run request for a model: names, arguments,"
            " units, dimensions, circles. Ranges are in the equation's text.",
            (
                _MODEL,
                Field("variable", "string", "whose equation it would be", optional=True),
                Field("equation", "string", "its right-hand side, in the model's language", optional=True),
                Field(
                    "part",
                    '"value" | "rate" | "initial"',
                    "of the variable; its value when absent",
                    optional=True,
                ),
                Field("run", "RunRequest", "the request, where a run is to be checked", optional=True),
            ),
            "Findings",
        ),
        Call(
            "fieldDescriptors",
            "What completion and sliders need: every name, and every built-in function of a dialect.",
            (
                _MODEL,
                Field("dialect", "string", "mdl, xmile or pen; the model's own when absent", optional=True),
            ),
            "FieldDescriptors",
        ),
        Call(
            "traceRun",
            "Why a value is what it is: variables and sub-expressions of equations at each saved step of a run.",
            (
                _MODEL,
                Field(
                    "equations",
                    "string[]",
                    "variables or elements whose equations to take apart",
                    optional=True,
                ),
                _OVERRIDES,
                _SPECS,
                Field("engine", "string", "wasm or vm; the default engine when absent", optional=True),
                Field("first", "number", "earliest time; the start when absent", optional=True),
                Field("last", "number", "latest time; the end when absent", optional=True),
                Field("save", "string[]", "variables to return; all when absent", optional=True),
            ),
            "Trace",
        ),
        Call(
            "causalGraph",
            "Variables, and the links between them with polarity.",
            (_MODEL, _RUN),
            "CausalGraph",
        ),
        Call(
            "feedbackLoops",
            "Feedback loops with polarity: all of them, or in a large model the shortest that cover every link.",
            (
                _MODEL,
                _RUN,
                Field("limit", "number", "how many are enumerated; 200 when absent", optional=True),
            ),
            "FeedbackLoops",
        ),
        Call(
            "feeds",
            "What feeds a variable and what it feeds, with distances.",
            (
                _MODEL,
                _NAME,
                Field("depth", "number", "how far to go; all the way when absent", optional=True),
            ),
            "Neighbourhood",
        ),
        Call(
            "diagram",
            "The stock and flow diagram: as the author drew it, else laid out automatically.",
            (_MODEL,),
            "Diagram",
        ),
        Call("engineVersion", "Versions of what answers.", (), "EngineVersion"),
        Call(
            "engineHash",
            "A digest of all sources that decide results: where it is the same, so are results, bit for bit.",
            (),
            "EngineHash",
        ),
    )
}
