// Mean and percentiles of many runs at every time, as pyengine/penstock/ensemble/statistics.py has them, to the bit.

export const SHARES = [5, 25, 50, 75, 95] as const;

/** What a chart shows of the runs that are in. */
export interface Summary {
  readonly runs: number;
  readonly mean: Float64Array;
  /** One series for each of SHARES. */
  readonly percentiles: readonly Float64Array[];
}

/** Takes chunks as they come, and counts them in the order of their numbers: no order of arrival changes a bit. */
export class Collected {
  private readonly columns: Float64Array; // time by time, so that one time's values lie together
  private readonly waiting = new Map<number, Float64Array>();
  private readonly count: Float64Array;
  private readonly mean: Float64Array;
  private next = 0;
  /** How many runs have no gap before them. */
  runs = 0;

  constructor(
    private readonly most: number,
    private readonly cells: number,
  ) {
    this.columns = new Float64Array(most * cells);
    this.count = new Float64Array(cells);
    this.mean = new Float64Array(cells);
  }

  /** A chunk's values, runs × cells; NaN for runs that could not be made. */
  take(number: number, values: Float64Array): void {
    this.waiting.set(number, values);
    for (let ready = this.waiting.get(this.next); ready; ready = this.waiting.get(this.next)) {
      this.waiting.delete(this.next++);
      this.merge(ready);
    }
  }

  /** Welford's means of the chunk, and Chan's formula for what was there before. */
  private merge(values: Float64Array): void {
    const { cells, most } = this;
    const runs = values.length / cells;
    for (let cell = 0; cell < cells; cell++) {
      let n = 0;
      let mean = 0;
      for (let run = 0; run < runs; run++) {
        const x = values[run * cells + cell]!;
        this.columns[cell * most + this.runs + run] = x;
        if (!Number.isFinite(x)) continue;
        n += 1;
        mean += (x - mean) / n;
      }
      if (n === 0) continue;
      const before = this.count[cell]!;
      const total = before + n;
      this.mean[cell] = before ? this.mean[cell]! + (mean - this.mean[cell]!) * (n / total) : mean;
      this.count[cell] = total;
    }
    this.runs += runs;
  }

  /** Of the runs that are in now; `rest` is called now and then so that others get a turn, and tells whether to go on. */
  async summary(rest: () => Promise<boolean>): Promise<Summary | null> {
    const { runs, cells, most } = this;
    const mean = this.mean.map((value, cell) => (this.count[cell] ? value : NaN));
    const percentiles = SHARES.map(() => new Float64Array(cells));
    let began = performance.now();
    for (let cell = 0; cell < cells; cell++) {
      const column = this.columns.subarray(cell * most, cell * most + runs).filter(Number.isFinite);
      column.forEach((value, at) => (column[at] = value + 0)); // zeros have no sign, which an order could not tell
      column.sort();
      SHARES.forEach((share, at) => (percentiles[at]![cell] = between(column, share)));
      if (performance.now() - began < SLICE_MS) continue;
      if (!(await rest())) return null;
      began = performance.now();
    }
    return { runs, mean, percentiles };
  }
}

const SLICE_MS = 8; // half a frame

/** Between two values in a line (Hyndman and Fan's type 7); NaN where no run had a number. */
function between(column: Float64Array, share: number): number {
  if (column.length === 0) return NaN;
  const at = (column.length - 1) * (share / 100);
  const below = Math.min(Math.trunc(at), column.length - 1);
  const a = column[below]!;
  const b = column[Math.min(below + 1, column.length - 1)]!;
  return a === b ? a : a + (b - a) * (at - below);
}
