// Made by `python build.py generate` from pyengine/penstock/protocol.py; do not edit.
import type { Document, Layout } from "./abi.js";

export const VERSION = 1;
export const ENGINES = ["wasm", "vm"] as const;
export type Engine = (typeof ENGINES)[number];
export const DEFAULT_ENGINE: Engine = "wasm";

/** A value that replaces the model's own. */
export interface Override {
  /** a constant, `name[element]` of an array, or a stock for its initial value */
  name: string;
  /** the value it takes */
  value: number;
  /** model time from which it acts; from the start when absent */
  at?: number;
}

/** A run that goes on from within another one with other values. */
export interface Branch {
  /** model time at which it leaves the run that the request describes otherwise; rows begin there */
  at: number;
  /** what is different from then on */
  values: Override[];
}

/** Simulation settings that replace the model's own. */
export interface Specs {
  /** start time */
  start?: number;
  /** stop time */
  stop?: number;
  /** time step */
  dt?: number;
  /** time between saved rows */
  save_step?: number;
  /** seed of the random functions */
  seed?: number;
  /** must be the one compiled in */
  method?: string;
}

/** Where a diagnostic points. */
export interface Place {
  /** name of the text */
  source: string;
  /** from 1 */
  line: number;
  /** from 1, in code points */
  column: number;
}

/** One finding. */
export interface Diagnostic {
  /** row of the catalogue */
  code: string;
  /** error or warning */
  severity: string;
  /** what is wrong */
  message: string;
  /** what to do */
  advice: string;
  /** where */
  place: Place | null;
  /** start and end in UTF-16 units */
  range: number[] | null;
  /** texts that may be meant in that place */
  fixes?: string[];
}

/** A part of the model that is left out. */
export interface Missing {
  /** as written */
  name: string;
  /** the way to what has errors; empty where this has errors itself */
  needs: string[];
  /** why it is left out; never empty */
  reasons: Diagnostic[];
}

/** Read, check and compile a model. */
export interface CompileRequest {
  type: "compile";
  version: number;
  id: number;
  /** file name, shown in messages */
  name: string;
  /** the model's text */
  text: string;
  /** mdl, xmile or pen; told from name and text when absent */
  format?: string;
  /** integration method instead of the model's */
  method?: string;
  /** leave out what has errors and what needs it */
  partial?: boolean;
  /** not optimised, but at once: the same values */
  draft?: boolean;
}

/** The blob and all that is known about the model. */
export interface CompiledReply {
  type: "compiled";
  version: number;
  id: number;
  /** content hash that later requests name */
  model: string;
  /** the wasm module */
  blob: ArrayBuffer;
  /** the blob's own description */
  layout: Layout;
  /** text, documentation, sliders */
  document: Document;
  /** warnings */
  diagnostics: Diagnostic[];
  /** what a partial model is without */
  missing: Missing[];
  /** time spent */
  ms: number;
}

/** Hand a compiled module to a runner. */
export interface LoadRequest {
  type: "load";
  version: number;
  id: number;
  /** content hash */
  model: string;
  /** the compiled blob */
  module: WebAssembly.Module;
  /** its description */
  layout: Layout;
}

/** The runner holds the model. */
export interface LoadedReply {
  type: "loaded";
  version: number;
  id: number;
  /** content hash */
  model: string;
}

/** Drop a model and free its memory. */
export interface ForgetRequest {
  type: "forget";
  version: number;
  id: number;
  /** content hash */
  model: string;
}

/** The model is gone. */
export interface ForgottenReply {
  type: "forgotten";
  version: number;
  id: number;
  /** content hash */
  model: string;
}

/** Simulate; the result depends on this message alone. */
export interface RunRequest {
  type: "run";
  version: number;
  id: number;
  /** content hash */
  model: string;
  /** wasm or vm; wasm when absent */
  engine?: string;
  /** values that replace the model's */
  overrides?: Override[];
  /** settings that replace the model's */
  specs?: Specs;
  /** go on from within that run with other values */
  branch?: Branch;
  /** variables to return; all when absent */
  save?: string[];
  /** an earlier result's buffer to use again */
  buffer?: ArrayBuffer;
}

/** One run: `rows` values for each of `columns`, column by column, then one for each of `fixed`. */
export interface ResultReply {
  type: "result";
  version: number;
  id: number;
  /** content hash */
  model: string;
  /** the engine that ran */
  engine: string;
  /** rows saved */
  rows: number;
  /** variables and elements with a value for each row */
  columns: string[];
  /** those that did not change during the run */
  fixed: string[];
  /** all values */
  data: Float64Array;
  /** time spent */
  ms: number;
}

/** Make a call about models; `tools.ts` says which there are, what they take and answer. */
export interface AskRequest {
  type: "ask";
  version: number;
  id: number;
  /** its name */
  call: string;
  /** by name */
  arguments: Record<string, unknown>;
}

/** What a call yields. */
export interface AnswerReply {
  type: "answer";
  version: number;
  id: number;
  /** as JSON */
  result: unknown;
}

/** Give up another request. */
export interface CancelRequest {
  type: "cancel";
  version: number;
  id: number;
  /** its id */
  target: number;
}

/** `found` tells whether the target was still open; it is then answered by an error. */
export interface CancelledReply {
  type: "cancelled";
  version: number;
  id: number;
  /** its id */
  target: number;
  /** whether it was still open */
  found: boolean;
}

/** A request could not be met. */
export interface ErrorReply {
  type: "error";
  version: number;
  id: number;
  /** what is wrong; never empty */
  diagnostics: Diagnostic[];
}

/** How far the worker has booted. */
export interface ProgressEvent {
  type: "progress";
  version: number;
  /** what is being done, for people */
  phase: string;
  /** bytes or steps so far */
  done: number;
  /** of how many; 0 where unknown */
  total: number;
}

/** The worker takes requests. */
export interface ReadyEvent {
  type: "ready";
  version: number;
  /** what its run requests may name */
  engines: string[];
  /** version of the package or script */
  release: string;
  /** boot time */
  ms: number;
  /** of Python: from its snapshot, or ordinary: from files */
  boot?: string;
  /** why a boot was ordinary */
  reason?: string;
}

/** The worker is of no more use. */
export interface FailedEvent {
  type: "failed";
  version: number;
  /** why; never empty */
  diagnostics: Diagnostic[];
}

export type Request =
  | CompileRequest
  | LoadRequest
  | ForgetRequest
  | RunRequest
  | AskRequest
  | CancelRequest;

export type Reply =
  | CompiledReply
  | LoadedReply
  | ForgottenReply
  | ResultReply
  | AnswerReply
  | CancelledReply
  | ErrorReply;

export type WorkerEvent =
  | ProgressEvent
  | ReadyEvent
  | FailedEvent;

/** The reply that answers each request. */
export interface ReplyTo {
  compile: CompiledReply;
  load: LoadedReply;
  forget: ForgottenReply;
  run: ResultReply;
  ask: AnswerReply;
  cancel: CancelledReply;
}

/** The rows of the error catalogue that code without Python raises; see diagnostics.ts. */
export const CODES = {
  PEN001: {"severity": "error", "message": "{name} cannot be read: {reason}", "advice": "Check the path and the permissions of the file."},
  PEN201: {"severity": "error", "message": "the name {name} is not defined", "advice": "{advice}"},
  PEN311: {"severity": "error", "message": "dt is {dt}, which is not above zero", "advice": "Give a time step above zero."},
  PEN312: {"severity": "error", "message": "stop time {stop} lies before start time {start}", "advice": "Swap the two."},
  PEN313: {"severity": "error", "message": "the save step {save_step} is no multiple of dt {dt}", "advice": "Choose a save step that is a whole number of time steps."},
  PEN314: {"severity": "error", "message": "the run would save {rows} rows of {columns} columns, {megabytes:.0f} MB; the limit is {limit} MB", "advice": "Choose a larger save step or save fewer variables."},
  PEN315: {"severity": "error", "message": "{what} is {value}, which is not a finite number", "advice": "Give a finite number."},
  PEN316: {"severity": "error", "message": "a delay or a queue of the model needs more memory than there is", "advice": "Shorten the delay, or choose a larger time step."},
  PEN501: {"severity": "error", "message": "the engine {engine} is not known", "advice": "Use one of {known}."},
  PEN502: {"severity": "error", "message": "{name} cannot be set: {reason}", "advice": "{advice}"},
  PEN503: {"severity": "error", "message": "{name} cannot be set once the run has begun", "advice": "Reset the run first; constants can be set at any time."},
  PEN504: {"severity": "error", "message": "{value} is not a value for {name}", "advice": "{advice}"},
  PEN505: {"severity": "error", "message": "engine {engine} cannot run here: {reason}", "advice": "{advice}"},
  PEN506: {"severity": "error", "message": "the run has been disposed of", "advice": "Create a new one."},
  PEN507: {"severity": "error", "message": "the blob cannot be used: {reason}", "advice": "Compile the model again with this version of Penstock."},
  PEN508: {"severity": "error", "message": "the message {type} is not known", "advice": "Page and worker must come from the same build."},
  PEN509: {"severity": "error", "message": "protocol version {found} is not understood", "advice": "Reload the page; this side speaks version {expected}."},
  PEN510: {"severity": "error", "message": "the message {type} is malformed: {reason}", "advice": "Page and worker must come from the same build."},
  PEN511: {"severity": "error", "message": "the model {model} is not loaded", "advice": "Compile or load it first."},
  PEN512: {"severity": "error", "message": "the request was cancelled", "advice": "Send it again if its result is still wanted."},
  PEN513: {"severity": "error", "message": "the {worker} worker stopped: {reason}", "advice": "It is being restarted; the last result stays on the page."},
  PEN514: {"severity": "error", "message": "{what} {value} was not understood", "advice": "{advice}"},
  PEN515: {"severity": "error", "message": "the call {call} is not known", "advice": "{advice}"},
  PEN516: {"severity": "error", "message": "{call} cannot be answered: {reason}", "advice": "{advice}"},
  PEN517: {"severity": "error", "message": "the answer to {call} would have more than {limit} values", "advice": "{advice}"},
  PEN518: {"severity": "error", "message": "{name} is not there: {reason}", "advice": "Install it: pip install {name}."},
  PEN519: {"severity": "error", "message": "this installation has no {name}, which live models in pages need", "advice": "Install a release of Penstock; in a checkout, build it: python build.py site."},
  PEN520: {"severity": "error", "message": "the bytes are no snapshot of {name}", "advice": "A snapshot fits the model and the method that it was taken of."},
  PEN599: {"severity": "error", "message": "internal fault: {reason}", "advice": "This is a fault of Penstock, not of the model. Please report it together with the model."},
} as const;
export type Code = keyof typeof CODES;

interface Row {
  sender: "page" | "worker";
  role: "request" | "reply" | "event";
  fields: Record<string, string>; // a name with a question mark may be absent
  transfer: string[];
}

/** What every message holds, and whose buffers it gives away. */
export const MESSAGES: Record<string, Row> = {
  compile: {"sender": "page", "role": "request", "fields": {"name": "string", "text": "string", "format?": "string", "method?": "string", "partial?": "boolean", "draft?": "boolean"}, "transfer": []},
  compiled: {"sender": "worker", "role": "reply", "fields": {"model": "string", "blob": "ArrayBuffer", "layout": "Layout", "document": "Document", "diagnostics": "Diagnostic[]", "missing": "Missing[]", "ms": "number"}, "transfer": ["blob"]},
  load: {"sender": "page", "role": "request", "fields": {"model": "string", "module": "WebAssembly.Module", "layout": "Layout"}, "transfer": []},
  loaded: {"sender": "worker", "role": "reply", "fields": {"model": "string"}, "transfer": []},
  forget: {"sender": "page", "role": "request", "fields": {"model": "string"}, "transfer": []},
  forgotten: {"sender": "worker", "role": "reply", "fields": {"model": "string"}, "transfer": []},
  run: {"sender": "page", "role": "request", "fields": {"model": "string", "engine?": "string", "overrides?": "Override[]", "specs?": "Specs", "branch?": "Branch", "save?": "string[]", "buffer?": "ArrayBuffer"}, "transfer": ["buffer"]},
  result: {"sender": "worker", "role": "reply", "fields": {"model": "string", "engine": "string", "rows": "number", "columns": "string[]", "fixed": "string[]", "data": "Float64Array", "ms": "number"}, "transfer": ["data"]},
  ask: {"sender": "page", "role": "request", "fields": {"call": "string", "arguments": "Record<string, unknown>"}, "transfer": []},
  answer: {"sender": "worker", "role": "reply", "fields": {"result": "unknown"}, "transfer": []},
  cancel: {"sender": "page", "role": "request", "fields": {"target": "number"}, "transfer": []},
  cancelled: {"sender": "worker", "role": "reply", "fields": {"target": "number", "found": "boolean"}, "transfer": []},
  error: {"sender": "worker", "role": "reply", "fields": {"diagnostics": "Diagnostic[]"}, "transfer": []},
  progress: {"sender": "worker", "role": "event", "fields": {"phase": "string", "done": "number", "total": "number"}, "transfer": []},
  ready: {"sender": "worker", "role": "event", "fields": {"engines": "string[]", "release": "string", "ms": "number", "boot?": "string", "reason?": "string"}, "transfer": []},
  failed: {"sender": "worker", "role": "event", "fields": {"diagnostics": "Diagnostic[]"}, "transfer": []},
};

/** What the plain objects in messages hold. */
export const RECORDS: Record<string, Record<string, string>> = {
  Override: {"name": "string", "value": "number", "at?": "number"},
  Branch: {"at": "number", "values": "Override[]"},
  Specs: {"start?": "number", "stop?": "number", "dt?": "number", "save_step?": "number", "seed?": "number", "method?": "string"},
  Place: {"source": "string", "line": "number", "column": "number"},
  Diagnostic: {"code": "string", "severity": "string", "message": "string", "advice": "string", "place": "Place | null", "range": "number[] | null", "fixes?": "string[]"},
  Missing: {"name": "string", "needs": "string[]", "reasons": "Diagnostic[]"},
};

const KINDS = ["string", "number", "boolean"];

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
}
