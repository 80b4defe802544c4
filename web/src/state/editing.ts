// Editing: another text, steps back and forth, and what of the reader's choices outlives a compile.
import type { Compiled } from "../client-api.js";
import type { Diagnostic } from "../../../worker/protocol.js";
import { S } from "../strings.js";
import { Asking } from "./asking.js";
import type { Branch, View } from "./asked.js";
import type { Moment } from "./history.js";
import { batch } from "./signals.js";

const EDIT_PAUSE = 3000; // ms without an accepted edit: the next one is compared with what it changes

export abstract class Editing extends Asking {
  #restored: View | null = null; // what undo gives back as soon as its text is compiled
  #lastEdit = -Infinity;

  /** Another text; `label` names the step for undo, and steps in a row with the same `key` are one. */
  edit(text: string, label: string = S.steps.text, key = ""): void {
    if (this.source.peek()?.text === text) return;
    this.#restored = null;
    this.#setText(text);
    this.record(label, key);
  }

  #setText(text: string): void {
    const source = this.source.peek() ?? { name: S.untitledFile, text: "", format: "pen", original: "" };
    const edited = { ...source, text };
    this.source.value = edited;
    this.drafts.keep(edited);
    if (text.trim() === "") {
      this.fresh = true;
      batch(() => {
        this.compiles.settle([]);
        this.compiled.value = null;
        this.runs.clear();
      });
    } else {
      this.compiles.later(edited);
    }
  }

  /** Puts one of a problem's fixes in the place that it points at; not while there is a newer text than the problem's. */
  fix({ range }: Diagnostic, fix: string): void {
    const source = this.source.peek();
    if (!source || !range || this.compiles.busy.peek()) return;
    this.edit(source.text.slice(0, range[0]) + fix + source.text.slice(range[1]), S.steps.fix(fix));
  }

  /** Back to the text as it was opened; a step like any other. */
  revert(): void {
    const source = this.source.peek();
    if (source) this.edit(source.original, S.steps.revert);
  }

  undo(): void {
    this.#give(this.history.undo());
  }

  redo(): void {
    this.#give(this.history.redo());
  }

  /** A variable has another name now: what is plotted, set and open goes with it. */
  renamed(before: string, after: string): void {
    const named = (name: string): string => (name === before ? after : name.startsWith(`${before}[`) ? after + name.slice(before.length) : name);
    this.#restored = {
      ...viewOf({ ...this.moment(), overrides: new Map([...this.overrides.peek()].map(([name, value]) => [named(name), value])) }),
      plotted: this.plotted.peek().map(named),
    };
    this.colours.rename(named);
    const selected = this.selected.peek();
    if (selected !== null) this.selected.value = named(selected);
  }

  #give(moment: Moment | null): void {
    if (!moment) return;
    const compiled = this.compiled.peek();
    this.endGesture();
    batch(() => {
      const another = this.source.peek()?.text !== moment.text;
      if (another || this.#restored) this.#restored = viewOf(moment);
      if (another) return this.#setText(moment.text);
      if (this.#restored) return;
      const { overrides, plotted } = moment;
      this.colours.assign(plotted);
      this.plotted.value = plotted;
      if (!compiled || overrides === this.overrides.peek()) return;
      this.overrides.value = overrides;
      this.ask(compiled);
    });
  }

  protected override accept(compiled: Compiled): void {
    const before = this.compiled.peek();
    const now = performance.now();
    batch(() => {
      if (before && before.model !== compiled.model && now - this.#lastEdit > EDIT_PAUSE) {
        this.runs.takeGhost();
        this.ghostLabel.value = S.beforeEdit;
      }
      this.#lastEdit = before ? now : -Infinity;
      this.compiled.value = compiled;
      this.asked = this.#restored ?? this.asked;
      this.#restored = null;
      this.overrides.value = before && !this.asked ? this.#overridesThatFit(before, compiled) : valuesThatFit(this.asked, compiled);
      if (!before) this.branch.value = branchThatFits(this.asked, compiled);
      this.history.amend(this.moment());
      this.ask(compiled);
    });
  }

  /** Sliders keep their place across an edit, unless the edit changed the value that they start from. */
  #overridesThatFit(before: Compiled | null, compiled: Compiled): ReadonlyMap<string, number> {
    const base = new Map(before?.document.sliders.map((slider) => [slider.name, slider.value]));
    const kept = compiled.document.sliders.filter((slider) => base.get(slider.name) === slider.value);
    return new Map(
      kept.flatMap((slider) => {
        const value = this.overrides.peek().get(slider.name);
        return value === undefined ? [] : [[slider.name, value] as const];
      }),
    );
  }
}

export function viewOf({ overrides, plotted }: Moment): View {
  return { values: overrides, plotted, time: null, branch: null };
}

/** A link may name values that the model has no constant for. */
function valuesThatFit(view: Pick<View, "values"> | null, compiled: Compiled): ReadonlyMap<string, number> {
  const sliders = new Set(compiled.document.sliders.map((slider) => slider.name));
  return new Map([...(view?.values ?? [])].filter(([name]) => sliders.has(name)));
}

function branchThatFits(view: View | null, compiled: Compiled): Branch | null {
  return view?.branch ? { time: view.branch.time, values: valuesThatFit(view.branch, compiled) } : null;
}
