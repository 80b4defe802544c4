// Simulates after every change. Per engine at most one run is under way; whatever changed meanwhile makes one more.
import { RequestError } from "../client-api.js";
import type { Compiled, PenstockClient, Results } from "../client-api.js";
import type { Diagnostic, Engine, Override } from "../../../worker/protocol.js";
import type { Branch } from "./asked.js";
import { Forks } from "./forks.js";
import { batch, signal } from "./signals.js";

/** One finished simulation and what it was asked with. */
export interface Run {
  readonly compiled: Compiled;
  readonly results: Results;
  readonly overrides: ReadonlyMap<string, number>;
  readonly branch: Branch | null; // from when `overrides` act; from the start when null
  readonly serial: number; // of the question; two engines answer the same one
}

/** A run that the reader keeps beside the one on show. */
export interface Pinned {
  readonly number: number; // 1 for the first
  readonly slot: number; // which dash: below MOST_PINNED, no other has it
  readonly name: string;
  readonly run: Run;
  readonly shown: boolean; // in the charts
}

const SLOW = 200; // ms
const LONG = 1000;

export const MOST_PINNED = 6;

export type EngineChoice = Engine | "both";

/** What running on both engines showed. */
export type Verdict =
  | { state: "none" }
  | { state: "waiting" }
  | { state: "failed"; message: string }
  | { state: "same"; wasmMs: number; vmMs: number; values: number }
  | { state: "different"; wasmMs: number; vmMs: number; largest: number; name: string | null; first: Difference | null };

/** Where the two part for the first time. */
export interface Difference {
  readonly row: number;
  readonly wasm: number;
  readonly vm: number;
}

interface Question {
  readonly compiled: Compiled;
  readonly overrides: ReadonlyMap<string, number>;
  readonly branch: Branch | null;
  readonly serial: number;
}

interface Lane {
  busy: boolean;
  waiting: boolean;
}

export class Runs {
  readonly shown = signal<Run | null>(null);
  readonly ghost = signal<Run | null>(null);
  readonly pinned = signal<readonly Pinned[]>([]);
  readonly verdict = signal<Verdict>({ state: "none" });
  readonly problems = signal<readonly Diagnostic[]>([]);
  readonly finished = signal(0);
  /** How long the run under way already takes: nothing to speak of, long enough to be seen, or to be given up. */
  readonly pace = signal<"quick" | "slow" | "long">("quick");
  #paces: number[] = [];
  #question: Question | null = null;
  #engine: EngineChoice = "wasm";
  #serial = 0;
  #pins = 0; // so far: a number is never used twice
  #reference: Run | null = null; // the vm's answer, until it is compared
  #previous: Run | null = null; // still in a chart until the next frame
  readonly #forks: Forks;
  readonly #held = new Set<Run>();
  readonly #lanes: Record<Engine, Lane> = { wasm: { busy: false, waiting: false }, vm: { busy: false, waiting: false } };

  constructor(readonly client: Pick<PenstockClient, "run" | "cancelRuns" | "release" | "compare">) {
    this.#forks = new Forks(client);
  }

  ask(compiled: Compiled, overrides: ReadonlyMap<string, number>, engine: EngineChoice, branch: Branch | null = null): void {
    this.#question = { compiled, overrides, branch, serial: ++this.#serial };
    this.#engine = engine;
    if (!branch) this.#forks.forget();
    this.verdict.value = engine === "both" ? { state: "waiting" } : { state: "none" };
    if (engine !== "vm") void this.#drive("wasm");
    if (engine !== "wasm") void this.#drive("vm");
  }

  /** The same question again, after a worker was restarted. */
  again(): void {
    const question = this.#question;
    if (question) this.ask(question.compiled, question.overrides, this.#engine, question.branch);
  }

  /** Forget everything; a run under way is dropped when it comes. */
  clear(): void {
    batch(() => {
      this.#question = null;
      this.#serial++;
      this.shown.value = null;
      this.ghost.value = null;
      this.pinned.value = [];
      this.#pins = 0;
      this.verdict.value = { state: "none" };
      this.problems.value = [];
      this.#sweep();
    });
  }

  /** What a run is asked with. */
  readonly requested = requested;

  /** Keep the run on show as the one to compare with. */
  takeGhost(): void {
    this.ghost.value = this.shown.peek();
    this.#sweep();
  }

  dropGhost(): void {
    this.ghost.value = null;
    this.#sweep();
  }

  /** Keeps a run until it is unpinned; false when there is no room. */
  pin(run: Run, name: (number: number) => string): boolean {
    const pinned = this.pinned.peek();
    if (pinned.some((other) => other.run === run)) return true;
    if (pinned.length >= MOST_PINNED) return false;
    const number = ++this.#pins;
    const slots = new Set(pinned.map((other) => other.slot));
    const slot = Array.from({ length: MOST_PINNED }, (_, at) => at).find((at) => !slots.has(at)) ?? 0;
    this.pinned.value = [...pinned, { number, slot, name: name(number), run, shown: true }];
    return true;
  }

  changePinned(number: number, change: Partial<Pick<Pinned, "name" | "shown">>): void {
    this.pinned.value = this.pinned.peek().map((other) => (other.number === number ? { ...other, ...change } : other));
  }

  unpin(number: number): void {
    this.pinned.value = this.pinned.peek().filter((other) => other.number !== number);
    this.#sweep();
  }

  async #drive(engine: Engine): Promise<void> {
    const lane = this.#lanes[engine];
    lane.waiting = true;
    if (lane.busy) return;
    lane.busy = true;
    this.#watchPace();
    try {
      while (lane.waiting) {
        lane.waiting = false;
        await this.#answer(engine);
      }
    } finally {
      lane.busy = false;
      if (!Object.values(this.#lanes).some((other) => other.busy)) this.#quick();
    }
  }

  #watchPace(): void {
    this.#quick();
    this.#paces = [setTimeout(() => (this.pace.value = "slow"), SLOW), setTimeout(() => (this.pace.value = "long"), LONG)];
  }

  #quick(): void {
    for (const timer of this.#paces) clearTimeout(timer);
    this.pace.value = "quick";
  }

  /** Gives up the run under way; what is on show stays. */
  cancel(): void {
    this.#question = null;
    this.verdict.value = { state: "none" };
    for (const lane of Object.values(this.#lanes)) lane.waiting = false;
    this.client.cancelRuns();
  }

  async #answer(engine: Engine): Promise<void> {
    const question = this.#question;
    if (!question || (this.#engine !== engine && this.#engine !== "both")) return;
    const { compiled, overrides, branch, serial } = question;
    const isCurrent = () => this.#question?.compiled === compiled && (this.#engine === engine || this.#engine === "both");
    try {
      const results = (await this.#forked(engine, question)) ?? (await this.client.run({ model: compiled.model, engine, overrides: requested(question) }));
      if (isCurrent()) this.#arrived({ compiled, results, overrides, branch, serial });
      else this.client.release(results);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.superseded || !isCurrent()) return;
      if (engine === "vm" && this.#engine === "both") this.verdict.value = { state: "failed", message: error.message };
      else this.problems.value = error.diagnostics;
    }
  }

  /** The run of a fork, as far as it is one that can be left and gone on with. */
  async #forked(engine: Engine, question: Question): Promise<Results | null> {
    const { compiled, branch } = question;
    return branch ? this.#forks.run(compiled, engine, listed(branch.values), later(question, branch), branch) : null;
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
      : { state: "different", ...ms, largest, name, first: name === null ? null : parting(shown.results, reference.results, name) };
    this.#reference = null;
  }

  /** Hand back the buffers that nothing shows any more. */
  #sweep(): void {
    if (this.#reference && (this.#engine !== "both" || this.#reference.serial < this.#serial)) this.#reference = null;
    const kept = [this.shown.peek(), this.ghost.peek(), this.#previous, this.#reference, ...this.pinned.peek().map((pin) => pin.run)];
    for (const run of this.#held) {
      if (kept.includes(run)) continue;
      this.#held.delete(run);
      this.client.release(run.results);
    }
  }
}

function parting(wasm: Results, vm: Results, name: string): Difference | null {
  if (!wasm.names.includes(name) || !vm.names.includes(name)) return null;
  const others = vm.series(name);
  const row = wasm.series(name).findIndex((value, at) => !Object.is(value, others[at]));
  return row < 0 || row >= vm.rows ? null : { row, wasm: wasm.at(name, row), vm: vm.at(name, row) };
}

function listed(values: ReadonlyMap<string, number>): Override[] {
  return [...values].map(([name, value]) => ({ name, value }));
}

/** What differs in a branch from the run that it left. */
function later({ compiled, overrides }: Pick<Question, "compiled" | "overrides">, branch: Branch): Override[] {
  const own = new Map(compiled.document.sliders.map((slider) => [slider.name, slider.value]));
  return [...new Set([...branch.values.keys(), ...overrides.keys()])].flatMap((name): Override[] => {
    const value = overrides.get(name) ?? own.get(name);
    return value === undefined || value === (branch.values.get(name) ?? own.get(name)) ? [] : [{ name, value }];
  });
}

/** All in one run: values from the start; in a branch, those of before it from the start and what differs from its time on. */
function requested(question: Pick<Question, "compiled" | "overrides" | "branch">): Override[] {
  const { overrides, branch } = question;
  return branch ? [...listed(branch.values), ...later(question, branch).map((value) => ({ ...value, at: branch.time }))] : listed(overrides);
}
