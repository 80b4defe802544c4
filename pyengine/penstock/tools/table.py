"""The calls that tools make, one row each: what they take, what they answer, and what it means.

The page sends them in `ask` messages, the command line runs them with ``penstock tool``, Python with
`penstock.tools.call`; the answer is the same JSON. Schemas, TypeScript and the manual are made from this table.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..protocol import Field
from .edit_rows import EDITS
from .records import NAME, OVERRIDES, RECORDS, SPECS, VALUE, Call

__all__ = ["CALLS", "RECORDS", "VALUE", "Call"]


_MODEL = Field(
    "model", "string", "content hash of a compiled model; its only one where there is one", optional=True
)
_RUN = Field(
    "run", "boolean", "look at a run for the signs that rules leave open; true when absent", optional=True
)

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
            (_MODEL, OVERRIDES, SPECS),
            "Resolved",
        ),
        Call(
            "written",
            "What the text says of a variable, part by part, as an editor shows it; with the units that fit it.",
            (_MODEL, NAME),
            "Written",
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
                OVERRIDES,
                SPECS,
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
                NAME,
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
        Call(
            "draw",
            "The same diagram as a picture: an SVG file without scripts.",
            (
                _MODEL,
                Field(
                    "theme",
                    '"light" | "dark" | "print"',
                    "its colours; light when absent",
                    optional=True,
                ),
            ),
            "Drawing",
        ),
        Call(
            "convert",
            "A model as text in another format, and what that format cannot say of it.",
            (_MODEL, Field("format", '"mdl" | "xmile" | "pen"', "the format to write")),
            "Conversion",
        ),
        Call(
            "copied",
            "Variables as Penstock text of their own, with their symbols and arrows, for `paste`.",
            (_MODEL, Field("names", "string[]", "variables of the main model")),
            "Copied",
        ),
        *EDITS,
        Call("engineVersion", "Versions of what answers.", (), "EngineVersion"),
        Call(
            "engineHash",
            "A digest of all sources that decide results: where it is the same, so are results, bit for bit.",
            (),
            "EngineHash",
        ),
    )
}
