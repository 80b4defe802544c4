// One run's values by name, and the comparison of two.
import type { Engine, ResultReply } from "../../worker/protocol.js";
import { canonical } from "../../worker/canonical.js";
import type { Results } from "./client-api.js";

export class RunResults implements Results {
  readonly engine: Engine;
  readonly rows: number;
  readonly ms: number;
  readonly names: readonly string[];
  private values: Float64Array | null;
  private readonly varying: number;
  private indices: Map<string, number> | null = null;
  private readonly filled = new Map<number, Float64Array>();

  constructor(
    readonly model: string,
    { engine, rows, columns, fixed, data, ms }: ResultReply,
  ) {
    this.engine = engine as Engine;
    this.rows = rows;
    this.ms = ms;
    this.names = [...columns, ...fixed];
    this.varying = columns.length;
    this.values = data;
  }

  /** Names with a value for each row; the rest did not change. */
  get columns(): readonly string[] {
    return this.names.slice(0, this.varying);
  }

  get data(): Float64Array {
    if (!this.values) throw new Error("these results were released");
    return this.values;
  }

  series(name: string): Float64Array {
    const index = this.index(name);
    if (index < this.varying) return this.data.subarray(index * this.rows, (index + 1) * this.rows);
    let series = this.filled.get(index);
    if (!series) {
      series = new Float64Array(this.rows).fill(this.fixedAt(index));
      this.filled.set(index, series);
    }
    return series;
  }

  at(name: string, row: number): number {
    if (!(row >= 0 && row < this.rows)) throw new RangeError(`row ${row} of ${this.rows}`);
    const index = this.index(name);
    return index < this.varying ? this.data[index * this.rows + row]! : this.fixedAt(index);
  }

  /** Gives the buffer up; null when that was done before. */
  take(): ArrayBuffer | null {
    const buffer = this.values?.buffer ?? null;
    this.values = null;
    this.filled.clear();
    return buffer as ArrayBuffer | null;
  }

  private fixedAt(index: number): number {
    return this.data[this.varying * this.rows + index - this.varying]!;
  }

  private index(name: string): number {
    this.indices ??= new Map(this.names.map((text, index) => [text, index]));
    const index = this.indices.get(name) ?? this.names.findIndex((text) => canonical(text) === canonical(name));
    if (index < 0) throw new Error(`${name} was not saved`);
    return index;
  }
}

/** Bits are equal where `Object.is` says so: it tells 0 from -0 and does not look into NaN. */
export function compare(a: Results, b: Results): { identical: boolean; largest: number; name: string | null } {
  let largest = 0;
  let name: string | null = null;
  const differ = (by: number, of: string) => {
    if (name !== null && !(by > largest)) return;
    [largest, name] = [by, of];
  };
  const saved = new Set(b.names);
  for (const of of a.names) {
    if (!saved.delete(of) || a.rows !== b.rows) differ(Infinity, of);
    else compareSeries(a.series(of), b.series(of), (by) => differ(by, of));
  }
  for (const of of saved) differ(Infinity, of);
  return { identical: name === null, largest, name };
}

function compareSeries(a: Float64Array, b: Float64Array, differ: (by: number) => void): void {
  for (let row = 0; row < a.length; row++) {
    if (Object.is(a[row], b[row])) continue;
    const by = Math.abs(a[row]! - b[row]!);
    differ(Number.isNaN(by) ? Infinity : by);
  }
}
