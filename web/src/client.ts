// The page's side of the workers: models by hash, latest wins, and workers that come back when they die.
import { layoutOf } from "../../worker/blob.js";
import { Refusal, finding } from "../../worker/diagnostics.js";
import {
  DEFAULT_ENGINE,
  ENGINES,
  type Code,
  type CompiledReply,
  type Diagnostic,
  type WorkerEvent,
} from "../../worker/protocol.js";
import type { Document, Layout } from "../../worker/abi.js";
import type { Calls } from "../../worker/tools.js";
import { RequestError, type Compiled, type PenstockClient, type PythonState, type Results, type RunOptions } from "./client-api.js";
import { Latest } from "./client-latest.js";
import { Link, type WorkerLike } from "./client-link.js";
import { RunResults, compare } from "./client-results.js";

/** Models that the workers hold at once; the ones that were not used for longest make room. */
export const MODELS_IN_WORKERS = 16;
/** Models that the page can still run: what the workers dropped is sent to them again. */
export const MODELS = 256;
/** How long nothing must have been compiled before a draft is optimised, in milliseconds. */
export const REST_MS = 1000;
/** Buffers that were handed back and wait for a run. */
export const SPARE_BUFFERS = 4;

export interface ClientOptions {
  /** Folder of the worker scripts; where the page's own script is unless given. */
  base?: string | URL;
  /** Makes the workers; for tests. */
  spawn?: (worker: "compiler" | "runner" | "pool") => WorkerLike;
  pingMs?: number;
}

type Source = Parameters<PenstockClient["compile"]>[0];

/** A model, and where it is held: valid for one generation of each worker. */
interface Held {
  model: string;
  source: Source;
  module: WebAssembly.Module;
  draft: boolean; // not optimised
  layout: Layout;
  document: Document;
  runner: { generation: number; loaded: Promise<unknown> } | null;
  compiler: { generation: number; model: Promise<string> } | null;
}

export function createClient(options: ClientOptions = {}): PenstockClient {
  return new Client(options);
}

class Client implements PenstockClient {
  private readonly compiler: Link;
  private readonly runner: Link;
  private readonly held = new Map<string, Held>(); // the one used last is last
  private readonly latest = new Latest();
  private readonly spare: ArrayBuffer[] = [];
  private readonly pythonListeners = new Set<(state: PythonState) => void>();
  private readonly restartListeners = new Set<(worker: "compiler" | "runner", reason: string) => void>();
  private python: PythonState = { phase: "idle" };
  private lastId = 0;
  readonly spawn: PenstockClient["spawn"];
  private finishing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ClientOptions) {
    const base = new URL(options.base ?? scriptFolder());
    const spawn = (this.spawn = options.spawn ?? ((worker) => spawnWorker(new URL(`${worker}-worker.js`, base))));
    const link = (name: "compiler" | "runner") =>
      new Link({
        name,
        spawn: () => spawn(name),
        nextId: () => (this.lastId += 1),
        onEvent: (event) => name === "compiler" && this.heard(event),
        onDeath: (diagnostics, final) => this.died(name, diagnostics, final),
        ...(options.pingMs === undefined ? {} : { pingMs: options.pingMs }),
      });
    this.compiler = link("compiler");
    this.runner = link("runner");
    this.runner.start();
  }

  compile(source: Source): Promise<Compiled> {
    return this.latest.run("compile", async () => {
      this.bootPython();
      clearTimeout(this.finishing);
      const { generation } = this.compiler;
      const { blob, ...reply } = await this.compiler.request("compile", { ...source, draft: true });
      const bytes = blob.byteLength;
      const module = await WebAssembly.compile(blob);
      const { model, layout, document } = reply;
      const held = this.hold({ model, source, module, draft: true, layout, document, runner: null, compiler: null });
      held.compiler = { generation, model: Promise.resolve(model) };
      this.load(held).catch(() => {}); // a run that needs it hears of it
      if (held.draft) this.finishing = setTimeout(() => void this.finish(held).catch(() => {}), REST_MS);
      return compiled(held, reply, bytes);
    });
  }

  /** Puts the optimised module in place of a draft: its values are the same, and it is faster. */
  private async finish(held: Held): Promise<void> {
    if (this.held.get(held.model) !== held || this.latest.busy("compile")) return;
    const { blob } = await this.compiler.request("compile", held.source);
    held.module = await WebAssembly.compile(blob);
    held.draft = false;
    if (!held.runner) return;
    held.runner = null;
    await this.load(held);
  }

  async openPrecompiled(base: string): Promise<Compiled> {
    const start = performance.now();
    const [blob, document] = await Promise.all([
      fetched(`${base}.wasm`, (response) => response.arrayBuffer()),
      fetched(`${base}.json`, (response) => response.json() as Promise<Document>),
    ]);
    const module = await WebAssembly.compile(blob).catch((error: unknown) => {
      throw refused("PEN507", { reason: String(error) });
    });
    const layout = asRequestError(() => layoutOf(module));
    const { name, text, format } = document;
    const held = this.hold({
      model: layout.model,
      source: { name, text, format },
      module,
      draft: false,
      layout,
      document,
      runner: null,
      compiler: null,
    });
    await this.load(held);
    return compiled(held, { diagnostics: [], missing: [], ms: performance.now() - start }, blob.byteLength);
  }

  run(options: RunOptions): Promise<Results> {
    const { model, engine = DEFAULT_ENGINE } = options;
    if (!(ENGINES as readonly string[]).includes(engine)) {
      return Promise.reject(refused("PEN501", { engine: String(engine), known: ENGINES.join(", ") }));
    }
    return this.latest.run(lane(model, engine), async () => {
      const held = this.held.get(model);
      if (!held) throw refused("PEN511", { model });
      this.touch(held);
      return engine === "vm" ? this.runInPython(held, options) : this.runInWasm(held, options);
    });
  }

  async ask<C extends keyof Calls>(call: C, asked: Calls[C]["arguments"]): Promise<Calls[C]["result"]> {
    this.bootPython();
    const wanted = (asked as { model?: string }).model;
    const held = wanted === undefined ? undefined : this.held.get(wanted);
    if (wanted !== undefined && !held) throw refused("PEN511", { model: wanted });
    const model = held && (await this.inPython(held));
    const answer = await this.compiler.request("ask", { call, arguments: { ...asked, ...present({ model }) } });
    return answer.result as Calls[C]["result"];
  }

  cancelRuns(): void {
    for (const link of [this.runner, this.compiler]) {
      for (const target of link.openOf("run")) link.request("cancel", { target }).catch(() => {}); // it may be done by then
    }
  }

  async blob(model: string): Promise<ArrayBuffer> {
    const held = this.held.get(model);
    if (!held) throw refused("PEN511", { model });
    this.bootPython();
    return (await this.compiler.request("compile", held.source)).blob;
  }

  module(model: string): WebAssembly.Module | undefined {
    return this.held.get(model)?.module;
  }

  release(results: Results): void {
    const buffer = results instanceof RunResults ? results.take() : null;
    if (!buffer || buffer.byteLength === 0) return;
    if (this.spare.length === SPARE_BUFFERS) this.spare.shift();
    this.spare.push(buffer);
  }

  bootPython(): void {
    if (this.compiler.start()) this.tell({ phase: "booting", label: "Loading Python", done: 0, total: 0 });
  }

  onPython(listener: (state: PythonState) => void): () => void {
    this.pythonListeners.add(listener);
    listener(this.python);
    return () => void this.pythonListeners.delete(listener);
  }

  onWorkerRestart(listener: (worker: "compiler" | "runner", reason: string) => void): () => void {
    this.restartListeners.add(listener);
    return () => void this.restartListeners.delete(listener);
  }

  compare(a: Results, b: Results) {
    return compare(a, b);
  }

  dispose(): void {
    clearTimeout(this.finishing);
    this.compiler.dispose();
    this.runner.dispose();
    this.held.clear();
    this.spare.length = 0;
    this.pythonListeners.clear();
    this.restartListeners.clear();
  }

  // Runs

  private async runInWasm(held: Held, { overrides, specs, branch, save }: RunOptions): Promise<Results> {
    await this.load(held);
    const buffer = this.spare.pop();
    const given = { overrides, specs, branch, save, buffer };
    const reply = await this.runner.request("run", { model: held.model, engine: "wasm", ...present(given) });
    return new RunResults(held.model, reply);
  }

  private async runInPython(held: Held, { overrides, specs, branch, save }: RunOptions): Promise<Results> {
    const model = await this.inPython(held);
    const given = present({ overrides, specs, branch, save });
    return new RunResults(held.model, await this.compiler.request("run", { model, engine: "vm", ...given }));
  }

  // What the workers hold

  /** Resolves once the runner, as it is now, holds the model. */
  private load(held: Held): Promise<unknown> {
    if (held.runner?.generation !== this.runner.generation) {
      const { model, module, layout } = held;
      const loaded = this.runner.request("load", { model, module, layout });
      const entry = { generation: this.runner.generation, loaded };
      held.runner = entry;
      loaded.catch(() => held.runner === entry && (held.runner = null));
    }
    return held.runner!.loaded;
  }

  /** The name by which the compiler worker, as it is now, knows the model: it compiles it where it must. */
  private inPython(held: Held): Promise<string> {
    this.bootPython();
    if (held.compiler?.generation !== this.compiler.generation) {
      const model = this.compiler.request("compile", held.source).then((reply) => reply.model);
      const entry = { generation: this.compiler.generation, model };
      held.compiler = entry;
      model.catch(() => held.compiler === entry && (held.compiler = null));
    }
    return held.compiler!.model;
  }

  /** Keeps a model; one with the same hash is the same, and stays where it is loaded. */
  private hold(fresh: Held): Held {
    const known = this.held.get(fresh.model);
    const held = known ? Object.assign(known, { source: fresh.source, document: fresh.document }) : fresh;
    this.touch(held);
    const idle = [...this.held.values()].filter((item) => !ENGINES.some((engine) => this.latest.busy(lane(item.model, engine))));
    for (const item of idle.slice(0, Math.max(0, this.held.size - MODELS_IN_WORKERS))) this.drop(item);
    for (const item of idle.slice(0, Math.max(0, this.held.size - MODELS))) this.held.delete(item.model);
    return held;
  }

  private touch(held: Held): void {
    this.held.delete(held.model);
    this.held.set(held.model, held);
  }

  private drop(held: Held): void {
    const { runner, compiler, model } = held;
    held.runner = held.compiler = null;
    if (runner?.generation === this.runner.generation) this.runner.request("forget", { model }).catch(() => {});
    if (compiler?.generation === this.compiler.generation) {
      void compiler.model
        .then((name) => this.compiler.request("forget", { model: name }))
        .catch(() => {});
    }
  }

  // What the workers tell

  private heard(event: WorkerEvent): void {
    if (event.type === "progress") {
      const { phase: label, done, total } = event;
      this.tell({ phase: "booting", label, done, total });
    } else if (event.type === "ready") {
      const { release, ms, boot, reason } = event;
      this.tell({ phase: "ready", release, ms, ...present({ boot, reason }) });
    }
  }

  private died(worker: "compiler" | "runner", diagnostics: Diagnostic[], final: boolean): void {
    if (worker === "compiler") {
      if (final) this.tell({ phase: "failed", diagnostics });
      else this.tell({ phase: "booting", label: "Restarting Python", done: 0, total: 0 });
    }
    const reason = diagnostics.map((item) => item.message).join("\n");
    for (const listener of this.restartListeners) listener(worker, reason);
  }

  private tell(state: PythonState): void {
    this.python = state;
    for (const listener of this.pythonListeners) listener(state);
  }
}

const lane = (model: string, engine: string) => `${engine} ${model}`;

function compiled(held: Held, reply: Pick<CompiledReply, "diagnostics" | "missing" | "ms">, bytes: number): Compiled {
  const { model, layout, document } = held;
  return { model, layout, document, diagnostics: reply.diagnostics, missing: reply.missing, ms: reply.ms, bytes };
}

/** The fields that have a value. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function refused(code: Code, fields: Record<string, string>): RequestError {
  return new RequestError([finding(code, fields)]);
}

function asRequestError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof Refusal ? new RequestError(error.diagnostics) : error;
  }
}

async function fetched<T>(address: string, read: (response: Response) => Promise<T>): Promise<T> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
    return await read(response);
  } catch (error) {
    throw refused("PEN001", { name: address, reason: error instanceof Error ? error.message : String(error) });
  }
}

/** The folder of the bundled page: its shared chunks are one level below. */
function scriptFolder(): string {
  return new URL(".", import.meta.url.replace(/\/chunks\/[^/]*$/, "/")).href;
}

/** A worker from another origin has to be imported by one from this origin. */
function spawnWorker(address: URL): Worker {
  if (address.origin === location.origin) return new Worker(address, { type: "module" });
  const script = URL.createObjectURL(new Blob([`import ${JSON.stringify(address.href)};`], { type: "text/javascript" }));
  return new Worker(script, { type: "module" });
}
