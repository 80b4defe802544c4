// Asking the model: values, forks, engines and runs to keep. Every change makes a run; the latest wins.
import type { Compiled } from "../client-api.js";
import type { SliderRow } from "../../../worker/abi.js";
import { S } from "../strings.js";
import { formatTime } from "./format.js";
import { Looking } from "./looking.js";
import { MOST_PINNED } from "./runs.js";
import type { EngineChoice, Run } from "./runs.js";
import { batch } from "./signals.js";

const GESTURE_PAUSE = 1000; // ms without an input end a gesture made with keys

export abstract class Asking extends Looking {
  #gesture = 0; // steps of one gesture are undone together
  #late = false; // a slider was moved and nobody asked yet
  #lastInput = { name: "", at: -Infinity };

  /** A value for a constant; its own value takes the override away. */
  setValue(name: string, value: number): void {
    const compiled = this.compiled.peek();
    if (!compiled || !Number.isFinite(value)) return;
    const now = performance.now();
    const sameGesture = this.dragging.peek() || (this.#lastInput.name === name && now - this.#lastInput.at < GESTURE_PAUSE);
    if (!sameGesture) {
      this.#gesture++;
      this.#takeGhost(name);
    }
    this.#lastInput = { name, at: now };
    const slider = compiled.document.sliders.find((row) => row.name === name);
    const overrides = new Map(this.overrides.peek());
    if (slider?.value === value) overrides.delete(name);
    else overrides.set(name, value);
    batch(() => {
      this.overrides.value = overrides;
      this.record(S.steps.value(name), `value ${this.#gesture}`);
      this.#late = this.dragging.peek() && this.waitsForRelease.peek();
      if (!this.#late) this.ask(compiled);
    });
  }

  /** A slider was taken in hand: what is on show now is what the gesture is compared with. */
  grab(name: string): void {
    this.#gesture++;
    this.#takeGhost(name);
    this.held.value = name;
    this.dragging.value = true;
  }

  /** Back to what is on show. */
  cancelRun(): void {
    const shown = this.runs.shown.peek();
    this.runs.cancel();
    if (shown) this.overrides.value = shown.overrides;
  }

  letGo(): void {
    const compiled = this.compiled.peek();
    if (this.#late && compiled) this.ask(compiled);
    this.#late = false;
    this.dragging.value = false;
    this.held.value = null;
    this.endGesture();
  }

  protected endGesture(): void {
    this.#lastInput = { name: "", at: -Infinity };
  }

  resetValues(): void {
    const compiled = this.compiled.peek();
    if (!compiled || this.overrides.peek().size === 0) return;
    batch(() => {
      this.runs.takeGhost();
      this.ghostLabel.value = S.beforeReset;
      this.overrides.value = this.branch.peek()?.values ?? new Map();
      this.record(S.steps.reset);
      this.ask(compiled);
    });
  }

  dropGhost(): void {
    this.runs.dropGhost();
  }

  protected ask(compiled: Compiled): void {
    this.runs.ask(compiled, this.overrides.peek(), this.engine.peek(), this.branch.peek());
  }

  /** From the cursor on, values may differ; the run so far is the trunk that the fork is compared with. */
  branchHere(): void {
    const run = this.runs.shown.peek();
    const time = this.times.peek()[this.row.peek()];
    if (!run || time === undefined || this.stale.peek()) return;
    batch(() => {
      this.runs.takeGhost();
      this.ghostLabel.value = S.beforeFork;
      this.branch.value = { time, values: this.overrides.peek() };
    });
  }

  /** Back to the run that the fork left. */
  endBranch(): void {
    const compiled = this.compiled.peek();
    const branch = this.branch.peek();
    if (!compiled || !branch) return;
    this.endGesture();
    batch(() => {
      this.branch.value = null;
      this.overrides.value = branch.values;
      this.record(S.steps.reset);
      this.runs.takeGhost();
      this.ghostLabel.value = S.fork;
      this.ask(compiled);
    });
  }

  /** Keeps a run beside those that come, under a name that says what it was asked with. */
  pin(run: Run | null): void {
    if (!run) return;
    const own = new Map(run.compiled.document.sliders.map((slider) => [slider.name, slider.value]));
    const values = new Map([...(run.branch?.values ?? []), ...run.overrides].filter(([name, value]) => own.get(name) !== value));
    const from = run.branch ? formatTime(run.branch.time, this.timeDecimals.peek()) : "";
    if (this.runs.pin(run, (number) => S.runName(number, [...values], from))) return;
    this.notice.value = { kind: "info", text: S.pinsFull(MOST_PINNED), advice: "" };
  }

  override valueOf(slider: SliderRow): number {
    return this.overrides.value.get(slider.name) ?? slider.value;
  }

  #takeGhost(name: string): void {
    const slider = this.sliders.peek().find((row) => row.name === name);
    if (!slider || this.stale.peek() || this.branch.peek()) return; // a fork is compared with its trunk
    batch(() => {
      this.runs.takeGhost();
      this.ghostLabel.value = S.ghostOf(name, this.overrides.peek().get(name) ?? slider.value);
    });
  }

  setEngine(engine: EngineChoice): void {
    const compiled = this.compiled.peek();
    batch(() => {
      this.engine.value = engine;
      if (compiled) this.ask(compiled);
    });
    if (engine !== "wasm") this.client.bootPython();
  }
}
