// A colour belongs to a variable: it gets one when it is first plotted and keeps it while the model is open.
import { signal } from "./signals.js";

export const COLOURS = 6;

export class Colours {
  readonly of = signal<ReadonlyMap<string, number>>(new Map());

  /** Gives each name a colour, the least used ones first. */
  assign(names: readonly string[]): void {
    const colours = new Map(this.of.peek());
    const plotted = new Set(names);
    for (const name of names) {
      if (colours.has(name)) continue;
      const uses = Array.from({ length: COLOURS }, () => 0);
      for (const [other, colour] of colours) uses[colour] = (uses[colour] ?? 0) + (plotted.has(other) ? COLOURS : 1);
      colours.set(name, uses.indexOf(Math.min(...uses)));
    }
    if (colours.size !== this.of.peek().size) this.of.value = colours;
  }

  rename(named: (name: string) => string): void {
    this.of.value = new Map([...this.of.peek()].map(([name, colour]) => [named(name), colour]));
  }

  clear(): void {
    this.of.value = new Map();
  }
}
