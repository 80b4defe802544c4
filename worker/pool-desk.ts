// What a worker of the pool does: holds one blob, and runs it for each row of a chunk.
import type { FromWorker, Metrics, ToWorker } from "../web/src/pool/messages.js";
import { ABI, EXPORT_NAMES, LAYOUT_SECTION, type Exports, type Layout } from "./abi.js";
import { BlobHost } from "./blob.js";
import { Refusal } from "./diagnostics.js";
import { SLICE_MS } from "./pacer.js";
import type { Override, Specs } from "./protocol.js";

/** Runs that differ in the values of `names`: `values` has a row of them for each run. */
export interface Chunk {
  names: readonly string[];
  values: Float64Array;
  /** The same in all runs. */
  overrides: readonly Override[];
  specs?: Specs;
  /** Scalars or elements. */
  outputs: readonly string[];
  /** Which of the saved rows are wanted, ascending. */
  rows: Uint32Array;
}

/** `values`: runs × rows × outputs; a run that could not be made has NaN there, and its reason by its number. */
export interface ChunkDone {
  values: Float64Array;
  failures: [run: number, reason: string][];
}

type Order = Extract<ToWorker, { type: "chunk" }>;

/** Boot checks in their order; each throws, or tells false, where its name is the answer. */
const CHECKS: readonly [name: string, holds: (module: WebAssembly.Module) => boolean][] = [
  ["layout", (module) => layoutIn(module) !== null],
  ["abi", (module) => layoutIn(module)!.abi === ABI],
  ["imports", (module) => WebAssembly.Module.imports(module).length === 0],
  ["exports", (module) => {
    const found = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
    return EXPORT_NAMES.every((name) => found.has(name));
  }],
  ["variables", (module) => layoutIn(module)!.variables.some(({ kind }) => kind !== "time")],
];

function layoutIn(module: WebAssembly.Module): Layout | null {
  const [section] = WebAssembly.Module.customSections(module, LAYOUT_SECTION);
  try {
    return section ? (JSON.parse(new TextDecoder().decode(section)) as Layout) : null;
  } catch {
    return null;
  }
}

/** The name of the check that a blob fails; null for one that can be run. */
export function failedCheck(module: WebAssembly.Module): string | null {
  return CHECKS.find(([, holds]) => !holds(module))?.[0] ?? null;
}

export class PoolDesk {
  private host: BlobHost | null = null;
  private blob: Exports | null = null;
  private dropped = 0; // number of the task that is no longer wanted
  private readonly started: number;
  private readonly counts = { runs: 0, seconds: 0, chunksOk: 0, chunksFailed: 0, initMs: 0 };

  /** `tick` resolves after messages that wait were received. */
  constructor(
    private readonly post: (message: FromWorker, transfer?: Transferable[]) => void,
    private readonly tick: () => Promise<void>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.started = now();
  }

  /** What rejects here is a fault of ours: the worker's scope tells the pool. */
  async receive(message: ToWorker): Promise<void> {
    switch (message.type) {
      case "init":
        return this.init(message.module);
      case "prime":
        return this.post({ type: "primed" }); // series are within the blob: there is nothing to keep
      case "metrics":
        return this.post({ type: "metrics", metrics: this.metrics() });
      case "drop":
        this.dropped = message.task;
        return;
      case "chunk":
        return this.run(message);
    }
  }

  private init(module: WebAssembly.Module): void {
    if (!this.host) {
      const check = failedCheck(module);
      if (check) return this.post({ type: "boot-failed", check });
      const start = this.now();
      this.host = new BlobHost(module, layoutIn(module)!, (one) => (this.blob = new WebAssembly.Instance(one).exports as unknown as Exports));
      this.counts.initMs = this.now() - start;
    }
    this.post({ type: "initialized" });
  }

  private metrics(): Metrics {
    return { ...this.counts, heapBytes: this.blob?.memory.buffer.byteLength ?? 0, uptimeMs: this.now() - this.started };
  }

  private async run({ task, payload }: Order): Promise<void> {
    this.post({ type: "phase", task, phase: "simulating" });
    const start = this.now();
    const counted = (count: "chunksOk" | "chunksFailed"): void => {
      this.counts[count] += 1;
      this.counts.seconds += (this.now() - start) / 1000;
      this.post({ type: "metrics", metrics: this.metrics() });
    };
    try {
      const result = await this.chunk(task, payload as Chunk);
      counted(result ? "chunksOk" : "chunksFailed");
      if (result) this.post({ type: "chunk-done", task, result, digest: digestOf(result) }, [result.values.buffer]);
      else this.post({ type: "chunk-failed", task, reason: "dropped" });
    } catch (error) {
      counted("chunksFailed");
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.post({ type: "penstock:engine-trap", task, reason: error.message });
    }
  }

  /** The chunk's runs, one after the other; null once nobody wants them. */
  private async chunk(task: number, chunk: Chunk): Promise<ChunkDone | null> {
    const width = chunk.names.length;
    const runs = width ? chunk.values.length / width : 0;
    const cells = chunk.rows.length * chunk.outputs.length;
    const done: ChunkDone = { values: new Float64Array(runs * cells).fill(NaN), failures: [] };
    let heard = this.now();
    const rest = async (run: number): Promise<boolean> => {
      this.post({ type: "progress", task, done: run });
      await this.tick();
      heard = this.now();
      return this.dropped !== task;
    };
    for (let run = 0; run < runs; run++) {
      const drawn = chunk.names.map((name, at) => ({ name, value: chunk.values[run * width + at]! }));
      try {
        const steps = this.host!.run({ overrides: [...chunk.overrides, ...drawn], save: [...chunk.outputs], ...(chunk.specs && { specs: chunk.specs }) });
        let step = steps.next();
        for (; !step.done; step = steps.next()) if (!(await rest(run))) return null;
        const { value: table } = step;
        take(table, chunk, done.values.subarray(run * cells, (run + 1) * cells));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        done.failures.push([run, error.diagnostics[0]?.message ?? error.message]);
      }
      this.counts.runs += 1;
      if (this.now() - heard > SLICE_MS && !(await rest(run + 1))) return null;
    }
    return done;
  }
}

/** The wanted rows of a run, row by row. */
function take({ rows, columns, fixed, data }: { rows: number; columns: string[]; fixed: string[]; data: Float64Array }, { outputs, rows: wanted }: Chunk, into: Float64Array): void {
  outputs.forEach((name, output) => {
    const column = columns.indexOf(name);
    const constant = data[rows * columns.length + fixed.indexOf(name)];
    wanted.forEach((row, at) => {
      const value = column < 0 ? constant! : row < rows ? data[column * rows + row]! : NaN;
      into[at * outputs.length + output] = Number.isNaN(value) ? NaN : value; // one NaN: machines differ in its bits
    });
  });
}

/** Tells results apart that should be equal; not proof against anybody, and there at every address, secure or not. */
export function digestOf({ values, failures }: ChunkDone): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  const add = (word: number): void => {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul((b ^ (word >>> 7) ^ (word << 25)) + a, 0x85ebca6b);
  };
  new Uint32Array(values.buffer, values.byteOffset, values.length * 2).forEach(add);
  for (const unit of JSON.stringify(failures)) add(unit.codePointAt(0)!);
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
