// A blob for programs: loaded, set and run by name, without a page. The same numbers as everywhere else, to the last bit.
import type { Exports, Layout } from "../../../worker/abi.js";
import { checkRun, instantiated, layoutOf, live, restored, set, stateOf } from "../../../worker/blob.js";
import { refusal, Refusal } from "../../../worker/diagnostics.js";
import { Names } from "../../../worker/names.js";
import type { Series } from "../../../worker/names.js";

/** What a blob can be loaded from: its bytes, a compiled module, an answer of `fetch`, or an address. */
type Bytes = BufferSource | Response | PromiseLike<Response> | URL | string;
export type BlobSource = Bytes | WebAssembly.Module;

/** Loads a blob. Rejects with an Error that says why when it is none, or was made for another version. */
export async function load(source: BlobSource): Promise<Model> {
  const module = source instanceof WebAssembly.Module ? source : await compiled(await bytesOf(source as Bytes));
  return new Model(module, layoutOf(module));
}

async function bytesOf(source: Bytes): Promise<BufferSource> {
  const given = typeof source === "string" || source instanceof URL ? fetch(source) : source;
  const reply: BufferSource | Response = await given;
  if (!(reply instanceof Response)) return reply;
  if (!reply.ok) throw refusal("PEN001", { name: reply.url, reason: `${reply.status} ${reply.statusText}`.trim() });
  return reply.arrayBuffer();
}

async function compiled(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw refusal("PEN507", { reason: error instanceof Error ? error.message : String(error) });
  }
}

/** One instance of a model. Names may be spelled as in the model or as Vensim and XMILE fold them. */
export class Model {
  readonly #blob: Exports;
  readonly #names: Names;

  constructor(
    module: WebAssembly.Module,
    /** What the blob says of itself: variables, inputs, dimensions, method. */
    readonly layout: Layout,
  ) {
    this.#names = new Names(layout);
    this.#blob = instantiated(module);
  }

  /** The model's name. */
  get name(): string {
    return this.layout.name;
  }

  /** All that `series` knows, time first; an array's elements one by one. */
  get names(): string[] {
    return this.#names.all.map(({ name }) => name);
  }

  /** Where the run stands, in the model's unit of time. */
  get time(): number {
    return this.value(this.names[0] ?? "time");
  }

  /** A whole run from the start, with the values that are set. */
  run(): void {
    this.#blob.run();
    checkRun(this.#blob, this.layout);
  }

  /** Goes on until `time`; the values that are set from now on act from there. */
  runTo(time: number): void {
    this.#blob.run_to(time);
    checkRun(this.#blob, this.layout);
  }

  /** Back to the start; the values that were set stay. */
  reset(): void {
    this.#blob.reset();
  }

  /** Gives a constant, an element of one, or a stock's initial value another value, from where the run stands. */
  setValue(name: string, value: number): void {
    const input = this.#names.input(name);
    if (!Number.isFinite(value)) throw refusal("PEN504", { value, name, advice: "Give a finite number." });
    set(this.#blob, { input, name, value });
  }

  /** The model's own values again. */
  clearValues(): void {
    this.#blob.reset();
    this.#blob.clear_values();
  }

  /** All that the rest of the run follows from, as bytes to keep. */
  snapshot(): Uint8Array {
    return stateOf(this.#blob);
  }

  /** Back to where a snapshot of this model was taken, which is where the saved rows begin then. */
  restore(snapshot: Uint8Array): void {
    if (!restored(this.#blob, snapshot.slice())) throw refusal("PEN520", { name: this.name });
  }

  /** The values of a variable or element at the saved times so far: a copy. */
  series(name: string): Float64Array {
    const { column, slot } = this.#find(name);
    const blob = this.#blob;
    const rows = blob.saved_steps.value as number;
    const varies = column < this.layout.varying || blob.full_rows.value !== 0;
    if (!varies) return new Float64Array(rows).fill(live(blob)[slot]!);
    const start = (blob.results_offset.value as number) + 8 * column * (blob.n_rows.value as number);
    return new Float64Array(blob.memory.buffer, start, rows).slice();
  }

  /** The value of a variable or element where the run stands. */
  value(name: string): number {
    const { slot } = this.#find(name);
    this.#blob.run_initials();
    return live(this.#blob)[slot]!;
  }

  #find(name: string): Series {
    const [time, ...found] = this.#names.selection([name]); // time comes first, and alone where it was asked for
    if (found.length > 1) throw refusal("PEN201", { name, advice: `Name one of its elements, such as ${found[0]!.name}.` });
    return found[0] ?? time!;
  }
}

export { Refusal };
