"""The calls for tools: each with what it takes and answers, and answers to questions about a small model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..compiler import Compiled, compile_text
from ..protocol import Field
from ..tools import CALLS, RECORDS, call
from ..tools.table import VALUE, Call
from . import markdown

MODEL = """\
model Tea
stock Tea = 180 {degree}
  out cooling
flow cooling = (Tea - room) / time constant {degree/minute}
aux room = if time > 2 then 75 else 70 {degree}
const time constant = 10 {minute} slider 1 to 30
time 0 to 30 by 1 {minute}
"""

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "validateFor": {"variable": "room", "equation": "Tea - roum"},
    "traceRun": {"equations": ["room"], "first": 2, "last": 3, "save": ["Tea"]},
    "feedbackLoops": {},
    "feeds": {"name": "Tea"},
}

INTRODUCTION = """\
An editor, an inspector or a script asks Penstock about a model and gets JSON: what is in it, whether an equation would
be right, why a value is what it is, which loops there are. The answer is the same, byte for byte, whoever asks:

| where | how |
| --- | --- |
| command line | `penstock tool feeds tea.pen --ask name=Tea` |
| Python | `penstock.tools.call("feeds", {"name": "Tea"}, {model.model_hash: model})` |
| page | `await client.ask("feeds", { model, name: "Tea" })` |

A question that makes no sense is refused with a message that says what the call takes. For each call there is a JSON
Schema in the folder `schemas`, with its `arguments` and its `result`; `worker/tools.ts` has the same for TypeScript."""

POLARITY = """\
### How polarities and loops are found

A link is `+` where its target never falls as the source rises, all else equal, and `-` where it never rises. Rules
over the equation say so: the operators', those of the built-in functions, the slopes of graphical functions. A product
has the sign of its other factor, which the ranges of the variables tell: those of the model's own run, or with
`"run": false` only constants, the author's ranges and what cannot be negative. Where a sign changes, or where there is
no effect at all in the range, the polarity is `?`, and so is that of every loop through the link.

A model with up to `limit` loops gets all of them (Johnson's algorithm). In others the loops are, for every link in
a loop, a shortest one through it, shortest first, as long as each adds a link that none before it has; `complete` is
then false. Arrays count as one variable. What matters at the start only is no part of a loop, nor is the limit that
keeps a stock from going below zero."""

TRACE = """\
### How values are found

The run is an ordinary one, and the values of variables are its values, bit for bit. Sub-expressions are computed from
the state of the run at each saved step by the operations that the equation itself is made of. Where a choice was taken,
the other side has no value (`null`). A function with a memory shows its hidden stocks and states; what it reads once,
at the start, is marked. For an array, name an element (`Population[north]`), or get all of them."""

NOTES = {"traceRun": TRACE, "feedbackLoops": POLARITY}


def page() -> str:
    compiled = compile_text(MODEL, "tea.pen")
    blocks = [INTRODUCTION, "The examples below are about this model:", markdown.fenced(MODEL, "pen")]
    for row in CALLS.values():
        blocks += _call(row, compiled)
    blocks += [
        "## Records",
        f"A `Value` is {markdown.code(VALUE)}: JSON has no other way to write the last three.",
    ]
    for record in RECORDS.values():
        blocks += [f"### {record.name}", _sentence(record.meaning), _fields(record.fields)]
    return markdown.page("Calls for tools", *blocks)


def _call(row: Call, compiled: Compiled) -> Iterator[str]:
    yield f"## {row.name}"
    yield row.meaning
    if row.parameters:
        yield _fields(row.parameters)
    yield f"Answers {markdown.code(row.result)}."
    if row.name in EXAMPLES:
        asked = EXAMPLES[row.name]
        words = "".join(f" --ask '{name}={_word(value)}'" for name, value in asked.items())
        yield markdown.fenced(f"penstock tool {row.name} tea.pen{words}", "sh")
        answer = call(row.name, asked, {compiled.model_hash: compiled})
        if isinstance(answer, dict):
            answer = {
                key: value for key, value in answer.items() if key != "model"
            }  # it changes with each release
        yield markdown.fenced(json.dumps(answer, indent=1, ensure_ascii=False), "json")
    if row.name in NOTES:
        yield NOTES[row.name]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _fields(fields: Iterable[Field]) -> str:
    rows = [
        (
            markdown.code(field.name + ("?" if field.optional else "")),
            markdown.code(field.type),
            markdown.plain(field.meaning),
        )
        for field in fields
    ]
    return markdown.table(("Field", "Type", "Meaning"), rows)
