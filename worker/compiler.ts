// The compiler worker: Python in Pyodide behind the message protocol; see pyengine/penstock/hosts/browser.py.
import type { PyBuffer, PyProxy } from "pyodide/ffi";
import { boot, bootFindings, type Way } from "./boot.js";
import { diagnosticsOf, errorReply, idOf } from "./diagnostics.js";
import { MESSAGES, VERSION, transferables, type Reply, type WorkerEvent } from "./protocol.js";
import { encode } from "./encode.js";
import { tick } from "./tick.js";

interface Desk extends PyProxy {
  ready(ms: number, boot: Way["boot"], reason?: string): void;
  receive(text: string): void;
  step(): boolean;
}

interface HostModule extends PyProxy {
  Desk(post: (text: string, payload?: PyProxy) => void): Desk;
}

const send = (message: Reply | WorkerEvent) => self.postMessage(message, { transfer: transferables(message) });

/** Messages that came before Python did. */
const early: unknown[] = [];
let desk: Desk | null = null;
let working = false;

self.onmessage = ({ data }: MessageEvent<unknown>) => (desk ? receive(desk, data) : early.push(data));
self.onmessageerror = () => (desk ? receive(desk, null) : early.push(null));

try {
  const progress = (phase: string, done: number, total: number) =>
    send({ type: "progress", version: VERSION, phase, done, total });
  const [host, way] = await boot(progress, (python) => python.pyimport("penstock.hosts.browser") as HostModule);
  const started = host.Desk(post);
  host.destroy();
  started.ready(performance.now(), way.boot, "reason" in way ? way.reason : undefined);
  desk = started;
  for (const message of early.splice(0)) receive(desk, message);
} catch (error) {
  fail(bootFindings(error));
}

function receive(python: Desk, message: unknown): void {
  try {
    python.receive(encode(message));
    if (!working) void work(python);
  } catch (error) {
    send(errorReply(idOf(message), diagnosticsOf(error)));
    fail(diagnosticsOf(error));
  }
}

/** Lets Python work slice by slice; messages get in between. */
async function work(python: Desk): Promise<void> {
  working = true;
  try {
    do await tick();
    while (python.step());
  } catch (error) {
    fail(diagnosticsOf(error));
  }
  working = false;
}

/** Python's exceptions are answers already: what arrives here as one means that Python itself is broken. */
function fail(diagnostics: WorkerFailure): void {
  send({ type: "failed", version: VERSION, diagnostics });
  self.close();
}

type WorkerFailure = Extract<WorkerEvent, { type: "failed" }>["diagnostics"];

/** Called by Python: a message's text, and the array that goes along with it. */
function post(text: string, payload?: PyProxy): void {
  const message = JSON.parse(text) as Reply | WorkerEvent;
  const [field] = MESSAGES[message.type]!.transfer;
  send(field === undefined ? message : { ...message, [field]: copyOf(payload!) });
}

/** Python's memory cannot be given away: one copy can. */
function copyOf(payload: PyProxy): ArrayBuffer | Float64Array {
  const view = (payload as PyProxy & { getBuffer(type?: string): PyBuffer }).getBuffer();
  try {
    const copy = (view.data as Float64Array | Uint8Array).slice();
    return copy instanceof Float64Array ? copy : (copy.buffer as ArrayBuffer);
  } finally {
    view.release();
  }
}
