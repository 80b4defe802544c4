// What the page sees of the workers: one object, promises, and the newest result wins.
import type { Document, Layout } from "../../worker/abi.js";
import type { WorkerLike } from "./client-link.js";
import type { Calls } from "../../worker/tools.js";
import type { Branch, Diagnostic, Engine, Missing, Override, Specs } from "../../worker/protocol.js";

/** A model that the workers hold. */
export interface Compiled {
  model: string; // content hash
  layout: Layout;
  document: Document;
  diagnostics: Diagnostic[]; // warnings
  missing: Missing[]; // what a partial model is without
  ms: number;
  bytes: number; // of the blob
}

export interface RunOptions {
  model: string;
  engine?: Engine;
  overrides?: Override[];
  specs?: Specs;
  /** Leave that run at a time and go on with other values: the rows of the result begin there. At a saved row's time
   * the first row is that one; asked again for the same run and time, only what follows is simulated. */
  branch?: Branch;
  save?: string[];
}

/** One run's values; `series` are views into one buffer and must not be kept after `release`. */
export interface Results {
  readonly model: string;
  readonly engine: Engine;
  readonly rows: number;
  readonly ms: number;
  readonly names: readonly string[]; // all that was saved
  readonly data: Float64Array; // as in the `result` message
  /** `rows` values; a fixed variable's are all the same. Throws on a name that was not saved. */
  series(name: string): Float64Array;
  /** The value at a saved row. */
  at(name: string, row: number): number;
}

/** A failed request: what to show, never empty. `superseded` when a newer run took its place. */
export class RequestError extends Error {
  constructor(
    readonly diagnostics: Diagnostic[],
    readonly superseded = false,
  ) {
    super(diagnostics.map((item) => item.message).join("\n"));
  }
}

export type PythonState =
  | { phase: "idle" }
  | { phase: "booting"; label: string; done: number; total: number }
  | { phase: "ready"; release: string; ms: number; boot?: string; reason?: string } // as in the `ready` message
  | { phase: "failed"; diagnostics: Diagnostic[] };

export interface PenstockClient {
  /** Compile text; boots Python on first use. A newer compile supersedes one that waits. `partial` leaves out what has
   * errors and what needs it. */
  compile(source: { name: string; text: string; format?: string; method?: string; partial?: boolean }): Promise<Compiled>;
  /** Load a blob that was compiled beforehand, without Python: `<base>.wasm` and `<base>.json` (a Document). */
  openPrecompiled(base: string): Promise<Compiled>;
  /** Simulate. Per model and engine one run is in flight and one waits; a newer one supersedes the waiting one. */
  run(options: RunOptions): Promise<Results>;
  /** Ask about models; `tools.ts` says what each call takes and answers. Boots Python on first use. */
  ask<C extends keyof Calls>(call: C, asked: Calls[C]["arguments"]): Promise<Calls[C]["result"]>;
  /** The blob of a model, to save: compiled once more, since what a browser keeps of it cannot be read. */
  blob(model: string): Promise<ArrayBuffer>;
  /** What the workers run, as it is now: for workers of one's own. */
  module(model: string): WebAssembly.Module | undefined;
  /** One more worker, for a pool: its owner ends it. */
  readonly spawn: (worker: "compiler" | "runner" | "pool") => WorkerLike;
  /** Give up the runs under way; they reject. */
  cancelRuns(): void;
  /** Hand a result's buffer back for the next run; its series become unusable. */
  release(results: Results): void;
  /** Start booting Python in the background. */
  bootPython(): void;
  /** The state of Python, and every change of it; returns the unsubscribe function. */
  onPython(listener: (state: PythonState) => void): () => void;
  /** Called when a worker died and is being restarted. */
  onWorkerRestart(listener: (worker: "compiler" | "runner", reason: string) => void): () => void;
  /** Largest |a - b| over all values of two results of the same run; a NaN against a number counts as Infinity. `identical` compares bits (NaN equals NaN). */
  compare(a: Results, b: Results): { identical: boolean; largest: number; name: string | null };
  dispose(): void;
}
