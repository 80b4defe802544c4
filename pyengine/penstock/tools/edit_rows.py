"""The calls that edit a model's text, a row each; all of them answer with a patch."""

from __future__ import annotations

from ..protocol import Field
from .records import Call

_MODEL = Field(
    "model", "string", "content hash of a compiled model; its only one where there is one", optional=True
)
_WHO = Field(
    "name", "string", "a variable; qualified with dots in a module, with subscripts for one equation"
)
_KINDS = '"stock" | "flow" | "auxiliary" | "constant"'
_EDIT = "TextEdit"


def _optional(name: str, type_: str, meaning: str) -> Field:
    return Field(name, type_, meaning, optional=True)


_VIEW = _optional("view", "number", "which view, from 0; the first when absent")

EDITS: tuple[Call, ...] = (
    Call(
        "rename",
        "Another name for a variable, dimension, element, module or macro, wherever it is named.",
        (_MODEL, Field("old", "string", "its name"), Field("new", "string", "the name it gets")),
        _EDIT,
    ),
    Call(
        "delete",
        "A variable taken out, with its symbols and arrows; what used it is among the consequences.",
        (_MODEL, _WHO, _optional("value", "string", "an expression in the place of every use")),
        _EDIT,
    ),
    Call(
        "extract",
        "A part of an equation as an auxiliary of its own; results stay the same to the last bit.",
        (
            _MODEL,
            Field("range", "number[]", "the selection in the text, in UTF-16 units"),
            Field("new", "string", "the name of the auxiliary"),
            _optional("units", "string", "inferred when absent"),
        ),
        _EDIT,
    ),
    Call(
        "changeKind",
        "Another kind for a variable.",
        (_MODEL, _WHO, Field("kind", _KINDS, "what it becomes")),
        _EDIT,
    ),
    Call(
        "add",
        "A new variable, and its symbol where the model has a diagram.",
        (
            _MODEL,
            Field("kind", f'{_KINDS} | "lookup"', "what it is"),
            Field("new", "string", "its name"),
            _optional(
                "equation", "string", "in the model's language; a stock's initial value; 0 when absent"
            ),
            _optional("units", "string", "of the variable"),
            _optional("documentation", "string", "of the variable"),
            _optional("place", "number[]", "x and y of its symbol in the first view"),
            _optional("source", "string", "the stock that a flow drains"),
            _optional("target", "string", "the stock that a flow fills"),
            _optional("points", "number[][]", "pairs of x and y, of a lookup"),
            _optional("subscripts", "string[]", "dimensions, of an array"),
            _optional("after", "string", "the variable behind which it stands; the last when absent"),
        ),
        _EDIT,
    ),
    Call(
        "connect",
        "A flow that fills or drains a stock from now on.",
        (
            _MODEL,
            Field("stock", "string", "its name"),
            Field("flow", "string", "its name"),
            _optional("direction", '"in" | "out"', "whether it fills or drains; fills when absent"),
        ),
        _EDIT,
    ),
    Call(
        "disconnect",
        "A flow taken off a stock.",
        (_MODEL, Field("stock", "string", "its name"), Field("flow", "string", "its name")),
        _EDIT,
    ),
    Call(
        "setEquation",
        "Another equation for a variable.",
        (
            _MODEL,
            _WHO,
            Field("equation", "string", "its right-hand side, in the model's language"),
            _optional("part", '"value" | "rate" | "initial"', "of the variable; its value when absent"),
        ),
        _EDIT,
    ),
    Call(
        "setUnits",
        "Other units for a variable.",
        (_MODEL, _WHO, Field("units", "string", "empty for none")),
        _EDIT,
    ),
    Call(
        "setDocumentation",
        "Other documentation for a variable.",
        (_MODEL, _WHO, Field("text", "string", "empty for none")),
        _EDIT,
    ),
    Call(
        "setPoints",
        "Other points for a graphical function.",
        (_MODEL, _WHO, Field("x", "number[]", "ascending"), Field("y", "number[]", "as many")),
        _EDIT,
    ),
    Call(
        "setRange",
        "The range in which a constant is dragged.",
        (
            _MODEL,
            _WHO,
            _optional("low", "number", "least value; none when absent"),
            _optional("high", "number", "greatest value; none when absent"),
            _optional("step", "number", "between values"),
        ),
        _EDIT,
    ),
    Call(
        "setSettings",
        "Other settings of the clock.",
        (
            _MODEL,
            _optional("start", "string", "an expression"),
            _optional("stop", "string", "an expression"),
            _optional("dt", "string", "an expression"),
            _optional("save_step", "string", "an expression"),
            _optional("method", "string", "the integration method"),
            _optional("time_units", "string", "units"),
        ),
        _EDIT,
    ),
    Call(
        "move",
        "Symbols in other places; a model without a view gets one first, from the automatic layout.",
        (_MODEL, Field("moves", "SymbolMove[]", "which symbols, and where to")),
        _EDIT,
    ),
    Call(
        "addModule",
        "A module: of a submodel that there is, else of a new one with the same name.",
        (
            _MODEL,
            Field("new", "string", "its name"),
            _optional("of", "string", "the submodel"),
            _optional("place", "number[]", "x and y of its symbol in the first view"),
        ),
        _EDIT,
    ),
    Call(
        "alias",
        "A second symbol for a variable.",
        (_MODEL, _WHO, Field("place", "number[]", "x and y of the symbol"), _VIEW),
        _EDIT,
    ),
    Call(
        "attach",
        "Another end for a flow: it comes from, or goes to, another stock or the outside.",
        (
            _MODEL,
            Field("flow", "string", "its name"),
            Field("end", '"source" | "target"', "which of its ends"),
            _optional("stock", "string", "its name; the outside when absent"),
            _optional("place", "number[]", "x and y of the end outside, in the view that shows the flow"),
        ),
        _EDIT,
    ),
    Call(
        "drawArrow",
        "An arrow in the diagram; equations stay as they are.",
        (
            _MODEL,
            Field("source", "string", "where it comes from"),
            Field("target", "string", "where it goes to"),
            _VIEW,
        ),
        _EDIT,
    ),
    Call(
        "bend",
        "An arrow bent so that it runs through a point.",
        (
            _MODEL,
            Field("arrow", "number", "its number in its view, from 0"),
            Field("through", "number[]", "x and y"),
            _VIEW,
        ),
        _EDIT,
    ),
    Call(
        "paste",
        "What `copied` answers, of this model or another, under names that are free; with symbols in the first view.",
        (
            _MODEL,
            Field("text", "string", "Penstock text"),
            _optional("place", "number[]", "x and y of the middle of the symbols"),
            _VIEW,
        ),
        _EDIT,
    ),
    Call(
        "erase",
        "Aliases, comments and arrows taken off the diagram; the model stays as it is.",
        (
            _MODEL,
            _optional("symbols", "number[]", "their numbers in their view, from 0"),
            _optional("arrows", "number[]", "their numbers in their view, from 0"),
            _VIEW,
        ),
        _EDIT,
    ),
)
