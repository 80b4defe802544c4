// Tells when a worker has been silent for too long. A token keeps a timer of an earlier task from acting.

/** What is known of a task when its worker falls silent. */
export interface Silence {
  slot: string;
  job: string;
  chunk: number;
  iterations: number;
  elapsedMs: number;
  silentMs: number;
  limitMs: number;
  lastBeat: string;
}

export class Watchdog {
  private token = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private startedAt = 0;
  private beatAt = 0;
  private lastBeat = "";
  private iterations = 0;

  constructor(
    private readonly limitMs: number,
    private readonly now: () => number,
    private readonly silent: (what: Omit<Silence, "slot" | "job" | "chunk">) => void,
  ) {}

  start(): void {
    this.startedAt = this.now();
    this.iterations = 0;
    this.token += 1;
    this.arm("start");
  }

  /** A sign of life; without a task under way it is of no consequence. */
  beat(reason: string, iterations = this.iterations): void {
    if (this.timer === null) return;
    this.iterations = iterations;
    this.arm(reason);
  }

  finish(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.token += 1;
  }

  private arm(reason: string): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.beatAt = this.now();
    this.lastBeat = reason;
    const { token } = this;
    this.timer = setTimeout(() => {
      if (token !== this.token) return;
      this.timer = null;
      const now = this.now();
      this.silent({
        iterations: this.iterations,
        elapsedMs: now - this.startedAt,
        silentMs: now - this.beatAt,
        limitMs: this.limitMs,
        lastBeat: this.lastBeat,
      });
    }, this.limitMs);
  }
}
