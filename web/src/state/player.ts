// Lets model time pass: a run takes eight seconds at speed 1.
import { paintNow } from "./frames.js";
import { batch, signal } from "./signals.js";

const SECONDS = 8;
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

interface Range {
  readonly start: number;
  readonly stop: number;
}

export class Player {
  readonly playing = signal(false);
  readonly speed = signal(1);
  readonly looping = signal(false);
  #frame = 0;
  #before = 0;

  constructor(
    readonly range: () => Range | null,
    readonly time: { get(): number; set(time: number): void },
  ) {}

  toggle(): void {
    if (this.playing.peek()) this.pause();
    else this.play();
  }

  play(): void {
    const range = this.range();
    if (!range || range.stop <= range.start) return;
    if (this.time.get() >= range.stop) this.time.set(range.start);
    this.playing.value = true;
    this.#before = performance.now();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.#step);
  }

  pause(): void {
    cancelAnimationFrame(this.#frame);
    this.playing.value = false;
  }

  #step = (now: number): void => {
    const range = this.range();
    if (!range) return this.pause();
    const passed = ((Math.max(0, now - this.#before) / 1000) * this.speed.peek() * (range.stop - range.start)) / SECONDS;
    this.#before = now;
    const next = this.time.get() + passed;
    if (next >= range.stop && !this.looping.peek()) {
      batch(() => {
        this.time.set(range.stop);
        this.pause();
      });
    } else {
      this.time.set(next >= range.stop ? range.start : next);
      this.#frame = requestAnimationFrame(this.#step);
    }
    paintNow();
  };
}
