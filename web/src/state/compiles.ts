// Compiles the text after it changed and rested for a moment; only the newest text's answer counts.
import { RequestError } from "../client-api.js";
import type { Compiled, PenstockClient } from "../client-api.js";
import type { Diagnostic } from "../../../worker/protocol.js";
import type { Source } from "./drafts.js";
import { batch, signal } from "./signals.js";

const REST = 40; // ms: with less, a quick hand would have every letter compiled

export class Compiles {
  /** Of the newest text that was compiled: errors and warnings. */
  readonly problems = signal<readonly Diagnostic[]>([]);
  readonly busy = signal(false);
  #ticket = 0;
  #timer = 0;

  constructor(
    readonly client: PenstockClient,
    readonly accepted: (compiled: Compiled) => void,
  ) {}

  later(source: Source): void {
    clearTimeout(this.#timer);
    this.#ticket++;
    this.busy.value = true;
    this.#timer = setTimeout(() => void this.now(source), REST);
  }

  /** Resolves to the compiled model, or to null when there are errors or a newer text. */
  now(source: Source): Promise<Compiled | null> {
    clearTimeout(this.#timer);
    return this.#compile(source, ++this.#ticket);
  }

  /** Give up what is under way, for a text that needs no compiling. */
  settle(problems: readonly Diagnostic[]): void {
    clearTimeout(this.#timer);
    this.#ticket++;
    batch(() => {
      this.busy.value = false;
      this.problems.value = problems;
    });
  }

  async #compile(source: Source, ticket: number): Promise<Compiled | null> {
    this.busy.value = true;
    try {
      const request = { name: source.name, text: source.text, partial: source.partial ?? false };
      const compiled = await this.client.compile(source.format ? { ...request, format: source.format } : request);
      if (ticket !== this.#ticket) return null;
      batch(() => {
        this.problems.value = compiled.diagnostics;
        this.accepted(compiled);
      });
      return compiled;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (ticket === this.#ticket && !error.superseded) this.problems.value = error.diagnostics;
      return null;
    } finally {
      if (ticket === this.#ticket) this.busy.value = false;
    }
  }
}
