/** What a blob can be loaded from: its bytes, a compiled module, an answer of `fetch`, or an address. */
export type BlobSource = BufferSource | Response | PromiseLike<Response> | URL | string | WebAssembly.Module;

/** Loads a blob. Rejects with an Error that says why when it is none, or was made for another version. */
export function load(source: BlobSource): Promise<Model>;

/** One instance of a model. Names may be spelled as in the model or as Vensim and XMILE fold them. */
export interface Model {
  /** The model's name. */
  readonly name: string;
  /** What the blob says of itself: variables, inputs, dimensions, method. */
  readonly layout: Layout;
  /** All that `series` knows, time first; an array's elements one by one. */
  readonly names: string[];
  /** Where the run stands, in the model's unit of time. */
  readonly time: number;
  /** A whole run from the start, with the values that are set. */
  run(): void;
  /** Goes on until `time`; the values that are set from now on act from there. */
  runTo(time: number): void;
  /** Back to the start; the values that were set stay. */
  reset(): void;
  /** Gives a constant, an element of one, or a stock's initial value another value, from where the run stands. */
  setValue(name: string, value: number): void;
  /** The model's own values again, and back to the start. */
  clearValues(): void;
  /** All that the rest of the run follows from, as bytes to keep. */
  snapshot(): Uint8Array;
  /** Back to where a snapshot of this model was taken, which is where the saved rows begin then. */
  restore(snapshot: Uint8Array): void;
  /** The values of a variable or element at the saved times so far: a copy. */
  series(name: string): Float64Array;
  /** The value of a variable or element where the run stands. */
  value(name: string): number;
}

/** What a refused call throws: what is wrong, and what to do about it. */
export interface Refusal extends Error {
  readonly diagnostics: { code: string; severity: string; message: string; advice: string }[];
}

export interface Layout {
  abi: number;
  compiler: string;
  /** content hash of the model */
  model: string;
  name: string;
  method: string;
  inputs: { name: string; kind: string; input: number; count?: number }[];
  variables: { name: string; kind: string; slot: number; column: number; dims?: string[]; units?: string }[];
  dims: Record<string, string[]>;
}
