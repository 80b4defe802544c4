// Cuts a wasm run, which nothing can interrupt, into slices between which a worker hears its messages.

/** About how long a slice may take, in milliseconds. */
export const SLICE_MS = 50;

/** What a pace needs to know of a blob. */
export interface Steps {
  run_initials(): void;
  run_to(t: number): void;
  time(): number;
  dt(): number;
}

/** Remembers how long the runs of one blob take: what is quick is not cut at all. */
export class Pacer {
  private key = "";
  private ms = Infinity;

  /** The pace of a run; runs of the same `key` should take about as long. */
  start(key: string): Pace {
    const quick = key === this.key && this.ms < SLICE_MS / 2;
    return new Pace(quick, (ms) => {
      this.key = key;
      this.ms = ms;
    });
  }
}

/** One run's slices: a few steps at first, more as long as they take little time. */
export class Pace {
  private steps = 1;
  private spent = 0;
  private total = 0;

  constructor(
    private readonly quick: boolean,
    private readonly report: (ms: number) => void,
  ) {}

  /** Runs to model time `target`, which may be infinite; yields between slices. */
  *to(target: number, blob: Steps): Generator<undefined, void> {
    if (this.quick || target < blob.time()) {
      this.total += timed(() => blob.run_to(target));
      return;
    }
    blob.run_initials(); // from now on dt is known; it may change with every step
    for (let time = blob.time(); time < target; ) {
      const next = Math.min(target, time + this.steps * blob.dt());
      const ms = timed(() => blob.run_to(next));
      const before = time;
      time = blob.time();
      if (!(time > before)) break; // the end of the run, or a part of a step before `target`
      this.total += ms;
      this.spent += ms;
      this.steps = ms < SLICE_MS / 8 ? this.steps * 2 : Math.max(1, this.steps / 2);
      if (this.spent > SLICE_MS / 2) {
        this.spent = 0;
        yield;
      }
    }
    this.total += timed(() => blob.run_to(target)); // little is left, but the first row may be
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
