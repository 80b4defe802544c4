"""The worker protocol: every message between a page and its workers, one row each.

`typescript()` is the text of the TypeScript half, `worker/protocol.ts`, which `python build.py generate`
writes. A request carries an `id` and is answered exactly once, by its reply or by `error`. Buffers named in
`transfer` change owner: the sender's copy is empty afterwards.

Types are written as TypeScript spells them; `KINDS` says which value each stands for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from .errors import CODES, error

VERSION = 1
"""Goes up with every change that an older half would misread."""

ENGINES = ("wasm", "vm")
DEFAULT_ENGINE = "wasm"

Sender = Literal["page", "worker"]
Role = Literal["request", "reply", "event"]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    meaning: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A plain object that messages contain."""

    name: str
    fields: tuple[Field, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Message:
    """`reply` names what answers a request; `transfer` the fields whose buffers change owner."""

    type: str
    sender: Sender
    role: Role
    meaning: str
    fields: tuple[Field, ...] = ()
    reply: str = ""
    transfer: tuple[str, ...] = ()


RECORDS: Mapping[str, Record] = {
    row.name: row
    for row in (
        Record(
            "Override",
            (
                Field(
                    "name",
                    "string",
                    "a constant, `name[element]` of an array, or a stock for its initial value",
                ),
                Field("value", "number", "the value it takes"),
                Field(
                    "at", "number", "model time from which it acts; from the start when absent", optional=True
                ),
            ),
            "a value that replaces the model's own",
        ),
        Record(
            "Branch",
            (
                Field(
                    "at",
                    "number",
                    "model time at which it leaves the run that the request describes otherwise; rows begin there",
                ),
                Field("values", "Override[]", "what is different from then on"),
            ),
            "a run that goes on from within another one with other values",
        ),
        Record(
            "Specs",
            (
                Field("start", "number", "start time", optional=True),
                Field("stop", "number", "stop time", optional=True),
                Field("dt", "number", "time step", optional=True),
                Field("save_step", "number", "time between saved rows", optional=True),
                Field("seed", "number", "seed of the random functions", optional=True),
                Field("method", "string", "must be the one compiled in", optional=True),
            ),
            "simulation settings that replace the model's own",
        ),
        Record(
            "Place",
            (
                Field("source", "string", "name of the text"),
                Field("line", "number", "from 1"),
                Field("column", "number", "from 1, in code points"),
            ),
            "where a diagnostic points",
        ),
        Record(
            "Diagnostic",
            (
                Field("code", "string", "row of the catalogue"),
                Field("severity", "string", "error or warning"),
                Field("message", "string", "what is wrong"),
                Field("advice", "string", "what to do"),
                Field("place", "Place | null", "where"),
                Field("range", "number[] | null", "start and end in UTF-16 units"),
                Field("fixes", "string[]", "texts that may be meant in that place", optional=True),
            ),
            "one finding",
        ),
        Record(
            "Missing",
            (
                Field("name", "string", "as written"),
                Field("needs", "string[]", "the way to what has errors; empty where this has errors itself"),
                Field("reasons", "Diagnostic[]", "why it is left out; never empty"),
            ),
            "a part of the model that is left out",
        ),
    )
}

_SOURCE = (
    Field("name", "string", "file name, shown in messages"),
    Field("text", "string", "the model's text"),
    Field("format", "string", "mdl, xmile or pen; told from name and text when absent", optional=True),
)

MESSAGES: Mapping[str, Message] = {
    row.type: row
    for row in (
        Message(
            "compile",
            "page",
            "request",
            "read, check and compile a model",
            (
                *_SOURCE,
                Field("method", "string", "integration method instead of the model's", optional=True),
                Field("partial", "boolean", "leave out what has errors and what needs it", optional=True),
                Field("draft", "boolean", "not optimised, but at once: the same values", optional=True),
            ),
            reply="compiled",
        ),
        Message(
            "compiled",
            "worker",
            "reply",
            "the blob and all that is known about the model",
            (
                Field("model", "string", "content hash that later requests name"),
                Field("blob", "ArrayBuffer", "the wasm module"),
                Field("layout", "Layout", "the blob's own description"),
                Field("document", "Document", "text, documentation, sliders"),
                Field("diagnostics", "Diagnostic[]", "warnings"),
                Field("missing", "Missing[]", "what a partial model is without"),
                Field("ms", "number", "time spent"),
            ),
            transfer=("blob",),
        ),
        Message(
            "load",
            "page",
            "request",
            "hand a compiled module to a runner",
            (
                Field("model", "string", "content hash"),
                Field("module", "WebAssembly.Module", "the compiled blob"),
                Field("layout", "Layout", "its description"),
            ),
            reply="loaded",
        ),
        Message(
            "loaded",
            "worker",
            "reply",
            "the runner holds the model",
            (Field("model", "string", "content hash"),),
        ),
        Message(
            "forget",
            "page",
            "request",
            "drop a model and free its memory",
            (Field("model", "string", "content hash"),),
            reply="forgotten",
        ),
        Message(
            "forgotten", "worker", "reply", "the model is gone", (Field("model", "string", "content hash"),)
        ),
        Message(
            "run",
            "page",
            "request",
            "simulate; the result depends on this message alone",
            (
                Field("model", "string", "content hash"),
                Field(
                    "engine", "string", f"{' or '.join(ENGINES)}; {DEFAULT_ENGINE} when absent", optional=True
                ),
                Field("overrides", "Override[]", "values that replace the model's", optional=True),
                Field("specs", "Specs", "settings that replace the model's", optional=True),
                Field("branch", "Branch", "go on from within that run with other values", optional=True),
                Field("save", "string[]", "variables to return; all when absent", optional=True),
                Field("buffer", "ArrayBuffer", "an earlier result's buffer to use again", optional=True),
            ),
            reply="result",
            transfer=("buffer",),
        ),
        Message(
            "result",
            "worker",
            "reply",
            "one run: `rows` values for each of `columns`, column by column, then one for each of `fixed`",
            (
                Field("model", "string", "content hash"),
                Field("engine", "string", "the engine that ran"),
                Field("rows", "number", "rows saved"),
                Field("columns", "string[]", "variables and elements with a value for each row"),
                Field("fixed", "string[]", "those that did not change during the run"),
                Field("data", "Float64Array", "all values"),
                Field("ms", "number", "time spent"),
            ),
            transfer=("data",),
        ),
        Message(
            "ask",
            "page",
            "request",
            "make a call about models; `tools.ts` says which there are, what they take and answer",
            (
                Field("call", "string", "its name"),
                Field("arguments", "Record<string, unknown>", "by name"),
            ),
            reply="answer",
        ),
        Message("answer", "worker", "reply", "what a call yields", (Field("result", "unknown", "as JSON"),)),
        Message(
            "cancel",
            "page",
            "request",
            "give up another request",
            (Field("target", "number", "its id"),),
            reply="cancelled",
        ),
        Message(
            "cancelled",
            "worker",
            "reply",
            "`found` tells whether the target was still open; it is then answered by an error",
            (Field("target", "number", "its id"), Field("found", "boolean", "whether it was still open")),
        ),
        Message(
            "error",
            "worker",
            "reply",
            "a request could not be met",
            (Field("diagnostics", "Diagnostic[]", "what is wrong; never empty"),),
        ),
        Message(
            "progress",
            "worker",
            "event",
            "how far the worker has booted",
            (
                Field("phase", "string", "what is being done, for people"),
                Field("done", "number", "bytes or steps so far"),
                Field("total", "number", "of how many; 0 where unknown"),
            ),
        ),
        Message(
            "ready",
            "worker",
            "event",
            "the worker takes requests",
            (
                Field("engines", "string[]", "what its run requests may name"),
                Field("release", "string", "version of the package or script"),
                Field("ms", "number", "boot time"),
                Field(
                    "boot", "string", "of Python: from its snapshot, or ordinary: from files", optional=True
                ),
                Field("reason", "string", "why a boot was ordinary", optional=True),
            ),
        ),
        Message(
            "failed",
            "worker",
            "event",
            "the worker is of no more use",
            (Field("diagnostics", "Diagnostic[]", "why; never empty"),),
        ),
    )
}

WORKER_CODES = tuple(
    code
    for code in CODES
    if code.startswith(("PEN001", "PEN201", "PEN31", "PEN50", "PEN51", "PEN520", "PEN599"))
)
"""The rows of the error catalogue that workers and page raise without Python; `protocol.ts` holds them."""

KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
}
"""The types whose values look alike in Python and JavaScript; the host checks buffers and modules."""


def parse(message: Mapping[str, Any], sender: Sender = "page") -> Message:
    """The row of a message that the other side sent, its version and plain fields checked.

    Raises PEN508, PEN509 or PEN510.
    """
    type_ = message.get("type")
    row = MESSAGES.get(type_) if isinstance(type_, str) else None
    if row is None or row.sender != sender:
        raise error("PEN508", type=str(type_)[:80])
    if message.get("version") != VERSION:
        raise error("PEN509", found=str(message.get("version"))[:80], expected=VERSION)
    if row.role != "event" and not _is(message.get("id"), "number"):
        raise error("PEN510", type=row.type, reason="id is missing or no number")
    for field in row.fields:
        _check(row.type, field.name, message.get(field.name), field)
    return row


def _check(type_: str, path: str, value: object, field: Field) -> None:
    if value is None:
        if not field.optional and "null" not in field.type:
            raise error("PEN510", type=type_, reason=f"{path} is missing")
        return
    base = field.type.removesuffix(" | null")
    items = [value]
    if base.endswith("[]"):
        base = base.removesuffix("[]")
        if not isinstance(value, (list, tuple)):
            raise error("PEN510", type=type_, reason=f"{path} is no list")
        items = list(value)
    for item in items:
        if base in KINDS and not _is(item, base):
            raise error("PEN510", type=type_, reason=f"{path} is not a {base}")
        if base in RECORDS:
            if not isinstance(item, Mapping):
                raise error("PEN510", type=type_, reason=f"{path} is no {base}")
            for inner in RECORDS[base].fields:
                _check(type_, f"{path}.{inner.name}", item.get(inner.name), inner)


def _is(value: object, kind: str) -> bool:
    return isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


# --- the TypeScript half ----------------------------------------------------------------------------


def typescript() -> str:
    """The whole text of `worker/protocol.ts`."""
    return "\n".join(
        [
            "// Made by `python build.py generate` from pyengine/penstock/protocol.py; do not edit.",
            'import type { Document, Layout } from "./abi.js";',
            "",
            f"export const VERSION = {VERSION};",
            f"export const ENGINES = {json.dumps(list(ENGINES))} as const;",
            "export type Engine = (typeof ENGINES)[number];",
            f'export const DEFAULT_ENGINE: Engine = "{DEFAULT_ENGINE}";',
            "",
            *(
                line
                for record in RECORDS.values()
                for line in _interface(record.name, record.meaning, record.fields)
            ),
            *(line for message in MESSAGES.values() for line in _message_interface(message)),
            *_unions(),
            *_tables(),
            "",
        ]
    )


def type_name(message: Message) -> str:
    return message.type.capitalize() + message.role.capitalize()


def _interface(name: str, meaning: str, fields: tuple[Field, ...]) -> list[str]:
    lines = [f"/** {meaning[0].upper()}{meaning[1:]}. */", f"export interface {name} {{"]
    for field in fields:
        mark = "?" if field.optional else ""
        lines.append(f"  /** {field.meaning} */")
        lines.append(f"  {field.name}{mark}: {field.type};")
    return [*lines, "}", ""]


def _message_interface(message: Message) -> list[str]:
    lines = _interface(type_name(message), message.meaning, message.fields)
    head = [f'  type: "{message.type}";', "  version: number;"]
    if message.role != "event":
        head.append("  id: number;")
    return [*lines[:2], *head, *lines[2:]]


def _unions() -> list[str]:
    lines = []
    for name, chosen in (
        ("Request", [m for m in MESSAGES.values() if m.role == "request"]),
        ("Reply", [m for m in MESSAGES.values() if m.role == "reply"]),
        ("WorkerEvent", [m for m in MESSAGES.values() if m.role == "event"]),
    ):
        lines += [f"export type {name} =", *(f"  | {type_name(m)}" for m in chosen)]
        lines[-1] += ";"
        lines.append("")
    lines += ["/** The reply that answers each request. */", "export interface ReplyTo {"]
    lines += [
        f"  {m.type}: {type_name(MESSAGES[m.reply])};" for m in MESSAGES.values() if m.role == "request"
    ]
    return [*lines, "}", ""]


def _tables() -> list[str]:
    rows = {
        m.type: {"sender": m.sender, "role": m.role, "fields": _marked(m.fields), "transfer": m.transfer}
        for m in MESSAGES.values()
    }
    return [
        "/** The rows of the error catalogue that code without Python raises; see diagnostics.ts. */",
        "export const CODES = {",
        *(
            f"  {code}: {_object(severity=row.severity, message=row.message, advice=row.advice)},"
            for code, row in CODES.items()
            if code in WORKER_CODES
        ),
        "} as const;",
        "export type Code = keyof typeof CODES;",
        "",
        "interface Row {",
        f"  sender: {' | '.join(map(json.dumps, get_args(Sender)))};",
        f"  role: {' | '.join(map(json.dumps, get_args(Role)))};",
        "  fields: Record<string, string>; // a name with a question mark may be absent",
        "  transfer: string[];",
        "}",
        "",
        "/** What every message holds, and whose buffers it gives away. */",
        "export const MESSAGES: Record<string, Row> = {",
        *(f"  {type_}: {_object(**row)}," for type_, row in rows.items()),
        "};",
        "",
        "/** What the plain objects in messages hold. */",
        "export const RECORDS: Record<string, Record<string, string>> = {",
        *(f"  {record.name}: {_object(**_marked(record.fields))}," for record in RECORDS.values()),
        "};",
        "",
        f"const KINDS = {json.dumps(list(KINDS))};",
        "",
        _FUNCTIONS,
    ]


def _marked(fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.name + ("?" if field.optional else ""): field.type for field in fields}


def _object(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False)


_FUNCTIONS = """\
/** The buffers that go along with a message and leave the sender empty-handed. */
export function transferables(message: Request | Reply | WorkerEvent): Transferable[] {
  const fields = message as unknown as Record<string, unknown>;
  return (MESSAGES[message.type]?.transfer ?? []).flatMap((name) => {
    const value = fields[name];
    if (value instanceof ArrayBuffer) return [value];
    return ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : [];
  });
}

export interface Fault {
  code: Code;
  fields: Record<string, string>; // of the code's text
}

/** What is wrong with a message from the other side: nothing, or a row of the catalogue. */
export function fault(message: unknown, sender: Row["sender"]): Fault | null {
  const found = (isObject(message) ? message : {}) as Record<string, unknown>;
  const brief = (value: unknown) => String(value).slice(0, 80);
  const type = brief(found.type);
  const row = Object.hasOwn(MESSAGES, type) ? MESSAGES[type] : undefined;
  if (!row || row.sender !== sender) return { code: "PEN508", fields: { type } };
  if (found.version !== VERSION) {
    return { code: "PEN509", fields: { found: brief(found.version), expected: brief(VERSION) } };
  }
  const head = row.role === "event" || typeof found.id === "number" ? null : "id is missing or no number";
  const reason = head ?? misfit("", found, row.fields);
  return reason === null ? null : { code: "PEN510", fields: { type, reason } };
}

function misfit(path: string, found: Record<string, unknown>, fields: Record<string, string>): string | null {
  for (const [marked, type] of Object.entries(fields)) {
    const name = marked.replace("?", "");
    const reason = wrong(path + name, found[name], type, marked !== name);
    if (reason !== null) return reason;
  }
  return null;
}

function wrong(path: string, value: unknown, type: string, optional: boolean): string | null {
  if (value === undefined || value === null) {
    return optional || type.includes("null") ? null : `${path} is missing`;
  }
  let base = type.replace(" | null", "");
  let items: unknown[] = [value];
  if (base.endsWith("[]")) {
    base = base.slice(0, -2);
    if (!Array.isArray(value)) return `${path} is no list`;
    items = value;
  }
  const record = RECORDS[base];
  for (const item of items) {
    if (KINDS.includes(base) && typeof item !== base) return `${path} is not a ${base}`;
    if (record && !isObject(item)) return `${path} is no ${base}`;
    const reason = record ? misfit(`${path}.`, item as Record<string, unknown>, record) : null;
    if (reason !== null) return reason;
  }
  return null;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}"""
