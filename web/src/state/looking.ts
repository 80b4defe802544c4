// Looking at what is there: what is chosen, plotted and under the cursor. Nothing here makes a new run.
import type { Diagnostic } from "../../../worker/protocol.js";
import { S } from "../strings.js";
import { Desk } from "./desk.js";
import type { Run } from "./runs.js";
import { batch } from "./signals.js";
import { nearestRow, plottedAtFirst, timesOf } from "./variables.js";

const FIRST_CURSOR = 0.25; // of the run
const SETTLE = 250; // ms

export abstract class Looking extends Desk {
  #settling = 0;

  /** `byKeys`: the focus goes to what opens. */
  select(name: string | null, byKeys = false): void {
    batch(() => {
      this.selected.value = name;
      this.loop.value = null;
      if (name !== null && byKeys) this.inspectorFocus.value++;
    });
  }

  togglePlotted(name: string): void {
    const plotted = this.plotted.peek();
    const next = plotted.includes(name) ? plotted.filter((other) => other !== name) : [...plotted, name];
    batch(() => {
      this.colours.assign(next);
      this.plotted.value = next;
      this.record(S.steps.plotted);
    });
  }

  /** Puts the cursor on the saved step nearest to a time. */
  scrub(time: number): void {
    const times = this.times.peek();
    this.player.pause();
    const at = times[nearestRow(times, time)];
    if (at !== undefined) this.cursor.value = at;
  }

  /** Moves the cursor by saved steps. */
  stepBy(rows: number): void {
    const times = this.times.peek();
    const row = Math.min(times.length - 1, Math.max(0, this.row.peek() + Math.round(rows)));
    this.scrub(times[row] ?? this.cursor.peek());
  }

  show(diagnostic: Diagnostic): void {
    if (!diagnostic.range) return;
    const [start = 0, end = start] = diagnostic.range;
    batch(() => {
      this.textOpen.value = true;
      this.tab.value = "text";
      this.reveal.value = [start, end];
    });
  }

  /** A run came: what is plotted and where the cursor stands are fitted to it. */
  protected runArrived(run: Run): void {
    const variables = this.variablesOf(run);
    const names = new Set(variables.map((variable) => variable.name));
    batch(() => {
      const asked = this.asked;
      this.asked = null;
      const kept = (asked ? asked.plotted : this.plotted.peek()).filter((name) => names.has(name));
      const plotted = (this.fresh && !asked) || kept.length === 0 ? plottedAtFirst(variables) : kept;
      const same = plotted.length === this.plotted.peek().length && plotted.every((name, at) => name === this.plotted.peek()[at]);
      if (!same) {
        this.colours.assign(plotted);
        this.plotted.value = plotted;
      }
      const times = timesOf(run.compiled, run.results);
      const start = times[0] ?? 0;
      const stop = times.at(-1) ?? 0;
      if (asked?.time != null) this.cursor.value = Math.min(stop, Math.max(start, asked.time));
      else if (this.fresh) this.cursor.value = times[nearestRow(times, start + FIRST_CURSOR * (stop - start))] ?? start;
      else if (this.cursor.peek() > stop) this.cursor.value = stop;
      else if (this.cursor.peek() < start) this.cursor.value = start;
      this.fresh = false;
      this.history.amend(this.moment());
    });
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.settled.value++, SETTLE);
  }
}
