// Simulates after every change. Per engine at most one run is under way; whatever changed meanwhile makes one more.
import { RequestError } from "../client-api.js";
import type { Compiled, PenstockClient, Results } from "../client-api.js";
import type { Diagnostic, Engine } from "../../../worker/protocol.js";
import { batch, signal } from "./signals.js";

/** One finished simulation and what it was asked with. */
export interface Run {
  readonly compiled: Compiled;
  readonly results: Results;
  readonly overrides: ReadonlyMap<string, number>;
  readonly serial: number; // of the question; two engines answer the same one
}

export type EngineChoice = Engine | "both";

/** What running on both engines showed. */
export type Verdict =
  | { state: "none" }
  | { state: "waiting" }
  | { state: "failed"; message: string }
  | { state: "same"; wasmMs: number; vmMs: number; values: number }
  | { state: "different"; wasmMs: number; vmMs: number; largest: number; name: string | null };

interface Question {
  readonly compiled: Compiled;
  readonly overrides: ReadonlyMap<string, number>;
  readonly serial: number;
}

interface Lane {
  busy: boolean;
  waiting: boolean;
}

export class Runs {
  readonly shown = signal<Run | null>(null);
  readonly ghost = signal<Run | null>(null);
  readonly verdict = signal<Verdict>({ state: "none" });
  readonly problems = signal<readonly Diagnostic[]>([]);
  readonly finished = signal(0);
  #question: Question | null = null;
  #engine: EngineChoice = "wasm";
  #serial = 0;
  #reference: Run | null = null; // the vm's answer, until it is compared
  #previous: Run | null = null; // still in a chart until the next frame
  readonly #held = new Set<Run>();
  readonly #lanes: Record<Engine, Lane> = { wasm: { busy: false, waiting: false }, vm: { busy: false, waiting: false } };

  constructor(readonly client: PenstockClient) {}

  ask(compiled: Compiled, overrides: ReadonlyMap<string, number>, engine: EngineChoice): void {
    this.#question = { compiled, overrides, serial: ++this.#serial };
    this.#engine = engine;
    this.verdict.value = engine === "both" ? { state: "waiting" } : { state: "none" };
    if (engine !== "vm") void this.#drive("wasm");
    if (engine !== "wasm") void this.#drive("vm");
  }

  /** The same question again, after a worker was restarted. */
  again(): void {
    const question = this.#question;
    if (question) this.ask(question.compiled, question.overrides, this.#engine);
  }

  /** Forget everything; a run under way is dropped when it comes. */
  clear(): void {
    batch(() => {
      this.#question = null;
      this.#serial++;
      this.shown.value = null;
      this.ghost.value = null;
      this.verdict.value = { state: "none" };
      this.problems.value = [];
      this.#sweep();
    });
  }

  /** Keep the run on show as the one to compare with. */
  takeGhost(): void {
    this.ghost.value = this.shown.peek();
    this.#sweep();
  }

  dropGhost(): void {
    this.ghost.value = null;
    this.#sweep();
  }

  async #drive(engine: Engine): Promise<void> {
    const lane = this.#lanes[engine];
    lane.waiting = true;
    if (lane.busy) return;
    lane.busy = true;
    try {
      while (lane.waiting) {
        lane.waiting = false;
        await this.#answer(engine);
      }
    } finally {
      lane.busy = false;
    }
  }

  async #answer(engine: Engine): Promise<void> {
    const question = this.#question;
    if (!question || (this.#engine !== engine && this.#engine !== "both")) return;
    const { compiled, overrides, serial } = question;
    const isCurrent = () => this.#question?.compiled === compiled && (this.#engine === engine || this.#engine === "both");
    try {
      const results = await this.client.run({
        model: compiled.model,
        engine,
        overrides: [...overrides].map(([name, value]) => ({ name, value })),
      });
      if (isCurrent()) this.#arrived({ compiled, results, overrides, serial });
      else this.client.release(results);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.superseded || !isCurrent()) return;
      if (engine === "vm" && this.#engine === "both") this.verdict.value = { state: "failed", message: error.message };
      else this.problems.value = error.diagnostics;
    }
  }

  #arrived(run: Run): void {
    this.#held.add(run);
    batch(() => {
      if (run.results.engine === "vm" && this.#engine === "both") {
        this.#reference = run;
      } else {
        this.#previous = this.shown.peek();
        this.shown.value = run;
        this.problems.value = [];
      }
      this.#compare();
      this.finished.value++;
      this.#sweep();
    });
  }

  #compare(): void {
    const shown = this.shown.peek();
    const reference = this.#reference;
    if (this.#engine !== "both" || !shown || shown.serial !== this.#serial || reference?.serial !== shown.serial) return;
    if (shown.results.engine !== "wasm") return;
    const { identical, largest, name } = this.client.compare(shown.results, reference.results);
    const ms = { wasmMs: shown.results.ms, vmMs: reference.results.ms };
    this.verdict.value = identical
      ? { state: "same", ...ms, values: shown.results.data.length }
      : { state: "different", ...ms, largest, name };
    this.#reference = null;
  }

  /** Hand back the buffers that nothing shows any more. */
  #sweep(): void {
    if (this.#reference && (this.#engine !== "both" || this.#reference.serial < this.#serial)) this.#reference = null;
    const kept = [this.shown.peek(), this.ghost.peek(), this.#previous, this.#reference];
    for (const run of this.#held) {
      if (kept.includes(run)) continue;
      this.#held.delete(run);
      this.client.release(run.results);
    }
  }
}
