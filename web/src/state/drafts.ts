// What the reader typed, kept in the browser. Storage may be missing or full: then `saved` says so.
import { get, set } from "idb-keyval";
import { signal } from "./signals.js";

/** A model's text, and where it came from. */
export interface Source {
  readonly name: string; // file name
  readonly text: string;
  readonly format?: string;
  readonly sample?: string; // the sample it was opened from
  readonly original: string; // the text as it was opened
  readonly partial?: boolean; // what has errors is left out
}

const DRAFT = "penstock.draft";
const RECENT = "penstock.recent";
const MOST_RECENT = 8;
const PAUSE = 400; // ms without a change before it is written

export class Drafts {
  readonly saved = signal<"unchanged" | "saving" | "saved" | "unavailable">("unchanged");
  readonly recent = signal<readonly Source[]>([]);
  #timer = 0;
  #waiting: Source | undefined;

  constructor() {
    addEventListener("pagehide", () => this.#write());
    document.addEventListener("visibilitychange", () => document.hidden && this.#write());
  }

  /** The text of the last visit, if there is one. */
  async restore(): Promise<Source | undefined> {
    try {
      this.recent.value = sources(await get(RECENT));
      return sources([await get(DRAFT)])[0];
    } catch {
      this.saved.value = "unavailable";
      return undefined;
    }
  }

  keep(source: Source): void {
    this.#waiting = source;
    if (this.saved.peek() !== "unavailable") this.saved.value = "saving";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), PAUSE);
  }

  /** Puts a changed text aside before another one takes its place. */
  putAside(source: Source): void {
    if (source.text === source.original || source.text.trim() === "") return;
    const others = this.recent.peek().filter((other) => other.name !== source.name || other.original !== source.original);
    this.recent.value = [source, ...others].slice(0, MOST_RECENT);
    void this.#store(RECENT, this.recent.peek());
  }

  #write(): void {
    clearTimeout(this.#timer);
    const source = this.#waiting;
    if (!source) return;
    this.#waiting = undefined;
    void this.#store(DRAFT, source);
  }

  async #store(key: string, value: unknown): Promise<void> {
    try {
      await set(key, value);
      this.saved.value = this.#waiting ? "saving" : "saved";
    } catch {
      this.saved.value = "unavailable";
    }
  }
}

function sources(stored: unknown): Source[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(
    (item): item is Source =>
      typeof item === "object" &&
      item !== null &&
      ["name", "text", "original"].every((field) => typeof (item as Record<string, unknown>)[field] === "string"),
  );
}
