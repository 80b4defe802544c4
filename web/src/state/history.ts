// Undo and redo of everything that changes the model or what is asked of it; where the reader looks is no part of it.
// Kept in the browser beside the draft, so that a reload takes nothing back that could not be taken back before.
import { get, set } from "idb-keyval";
import { batch, computed, signal } from "./signals.js";

/** All that undo gives back. */
export interface Moment {
  readonly text: string;
  readonly overrides: ReadonlyMap<string, number>;
  readonly plotted: readonly string[];
}

/** What stood at a place of the text, and what came instead. */
export interface Change {
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

interface Step {
  readonly label: string;
  readonly key: string; // steps in a row with the same key are one
  readonly text: Change | null;
  readonly overrides: Pair<readonly (readonly [string, number])[]> | null;
  readonly plotted: Pair<readonly string[]> | null;
}

type Pair<T> = readonly [before: T, after: T];

interface Kept {
  readonly name: string;
  readonly text: string;
  readonly overrides: readonly (readonly [string, number])[];
  readonly plotted: readonly string[];
  readonly done: readonly Step[];
  readonly undone: readonly Step[];
}

const KEY = "penstock.history";
const MOST = 200;
const PAUSE = 400; // ms without a change before it is written

export class History {
  readonly done = signal<readonly Step[]>([]);
  readonly undone = signal<readonly Step[]>([]);
  /** What the next undo and redo would take back or do again; null where there is nothing. */
  readonly undoes = computed(() => this.done.value.at(-1)?.label ?? null);
  readonly redoes = computed(() => this.undone.value.at(-1)?.label ?? null);
  #now: Moment | null = null;
  #name = "";
  #fresh = false; // the last thing that happened was a new step
  #kept: Kept | undefined;
  #timer = 0;

  constructor() {
    addEventListener("pagehide", () => this.#write());
    document.addEventListener("visibilitychange", () => document.hidden && this.#write());
  }

  /** Reads what the last visit kept; `open` looks at it once. */
  async restore(): Promise<void> {
    try {
      const kept: unknown = await get(KEY);
      if (isKept(kept)) this.#kept = kept;
    } catch {
      // no storage: the history is as long as the visit
    }
  }

  /** Begins anew with a document. Returns how it was left, if this is the one that the last visit kept. */
  open(name: string, moment: Moment): Moment | null {
    const kept = this.#kept;
    this.#kept = undefined;
    const same = kept?.name === name && kept.text === moment.text;
    this.#name = name;
    this.#now = same ? { text: kept.text, overrides: new Map(kept.overrides), plotted: kept.plotted } : moment;
    this.#fresh = false;
    batch(() => {
      this.done.value = same ? kept.done : [];
      this.undone.value = same ? kept.undone : [];
    });
    this.#later();
    return same ? this.#now : null;
  }

  /** A step that the reader made. Steps in a row with the same `key`, if there is one, are taken back together. */
  record(moment: Moment, label: string, key = ""): void {
    if (!this.#now) return;
    const done = this.done.peek();
    const last = done.at(-1);
    const merges = key !== "" && last?.key === key && this.#fresh;
    const before = merges && last ? taken(last, this.#now, 0) : this.#now;
    const step = difference(before, moment, label, key);
    this.#now = moment;
    if (!step && !merges) return;
    const others = merges ? done.slice(0, -1) : done;
    batch(() => {
      this.done.value = step ? [...others, step].slice(-MOST) : others;
      this.undone.value = [];
    });
    this.#fresh = step !== null;
    this.#later();
  }

  /** What followed from the last step by itself is taken back with it. */
  amend(moment: Moment): void {
    const last = this.done.peek().at(-1);
    if (!this.#now || !difference(this.#now, moment, "", "")) return;
    if (this.#fresh && last) {
      const step = difference(taken(last, this.#now, 0), moment, last.label, last.key);
      this.done.value = step ? [...this.done.peek().slice(0, -1), step] : this.done.peek().slice(0, -1);
    }
    this.#now = moment;
    this.#later();
  }

  undo(): Moment | null {
    return this.#move(this.done, this.undone, 0);
  }

  redo(): Moment | null {
    return this.#move(this.undone, this.done, 1);
  }

  #move(from: typeof this.done, to: typeof this.done, side: 0 | 1): Moment | null {
    const step = from.peek().at(-1);
    if (!step || !this.#now) return null;
    this.#now = taken(step, this.#now, side);
    this.#fresh = false;
    batch(() => {
      from.value = from.peek().slice(0, -1);
      to.value = [...to.peek(), step];
    });
    this.#later();
    return this.#now;
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), PAUSE);
  }

  #write(): void {
    clearTimeout(this.#timer);
    if (!this.#now) return;
    const { text, overrides, plotted } = this.#now;
    const kept: Kept = { name: this.#name, text, overrides: [...overrides], plotted, done: this.done.peek(), undone: this.undone.peek() };
    void Promise.resolve().then(() => set(KEY, kept)).catch(() => {}); // the draft tells the reader when nothing can be kept
  }
}

/** The smallest change between two texts that replaces one piece; null where they are the same. */
export function changeBetween(before: string, after: string): Change | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return { at: start, before: before.slice(start, before.length - end), after: after.slice(start, after.length - end) };
}

function difference(before: Moment, after: Moment, label: string, key: string): Step | null {
  const text = changeBetween(before.text, after.text);
  const overrides = sameValues(before.overrides, after.overrides) ? null : ([[...before.overrides], [...after.overrides]] as const);
  const plotted = before.plotted.join("\n") === after.plotted.join("\n") ? null : ([before.plotted, after.plotted] as const);
  return text || overrides || plotted ? { label, key, text, overrides, plotted } : null;
}

function sameValues(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => Object.is(b.get(name), value));
}

/** The moment on the other side of a step: before it (0) or after it (1). */
function taken(step: Step, now: Moment, side: 0 | 1): Moment {
  let { text } = now;
  if (step.text) {
    const [here, there] = side === 0 ? [step.text.after, step.text.before] : [step.text.before, step.text.after];
    text = text.slice(0, step.text.at) + there + text.slice(step.text.at + here.length);
  }
  return {
    text,
    overrides: step.overrides ? new Map(step.overrides[side]) : now.overrides,
    plotted: step.plotted ? step.plotted[side] : now.plotted,
  };
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false;
  const { name, text, overrides, plotted, done, undone } = value as Record<string, unknown>;
  return typeof name === "string" && typeof text === "string" && [overrides, plotted, done, undone].every(Array.isArray);
}
