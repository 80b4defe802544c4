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
import { RECORDS, type Branch, type Override, type Specs } from "./protocol.js";

/** What a run request says beside model and engine. */
export interface RunInput {
  overrides?: Override[];
  specs?: Specs;
  branch?: Branch;
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

/** A run at the time at which branches leave it: its state, and its live row. */
interface Cut {
  key: string;
  state: Uint8Array<ArrayBuffer>;
  row: Float64Array;
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

export function instantiated(module: WebAssembly.Module): Exports {
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
  private cut: Cut | null = null; // the latest: the next branch mostly leaves the same run at the same time
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
    const { branch } = input;
    const leaves = branch ? finite(branch.at, "the time of the branch", "Give a finite time.") : -Infinity;
    const others = branch ? this.branchSettings(branch) : [];
    const blob = (this.instance ??= this.instantiate(this.module));
    const clock = (slot: number) => live(blob)[slot]!;
    const { run_initials, run_to } = blob;
    const steps = { run_initials, run_to, time: () => clock(Clock.TIME), dt: () => clock(Clock.DT) };
    const pace = this.pacer.start(JSON.stringify([input.specs ?? {}, branch?.at]));
    const through = function* (this: BlobHost, those: Setting[]) {
      for (const setting of those.toSorted((a, b) => (a.at ?? -Infinity) - (b.at ?? -Infinity))) {
        if (setting.at !== undefined) yield* pace.to(setting.at, steps);
        checkRun(blob, this.layout);
        set(blob, setting);
      }
    }.bind(this);
    try {
      let start: Float64Array | null = null;
      const before = settings.filter(({ at }) => !branch || at === undefined || at <= leaves);
      const key = JSON.stringify([settings, leaves]);
      if (!branch || this.cut?.key !== key || !restored(blob, this.cut.state)) {
        blob.reset(); // drops the saved rows: only then is nothing kept for the values that are cleared
        blob.clear_values();
        yield* through(before);
        if (branch) {
          yield* pace.to(leaves, steps);
          checkRun(blob, this.layout);
          this.cut = { key, state: stateOf(blob), row: live(blob).slice() };
          restored(blob, this.cut.state);
        }
      }
      if (branch) {
        const { row } = this.cut!;
        start = Number.isNaN(row[Clock.STEP]) ? null : row; // before the start there is no row to begin with
        yield* through([...others, ...settings.filter((setting) => !before.includes(setting))]);
      }
      yield* pace.to(Infinity, steps);
      checkRun(blob, this.layout);
      pace.done();
      return tableOf(blob, this.layout, series, start, input.buffer);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.instance = null; // nobody knows its state
      throw error;
    } finally {
      if (blob.memory.buffer.byteLength > KEEP_BYTES) this.instance = null;
    }
  }

  private overrideSettings(overrides: Override[]): Setting[] {
    return overrides.map(({ name, value, at }) => {
      const input = this.names.input(name);
      finite(value, name, "Give a finite number.");
      if (at !== undefined) finite(at, `the time of ${name}`, "Give a finite time.");
      return { input, name, value, at };
    });
  }

  private branchSettings({ at: leaves, values }: Branch): Setting[] {
    const late = values.find(({ at }) => at !== undefined && at < leaves);
    if (late) finite(NaN, `the time of ${late.name}`, "Give a time that the branch has before it.", late.at);
    return this.overrideSettings(values);
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
}

/** Throws what stopped a run before its first step. */
export function checkRun(blob: Exports, { columns }: Layout): void {
  const code = Number(BigInt.asUintN(32, blob.get_error()));
  if (code !== RunError.NONE) throw runError(code, live(blob), columns);
}

/** What a run has saved. Views of the memory are made here and not kept: every call may move it. */
export function tableOf(
  blob: Exports,
  layout: Layout,
  series: readonly Series[],
  start: Float64Array | null,
  buffer: ArrayBuffer | undefined,
): Table {
  const saved = blob.saved_steps.value as number;
  const rows = saved + (start ? 1 : 0);
  const capacity = blob.n_rows.value as number;
  const varying = blob.full_rows.value === 0 ? layout.varying : Infinity;
  const columns = series.filter((item) => item.column < varying);
  const fixed = series.filter((item) => item.column >= varying);
  const data = roomFor(rows * columns.length + fixed.length, buffer);
  const memory = blob.memory.buffer;
  columns.forEach((item, index) => {
    const offset = (blob.results_offset.value as number) + 8 * item.column * capacity;
    const values = new Float64Array(memory, offset, saved);
    data.set(values, (index + 1) * rows - saved);
    // a constant has the branch's value from the start
    if (start) data[index * rows] = item.column >= layout.varying && saved ? values[0]! : start[item.slot]!;
  });
  const row = live(blob);
  fixed.forEach((item, index) => (data[rows * columns.length + index] = row[item.slot]!));
  return { rows, columns: columns.map(({ name }) => name), fixed: fixed.map(({ name }) => name), data };
}

/** The live row; valid until the next call into the blob. */
export function live(blob: Exports): Float64Array {
  return new Float64Array(blob.memory.buffer, blob.row_offset.value as number, blob.n_slots.value as number);
}

/** An array of exactly `length`, over the buffer that was handed in where that is large enough. */
function roomFor(length: number, buffer: ArrayBuffer | undefined): Float64Array {
  const fits = buffer !== undefined && buffer.byteLength >= 8 * length;
  return fits ? new Float64Array(buffer, 0, length) : new Float64Array(length);
}

export function set(blob: Exports, { input, value, name }: Omit<Setting, "at">): void {
  const status = blob.set_value(input, value);
  if (status === SetValue.OK) return;
  if (status === SetValue.TOO_LATE) throw refusal("PEN503", { name });
  if (status === SetValue.BAD_VALUE) throw refusal("PEN504", { value, name, advice: "Give a value above zero." });
  throw new Error(`set_value returned ${status} for ${name}`);
}

/** The value, if it is a finite number; `shown` is what a refusal says was found. */
function finite(value: number, name: string, advice: string, shown = value): number {
  if (!Number.isFinite(value)) throw refusal("PEN504", { value: shown, name, advice });
  return value;
}

/** A copy of a blob's state. */
export function stateOf(blob: Exports): Uint8Array<ArrayBuffer> {
  const size = blob.snapshot_size.value as number;
  const at = allocated(blob, size);
  blob.snapshot(at);
  const state = new Uint8Array(blob.memory.buffer, at, size).slice();
  blob.deallocate(at, size);
  return state;
}

/** Gives a blob a state that it had; whether it has taken it. */
export function restored(blob: Exports, state: Uint8Array): boolean {
  const at = allocated(blob, state.length);
  new Uint8Array(blob.memory.buffer).set(state, at);
  const other = blob.restore(at);
  blob.deallocate(at, state.length);
  return other === 0;
}

function allocated(blob: Exports, size: number): number {
  const at = blob.allocate(size);
  if (at === 0) throw refusal("PEN316");
  return at;
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
