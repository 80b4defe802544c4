// Cuts a wasm run, which nothing can interrupt, into slices between which a worker hears its messages.

/** About how long a slice may take, in milliseconds. */
export const SLICE_MS = 50;

/** Remembers how long the runs of one blob take: what is quick is not cut at all. */
export class Pacer {
  private key = "";
  private ms = Infinity;

  /** The pace of a run that starts at time `now`; runs of the same `key` should take about as long. */
  start(key: string, now: number): Pace {
    const quick = key === this.key && this.ms < SLICE_MS / 2;
    return new Pace(now, quick, (ms) => {
      this.key = key;
      this.ms = ms;
    });
  }
}

/** One run's slices. How much model time fits into one is found by trying: spans start small and grow. */
class Pace {
  private readonly unit: number;
  private span: number;
  private spent = 0;
  private total = 0;

  constructor(
    private now: number,
    private readonly quick: boolean,
    private readonly report: (ms: number) => void,
  ) {
    this.unit = Math.max(1, Math.abs(now));
    this.span = 1e-6 * this.unit;
  }

  /** Runs to model time `target`, which may be infinite; yields between slices. */
  *to(target: number, runTo: (t: number) => void): Generator<undefined, void> {
    while (true) {
      const next = this.now + this.span;
      // A span this long that took no time at all means that the run has reached its stop time.
      const last = this.quick || next >= target || this.span > 1e9 * this.unit;
      const ms = timed(() => runTo(last ? target : next));
      this.total += ms;
      if (last) {
        this.now = Math.max(this.now, target);
        return;
      }
      this.now = next;
      if (ms < SLICE_MS / 8) this.span *= 4;
      else if (ms > SLICE_MS) this.span /= 2;
      this.spent += ms;
      if (this.spent > SLICE_MS / 2) {
        this.spent = 0;
        yield;
      }
    }
  }

  done(): void {
    this.report(this.total);
  }
}

function timed(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}
