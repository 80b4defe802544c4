// The host of a blob in browsers and Node: one instance, set by name, run in slices, read as one table.
import {
  ABI,
  Clock,
  EXPORT_NAMES,
  LAYOUT_SECTION,
  MAX_RESULT_BYTES,
  RunError,
  SetValue,
  type Exports,
  type Layout,
} from "./abi.js";
import { refusal, whole, type Refusal } from "./diagnostics.js";
import { Names, type Series } from "./names.js";
import { Pacer } from "./pacer.js";
import { RECORDS, type Override, type Specs } from "./protocol.js";

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

/** A value to set, and from when; from the start when that is undefined. */
interface Setting {
  input: number;
  name: string;
  value: number;
  at: number | undefined;
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
    throw refusal("PEN507", { reason: `its interface has version ${layout.abi} instead of ${ABI}` });
  }
  return layout;
}

function instantiated(module: WebAssembly.Module): Exports {
  const { exports } = newInstance(module);
  const missing = EXPORT_NAMES.find((name) => !(name in exports));
  if (missing !== undefined) throw refusal("PEN507", { reason: `it does not export ${missing}` });
  return exports as unknown as Exports;
}

/** A blob needs nothing from outside: one that asks for something is refused. */
function newInstance(module: WebAssembly.Module): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, {});
  } catch (error) {
    throw refusal("PEN507", { reason: error instanceof Error ? error.message : String(error) });
  }
}

/** Runs one blob, again and again, in one instance. */
export class BlobHost {
  private instance: Exports | null;
  private readonly names: Names;
  private readonly pacer = new Pacer();

  /** Instantiates at once, so that a blob that cannot be used is refused here. */
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly layout: Layout,
    private readonly instantiate: (module: WebAssembly.Module) => Exports = instantiated,
  ) {
    this.names = new Names(checked(layout));
    this.instance = instantiate(module);
  }

  /** A whole run; stops at every `yield` so that others get a turn. Throws refusals. */
  *run(input: RunInput): Generator<undefined, Table> {
    const series = input.save ? this.names.selection(input.save) : this.names.all;
    const settings = [...this.specSettings(input.specs ?? {}), ...this.overrideSettings(input.overrides ?? [])];
    const timed = settings.filter(({ at }) => at !== undefined).sort((a, b) => a.at! - b.at!);
    const blob = (this.instance ??= this.instantiate(this.module));
    const clock = (slot: number) => live(blob)[slot]!;
    const { run_initials, run_to } = blob;
    const steps = { run_initials, run_to, time: () => clock(Clock.TIME), dt: () => clock(Clock.DT) };
    const pace = this.pacer.start(JSON.stringify(input.specs ?? {}));
    try {
      blob.reset(); // drops the saved rows: only then is nothing kept for the values that are cleared
      blob.clear_values();
      for (const setting of settings) if (setting.at === undefined) set(blob, setting);
      for (const setting of timed) {
        yield* pace.to(setting.at!, steps);
        this.refuseRunError(blob);
        set(blob, setting);
      }
      yield* pace.to(Infinity, steps);
      this.refuseRunError(blob);
      pace.done();
      return this.table(blob, series, input.buffer);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.instance = null; // nobody knows its state
      throw error;
    } finally {
      if (blob.memory.buffer.byteLength > KEEP_BYTES) this.instance = null;
    }
  }

  /** Views of the memory are made here and not kept: every call may move it. */
  private table(blob: Exports, series: readonly Series[], buffer: ArrayBuffer | undefined): Table {
    const rows = blob.saved_steps.value as number;
    const capacity = blob.n_rows.value as number;
    const varying = blob.full_rows.value === 0 ? this.layout.varying : Infinity;
    const columns = series.filter((item) => item.column < varying);
    const fixed = series.filter((item) => item.column >= varying);
    const data = roomFor(rows * columns.length + fixed.length, buffer);
    const memory = blob.memory.buffer;
    columns.forEach((item, index) => {
      const offset = (blob.results_offset.value as number) + 8 * item.column * capacity;
      data.set(new Float64Array(memory, offset, rows), index * rows);
    });
    const row = live(blob);
    fixed.forEach((item, index) => (data[rows * columns.length + index] = row[item.slot]!));
    return { rows, columns: columns.map(({ name }) => name), fixed: fixed.map(({ name }) => name), data };
  }

  private overrideSettings(overrides: Override[]): Setting[] {
    return overrides.map(({ name, value, at }) => {
      const input = this.names.input(name);
      finite(value, name, "Give a finite number.");
      if (at !== undefined) finite(at, `the time of ${name}`, "Give a finite time.");
      return { input, name, value, at };
    });
  }

  private specSettings(specs: Specs): Setting[] {
    return Object.entries(specs).flatMap(([name, value]) => {
      const input = this.names.setting(name);
      if (value === undefined || value === null) return [];
      if (input === undefined) {
        this.refuseSpec(name, value);
        return [];
      }
      finite(value as number, name, "Give a finite number.");
      return [{ input, name, value: value as number, at: undefined }];
    });
  }

  /** Settings that no run can change: none but the method that is compiled in goes through. */
  private refuseSpec(name: string, value: unknown): void {
    const { method } = this.layout;
    if (name === "method") {
      if (value === method) return;
      const advice = "Compile the model with that method.";
      throw refusal("PEN502", { name, reason: `${method} is compiled in`, advice });
    }
    const known = Object.keys(RECORDS.Specs!).map((marked) => marked.replace("?", ""));
    throw refusal("PEN514", { what: "the setting", value: name, advice: `Settings are ${known.join(", ")}.` });
  }

  /** Throws what stopped a run before its first step. */
  private refuseRunError(blob: Exports): void {
    const code = Number(BigInt.asUintN(32, blob.get_error()));
    if (code !== RunError.NONE) throw runError(code, live(blob), this.layout.columns);
  }
}

/** The live row; valid until the next call into the blob. */
function live(blob: Exports): Float64Array {
  return new Float64Array(blob.memory.buffer, blob.row_offset.value as number, blob.n_slots.value as number);
}

/** An array of exactly `length`, over the buffer that was handed in where that is large enough. */
function roomFor(length: number, buffer: ArrayBuffer | undefined): Float64Array {
  const fits = buffer !== undefined && buffer.byteLength >= 8 * length;
  return fits ? new Float64Array(buffer, 0, length) : new Float64Array(length);
}

function set(blob: Exports, { input, value, name }: Setting): void {
  const status = blob.set_value(input, value);
  if (status === SetValue.OK) return;
  if (status === SetValue.TOO_LATE) throw refusal("PEN503", { name });
  if (status === SetValue.BAD_VALUE) throw refusal("PEN504", { value, name, advice: "Give a value above zero." });
  throw new Error(`set_value returned ${status} for ${name}`);
}

function finite(value: number, name: string, advice: string): void {
  if (!Number.isFinite(value)) throw refusal("PEN504", { value, name, advice });
}

function runError(code: number, row: Float64Array, columns: number): Refusal {
  const [start, stop, dt, save_step] = [row[Clock.START]!, row[Clock.STOP]!, row[Clock.DT]!, row[Clock.SAVE_STEP]!];
  switch (code) {
    case RunError.BAD_TIME:
      return Number.isFinite(start)
        ? refusal("PEN315", { what: "the stop time", value: stop })
        : refusal("PEN315", { what: "the start time", value: start });
    case RunError.BAD_DT:
      return refusal("PEN311", { dt });
    case RunError.STOP_BEFORE_START:
      return refusal("PEN312", { start, stop });
    case RunError.BAD_SAVE_STEP:
      return refusal("PEN313", { save_step, dt });
    case RunError.TOO_MUCH_MEMORY:
      return refusal("PEN316");
    default: {
      const rows = (stop - start) / save_step + 1;
      return refusal("PEN314", {
        rows: whole(rows),
        columns: String(columns),
        megabytes: (rows * columns * 8) / 1e6,
        limit: whole(MAX_RESULT_BYTES / 1e6),
      });
    }
  }
}
