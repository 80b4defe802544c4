// The host of a blob in browsers and Node: one instance, set by name, run in slices, read as one table.
import {
  ABI,
  EXPORT_NAMES,
  LAYOUT_SECTION,
  RunError,
  SetValue,
  type Exports,
  type InputLayout,
  type Layout,
  type VariableLayout,
} from "./abi.js";
import { canonical, reference } from "./canonical.js";
import { refusal } from "./diagnostics.js";
import { Pacer } from "./pacer.js";
import type { Override, Specs } from "./protocol.js";

/** What a run request says beside model and engine. */
export interface RunInput {
  overrides?: Override[];
  specs?: Specs;
  save?: string[];
  buffer?: ArrayBuffer;
}

/** What a `result` message says beside model, engine and time. */
export interface Table {
  rows: number;
  columns: string[];
  fixed: string[];
  data: Float64Array;
}

/** One variable, or one element of an array, to be read. */
interface Series {
  name: string;
  slot: number;
  column: number;
}

/** A value to set, and from when. */
interface Setting {
  input: number;
  name: string;
  value: number;
  at: number | undefined; // from the start when undefined
}

/** More memory than this is given back after a run instead of kept for the next. */
const KEEP_BYTES = 128 << 20;

/** The layout that a blob carries. Throws a refusal on a module without one, or of another version. */
export function layoutOf(module: WebAssembly.Module): Layout {
  const [section] = WebAssembly.Module.customSections(module, LAYOUT_SECTION);
  if (!section) throw refusal("PEN507", { reason: "it carries no layout" });
  return checked(JSON.parse(new TextDecoder().decode(section)) as Layout);
}

function checked(layout: Layout): Layout {
  if (layout.abi !== ABI) {
    throw refusal("PEN507", { reason: `its interface is version ${layout.abi}, not ${ABI}` });
  }
  return layout;
}

/** Runs one blob, again and again, in one instance. */
export class BlobHost {
  private instance: Exports | null = null;
  private readonly all: Series[];
  private readonly variables = new Map<string, VariableLayout>();
  private readonly inputs = new Map<string, InputLayout>();
  private readonly pacer = new Pacer();

  /** Instantiates at once, so that a blob that cannot be used is refused here. */
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly layout: Layout,
  ) {
    checked(layout);
    for (const row of layout.variables) this.variables.set(canonical(row.name), row);
    for (const row of layout.inputs) this.inputs.set(canonical(row.name), row);
    this.all = layout.variables.flatMap((row) => this.seriesOf(row)).sort((a, b) => a.column - b.column);
    this.exports();
  }

  /** A whole run; stops at every `yield` so that others get a turn. Throws refusals. */
  *run(input: RunInput): Generator<undefined, Table> {
    const specs = input.specs ?? {};
    const series = input.save ? this.selection(input.save) : this.all;
    const settings = [...this.specSettings(specs), ...this.overrideSettings(input.overrides ?? [])];
    const timed = settings.filter((row) => row.at !== undefined).sort((a, b) => a.at! - b.at!);
    const blob = this.exports();
    try {
      blob.clear_values();
      blob.reset();
      for (const row of settings) if (row.at === undefined) set(blob, row);
      blob.run_initials();
      refuseRunError(blob, specs);
      const pace = this.pacer.start(JSON.stringify(specs), this.time(blob));
      for (const row of timed) {
        yield* pace.to(row.at!, blob.run_to);
        set(blob, row);
      }
      yield* pace.to(Infinity, blob.run_to);
      pace.done();
      refuseRunError(blob, specs);
      return this.table(blob, series, input.buffer);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.instance = null; // nobody knows its state
      throw error;
    } finally {
      if (blob.memory.buffer.byteLength > KEEP_BYTES) this.instance = null;
    }
  }

  private exports(): Exports {
    if (this.instance) return this.instance;
    const { exports } = new WebAssembly.Instance(this.module, {});
    const missing = EXPORT_NAMES.find((name) => !(name in exports));
    if (missing !== undefined) throw refusal("PEN507", { reason: `it does not export ${missing}` });
    return (this.instance = exports as unknown as Exports);
  }

  private time(blob: Exports): number {
    const slot = this.layout.variables.find((row) => row.kind === "time")?.slot ?? 0;
    return new Float64Array(blob.memory.buffer, blob.row_offset.value + 8 * slot, 1)[0]!;
  }

  /** Views of the memory are made anew here, since every call may have moved it. */
  private table(blob: Exports, series: Series[], buffer: ArrayBuffer | undefined): Table {
    const rows = blob.saved_steps.value as number;
    const capacity = blob.n_rows.value as number;
    const varying = blob.full_rows.value === 0 ? this.layout.varying : Infinity;
    const columns = series.filter((item) => item.column < varying);
    const fixed = series.filter((item) => item.column >= varying);
    const data = roomFor(rows * columns.length + fixed.length, buffer);
    const memory = blob.memory.buffer;
    columns.forEach((item, index) => {
      const offset = blob.results_offset.value + 8 * item.column * capacity;
      data.set(new Float64Array(memory, offset, rows), index * rows);
    });
    const live = new Float64Array(memory, blob.row_offset.value, blob.n_slots.value);
    fixed.forEach((item, index) => (data[rows * columns.length + index] = live[item.slot]!));
    return { rows, columns: columns.map(nameOf), fixed: fixed.map(nameOf), data };
  }

  // Names -> places

  private seriesOf(row: VariableLayout): Series[] {
    return this.elements(row.dims ?? []).map((element, index) => ({
      name: row.name + element,
      slot: row.slot + index,
      column: row.column + index,
    }));
  }

  /** `[a,b]` for every combination, row-major; one empty text for a scalar. */
  private elements(dims: string[]): string[] {
    const combined = dims.reduce<string[]>(
      (heads, dim) => heads.flatMap((head) => this.layout.dims[dim]!.map((element) => `${head},${element}`)),
      [""],
    );
    return combined.map((text) => text && `[${text.slice(1)}]`);
  }

  /** The place of one element among those of its variable, in row-major order. */
  private offset(dims: string[], subscripts: string[], name: string): number {
    if (subscripts.length !== dims.length) {
      throw refusal("PEN207", {
        name,
        found: String(subscripts.length),
        expected: String(dims.length),
        advice: dims.length ? `Write it as name[${dims.join(",")}], with an element of each.` : "Write the name alone.",
      });
    }
    return dims.reduce((offset, dim, index) => {
      const elements = this.layout.dims[dim]!;
      const at = elements.findIndex((element) => canonical(element) === subscripts[index]);
      if (at < 0) throw refusal("PEN211", { name: subscripts[index]! });
      return offset * elements.length + at;
    }, 0);
  }

  private selection(save: string[]): Series[] {
    const found = new Map<number, Series>();
    for (const text of save) {
      const { name, subscripts } = reference(text);
      const row = this.variables.get(name);
      if (!row) throw unknown(text);
      const series = this.seriesOf(row);
      const wanted = subscripts.length ? [series[this.offset(row.dims ?? [], subscripts, text)]!] : series;
      for (const item of wanted) found.set(item.column, item);
    }
    return [...found.values()];
  }

  private overrideSettings(overrides: Override[]): Setting[] {
    return overrides.map(({ name: text, value, at }) => {
      const { name, subscripts } = reference(text);
      const row = this.inputs.get(name);
      if (!row) {
        if (!this.variables.has(name)) throw unknown(text);
        throw refusal("PEN502", { name: text, reason: "it is computed", advice: "Set one of its causes." });
      }
      const dims = this.variables.get(name)?.dims ?? [];
      const input = row.input + this.offset(dims, subscripts, text);
      finite(value, text);
      if (at !== undefined) finite(at, `the time of ${text}`);
      return { input, name: text, value, at };
    });
  }

  private specSettings(specs: Specs): Setting[] {
    const { method, seed, ...times } = specs;
    if (method !== undefined && canonical(method) !== canonical(this.layout.method)) {
      throw refusal("PEN502", {
        name: "method",
        reason: `the model is compiled with ${this.layout.method}`,
        advice: "Compile the model with the other method.",
      });
    }
    if (seed !== undefined) throw refusal("PEN502", { name: "seed", reason: "the model draws no random numbers", advice: "Leave it out." });
    return Object.entries(times).flatMap(([kind, value]) => {
      const row = this.layout.inputs.find((input) => input.kind === kind);
      if (value === undefined) return [];
      if (!row) throw refusal("PEN502", { name: kind, reason: "the model computes it", advice: "Change the model." });
      finite(value, kind);
      return [{ input: row.input, name: kind, value, at: undefined }];
    });
  }
}

const nameOf = (item: Series) => item.name;

/** An array of exactly `length`, over the buffer that was handed in where that is large enough. */
export function roomFor(length: number, buffer: ArrayBuffer | undefined): Float64Array {
  return buffer && buffer.byteLength >= 8 * length ? new Float64Array(buffer, 0, length) : new Float64Array(length);
}

function set(blob: Exports, { input, value, name }: Setting): void {
  switch (blob.set_value(input, value)) {
    case SetValue.OK:
      return;
    case SetValue.TOO_LATE:
      throw refusal("PEN503", { name });
    case SetValue.BAD_VALUE:
      throw refusal("PEN504", { value, name, advice: "Give a value in its range." });
    default:
      throw refusal("PEN502", { name, reason: "it is computed", advice: "Set one of its causes." });
  }
}

function unknown(name: string) {
  return refusal("PEN201", { name, advice: "Check the spelling." });
}

function finite(value: number, name: string): void {
  if (!Number.isFinite(value)) throw refusal("PEN504", { value, name, advice: "Give a finite number." });
}

function refuseRunError(blob: Exports, specs: Specs): void {
  const code = Number(BigInt.asUintN(32, blob.get_error()));
  if (code === RunError.NONE) return;
  throw refusal("PEN315", { what: String(code), value: String(specs) });
}
