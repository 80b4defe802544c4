"""The blob's interface: its exports, the codes they return and the description it carries.

`typescript()` is the text of the TypeScript half, `worker/abi.ts`, which `python build.py generate` writes.
The description is JSON in the custom section `penstock.layout`; what only people need (text, documentation,
sliders) is the *document* beside it.

Offsets count bytes, slots and columns count doubles. Results are column-major: the series of column c
starts at ``results_offset + 8 * c * n_rows`` for the `columns` that vary in a run; the variables whose column
is not below `varying` stay at their live row's value unless `full_rows` is not zero.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

ABI = 2
LAYOUT_SECTION = "penstock.layout"


@dataclass(frozen=True, slots=True)
class Export:
    """`kind` is memory, a global's type, or a function's signature as TypeScript sees it."""

    name: str
    kind: str
    meaning: str
    mutable: bool = False


EXPORTS: Mapping[str, Export] = {
    row.name: row
    for row in (
        Export("memory", "memory", "one linear memory"),
        Export("run", "() => void", "a full run from the start, whatever came before"),
        Export("run_initials", "() => void", "evaluate initial values; idempotent until reset"),
        Export(
            "run_to", "(t: number) => void", "take every whole step up to t; then the live row is complete"
        ),
        Export("reset", "() => void", "cursor and live row as in a new instance; overrides stay"),
        Export("set_value", "(input: number, value: number) => number", "a code of `SetValue`"),
        Export("clear_values", "() => void", "drop all overrides"),
        Export("get_error", "() => bigint", "0, or a code of `RunError`, its place in the upper half"),
        Export("saved_steps", "i32", "rows saved so far", mutable=True),
        Export("n_slots", "i32", "doubles in the live row"),
        Export("row_offset", "i32", "where the live row starts"),
        Export("n_rows", "i32", "rows that there is room for", mutable=True),
        Export("results_offset", "i32", "where the columns start", mutable=True),
        Export("full_rows", "i32", "not zero once an override made a fixed column vary", mutable=True),
        Export("snapshot_size", "i32", "bytes that `snapshot` writes", mutable=True),
        Export("snapshot", "(at: number) => void", "write state and inputs, no rows, to a place in memory"),
        Export(
            "restore",
            "(at: number) => number",
            "take over such a state: 0; another program's: 1, and nothing is",
        ),
        Export("allocate", "(size: number) => number", "bytes to write to; 0 where there are none"),
        Export("deallocate", "(at: number, size: number) => void", "give them back"),
        Export(
            "process",
            "(request: number, length: number, out: number) => number",
            "a run from a request's bytes; where the reply stands, its length at `out`",
        ),
    )
}

_SHARED = ("memory", "run", "run_initials", "run_to", "reset", "set_value", "clear_values", "get_error")

LANE_EXPORTS: Mapping[str, Export] = {
    row.name: row
    for row in (
        *(EXPORTS[name] for name in (*_SHARED, "n_slots", "row_offset", "allocate", "deallocate")),
        Export("n_lanes", "i32", "runs that stand side by side; lane l of slot s is double n_lanes * s + l"),
        Export(
            "set_lane_value",
            "(lane: number, input: number, value: number) => number",
            "an input of one lane: a constant that no setting follows from, an initial value, the seed",
        ),
        Export("sweep", "(request: number, reply: number) => void", "runs as a request says; see the manual"),
    )
}
"""What a blob exports whose runs stand side by side: `set_value` is for all lanes, and no rows are saved."""

SET_VALUE = {"OK": 0, "NOT_SETTABLE": 1, "TOO_LATE": 2, "BAD_VALUE": 3}
"""What `set_value` returns."""

RUN_ERROR = {
    "NONE": 0,
    "BAD_TIME": 1,
    "BAD_DT": 2,
    "STOP_BEFORE_START": 3,
    "BAD_SAVE_STEP": 4,
    "TOO_MANY_ROWS": 5,
    "TOO_MUCH_MEMORY": 6,
}
"""What `get_error` returns in its lower half. A run with an error has taken no step."""

PROCESS = {"BAD_REQUEST": 1, "REFUSED": 0x100, "FAILED": 0x200}
"""The status in a reply of `process`, 0 for a run that was made: a request whose length does not fit what it says; or a
code of `SET_VALUE` or of `RUN_ERROR` is added."""

CLOCK = {"TIME": 0, "DT": 1, "START": 2, "STOP": 3, "SAVE_STEP": 4, "STEP": 6}
"""Slots of the live row that mean the same in every blob."""

MAX_RESULT_BYTES = 1 << 30
"""A run that would save more is refused: the blob's memory must stay below what every browser grants."""


class InputLayout(TypedDict):
    """Something settable: `count` inputs from number `input` on, one for each element.

    Kind ``points`` is a lookup, by the name of its variable or element, with `count` points: the x of point i
    is input ``input + 3 * i``, its y the next. The x must ascend whenever one is set.
    """

    name: str
    kind: str  # constant, initial, start, stop, dt, save_step, seed, points
    input: int
    count: NotRequired[int]  # 1 when absent


class VariableLayout(TypedDict):
    """A variable's place in the live row and in the results: its first element's, the others follow."""

    name: str
    kind: str  # time, stock, flow, auxiliary, constant
    slot: int
    column: int
    dims: NotRequired[list[str]]  # in order; row-major
    missing: NotRequired[list[int]]  # elements that no equation is for, by number; always NaN
    units: NotRequired[str]


class Layout(TypedDict):
    """What the blob says about itself. Hidden state has slots and no entry here."""

    abi: int
    compiler: str  # version of the compiler
    model: str  # content hash
    name: str
    method: str
    varying: int  # columns that a run stores per row
    columns: int  # all columns
    inputs: list[InputLayout]
    variables: list[VariableLayout]
    dims: dict[str, list[str]]  # elements of every dimension, as written
    bytes: int  # memory needed before any row is saved
    lanes: NotRequired[int]  # runs that stand side by side; without it the blob is of one run


class SliderRow(TypedDict):
    name: str
    low: float
    high: float
    step: float | None
    value: float  # the model's own
    authored: bool  # the model's author gave the range; the page shows these first


class DescribedVariable(TypedDict):
    name: str
    kind: str
    units: str
    documentation: str
    equation: str  # as written


class Document(TypedDict):
    """What people need beside the blob."""

    name: str
    text: str
    format: str
    documentation: str
    time_units: str
    method: str
    sliders: list[SliderRow]  # the author's; else ranges that the page may offer
    variables: list[DescribedVariable]


TYPES = (InputLayout, VariableLayout, Layout, SliderRow, DescribedVariable, Document)

_TYPESCRIPT = {
    "str": "string",
    "int": "number",
    "bool": "boolean",
    "float": "number",
    "float | None": "number | null",
    "list[str]": "string[]",
    "dict[str, list[str]]": "Record<string, string[]>",
}


def typescript() -> str:
    """The whole text of `worker/abi.ts`."""
    from .builtins import time  # nothing but this generator needs what stands above it
    from .model import canonical

    kinds = {name: name.removeprefix("#") for name in time.CLOCK if name != "#time"}
    settings = {canonical(text): kind for name, kind in kinds.items() for text in time.CLOCK[name]}
    lines = [
        "// Made by `python build.py generate` from pyengine/penstock/abi.py; do not edit.",
        "",
        f"export const ABI = {ABI};",
        f'export const LAYOUT_SECTION = "{LAYOUT_SECTION}";',
        f"export const MAX_RESULT_BYTES = {MAX_RESULT_BYTES};",
        f"export const EXPORT_NAMES = {json.dumps(list(EXPORTS))} as const;",
        f"export const Clock = {json.dumps(CLOCK)} as const;",
        f"export const SetValue = {json.dumps(SET_VALUE)} as const;",
        f"export const RunError = {json.dumps(RUN_ERROR)} as const;",
        "",
        "/** How models spell settings: canonical names, and the kind of the input each means. */",
        f"export const SETTING_SPELLINGS: Record<string, string> = {json.dumps(settings)};",
        "",
        "/** What a blob exports. */",
        "export interface Exports {",
    ]
    for row in EXPORTS.values():
        kind = "WebAssembly.Memory" if row.kind == "memory" else row.kind
        kind = "WebAssembly.Global" if kind == "i32" else kind
        lines += [f"  /** {row.meaning} */", f"  {row.name}: {kind};"]
    lines += ["}", ""]
    for type_ in TYPES:
        lines.append(f"export interface {type_.__name__} {{")
        for name, annotation in type_.__annotations__.items():
            text = annotation.__forward_arg__ if hasattr(annotation, "__forward_arg__") else str(annotation)
            optional = text.startswith("NotRequired[")
            text = text.removeprefix("NotRequired[").removesuffix("]") if optional else text
            lines.append(f"  {name}{'?' if optional else ''}: {_spelled(text)};")
        lines += ["}", ""]
    return "\n".join(lines)


def _spelled(annotation: str) -> str:
    if annotation in _TYPESCRIPT:
        return _TYPESCRIPT[annotation]
    if annotation.startswith("list["):
        return f"{_spelled(annotation[5:-1])}[]"
    if annotation.isidentifier():
        return annotation
    raise AssertionError(f"no TypeScript for {annotation}")
