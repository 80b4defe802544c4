// What is uncertain, and the many runs that say what follows: they are made again whenever the model or a slider changes.
import { tick } from "../../../worker/tick.js";
import type { Compiled } from "../client-api.js";
import { rate } from "../pool/metrics.js";
import { Pool } from "../pool/pool.js";
import type { PoolWorker } from "../pool/messages.js";
import { batch, computed, effect, signal, untracked } from "../state/signals.js";
import { timesOf } from "../state/variables.js";
import type { Workbench } from "../state/workbench.js";
import { fanOf } from "./fan.js";
import { Job, type Plan } from "./job.js";
import type { Shape, Varied } from "./samples.js";
import type { Summary } from "./statistics.js";

/** How a reader says it: a share of the value that the slider has, or two bounds. */
export interface Choice {
  readonly name: string;
  readonly by: "percent" | Shape;
  readonly percent: number;
  readonly low: number;
  readonly high: number;
}

export type State = "off" | "running" | "done" | "failed";

export const MOST_RUNS = 20_000;
export const MOST_VARIED = 20;
const MOST_TIMES = 400; // a chart has hardly more points
const MOST_VALUES = 8_000_000; // of all runs and times together: 64 MB
const PATIENCE = 300; // ms that a study without a fan may keep a newer one waiting
const PACE = 100; // ms between two pictures of a study that grows: the processor has runs to make
const SPREAD = 20; // percent, to begin with

interface Held {
  readonly pool: Pool;
  readonly module: WebAssembly.Module;
  readonly booted: Promise<void>;
}

export class Study {
  readonly choices = signal<readonly Choice[]>([]);
  readonly runs = signal(1000);
  readonly seed = signal(1);
  readonly state = signal<State>("off");
  readonly problem = signal("");
  /** Runs that the study under way, or the last one, has made. */
  readonly arrived = signal(0);
  readonly summary = signal<Summary | null>(null);
  /** What the summary is of. */
  readonly of = signal<{ output: string; times: Float64Array } | null>(null);
  readonly failures = signal<{ count: number; first: string }>({ count: 0, first: "" });
  readonly lost = signal(0); // workers that had to be replaced
  /** Counts up when a worker's state changes. */
  readonly turns = signal(0);
  /** The variable whose fan is drawn. */
  readonly output = computed(() => {
    const { bench } = this;
    const plotted = bench.plotted.value;
    const selected = bench.selected.value;
    return (selected !== null && plotted.includes(selected) ? selected : plotted[0]) ?? null;
  });
  #pool: Held | null = null;
  #job: Job | null = null;
  #key = "";
  #serial = 0;
  #since = 0;
  #shown: Job | null = null; // whose runs are drawn
  #next: (() => void) | null = null; // what follows as soon as the study under way has shown something
  #waits: ReturnType<typeof setTimeout> | undefined;
  #told: ReturnType<typeof setTimeout> | undefined;
  #summing = false;

  constructor(readonly bench: Workbench) {
    effect(() => this.#follow());
  }

  get workers(): Pool["workers"] {
    return this.#pool?.pool.workers ?? [];
  }

  /** Of one worker. */
  get runsPerSecond(): number {
    return this.#pool ? rate(this.#pool.pool.metrics) : 0;
  }

  /** Constants that can still be chosen. */
  get free(): readonly string[] {
    const taken = new Set(this.choices.value.map(({ name }) => name));
    return this.bench.sliders.value.map(({ name }) => name).filter((name) => !taken.has(name));
  }

  add(name: string): void {
    if (this.choices.peek().length >= MOST_VARIED) return;
    const compiled = this.bench.compiled.peek();
    if (compiled && this.#job === null) this.#poolOf(compiled); // workers start while the reader chooses
    const value = this.#valueOf(name);
    const reach = Math.abs(value) * (SPREAD / 100) || 1;
    this.choices.value = [...this.choices.peek(), { name, by: "percent", percent: SPREAD, low: round(value - reach), high: round(value + reach) }];
  }

  change(name: string, change: Partial<Choice>): void {
    this.choices.value = this.choices.peek().map((choice) => (choice.name === name ? { ...choice, ...change } : choice));
  }

  remove(name: string): void {
    this.choices.value = this.choices.peek().filter((choice) => choice.name !== name);
  }

  start(): void {
    this.#key = "";
    this.state.value = "running";
  }

  /** Ends what runs; the fan that is there stays until it is cleared. */
  stop(): void {
    this.#drop();
    this.state.value = "off";
  }

  clear(): void {
    this.stop();
    this.#pool?.pool.dispose();
    this.#pool = null;
    this.#forget();
  }

  /** What is shown would be of something else. */
  #forget(): void {
    batch(() => {
      this.summary.value = this.of.value = this.bench.fan.value = null;
      this.arrived.value = 0;
      this.failures.value = { count: 0, first: "" };
      this.problem.value = "";
    });
  }

  /** Starts anew when what results depend on has changed. */
  #follow(): void {
    const { bench } = this;
    const known = new Set(bench.sliders.value.map(({ name }) => name));
    const choices = this.choices.value;
    if (choices.some(({ name }) => !known.has(name))) {
      this.choices.value = choices.filter(({ name }) => known.has(name));
      return;
    }
    const idle = this.state.value === "off";
    const plan = this.#plan();
    const compiled = bench.compiled.value;
    untracked(() => {
      if (choices.length === 0) return this.clear();
      if (!plan || !compiled) return idle ? this.#forget() : undefined; // its first run is under way
      const { rows, ...told } = plan;
      const key = JSON.stringify([compiled.model, told, rows.length, rows.at(-1)]);
      if (key === this.#key) return;
      if (idle) return this.#forget();
      this.#key = key;
      this.#soon(() => void this.#run(compiled, plan));
    });
  }

  /** A study under way may first show something, for a slider in motion would let none come that far. */
  #soon(begin: () => void): void {
    clearTimeout(this.#waits);
    const early = this.#job !== null && this.#shown !== this.#job;
    const left = early ? PATIENCE - (performance.now() - this.#since) : 0;
    if (left <= 0) return begin();
    this.#waits = setTimeout(begin, left);
    this.#next = begin;
  }

  #plan(): Plan | null {
    const { bench } = this;
    const compiled = bench.compiled.value;
    const shown = bench.runs.shown.value;
    const output = this.output.value;
    const choices = this.choices.value;
    if (!compiled || shown?.compiled !== compiled || output === null || choices.length === 0 || shown.results.rows === 0) return null;
    const varied = choices.map((choice) => this.#varied(choice));
    const names = new Set(varied.map(({ name }) => name));
    const all = bench.runs.requested({ compiled, overrides: bench.overrides.value, branch: bench.branch.value });
    const most = Math.max(2, Math.min(MOST_TIMES, Math.floor(MOST_VALUES / this.runs.value)));
    return {
      varied,
      runs: this.runs.value,
      seed: this.seed.value,
      output,
      rows: spread(shown.results.rows, most),
      overrides: all.filter(({ name }) => !names.has(name)),
    };
  }

  #varied({ name, by, percent, low, high }: Choice): Varied {
    const value = this.#valueOf(name);
    if (by !== "percent") return { name, shape: by, low: Math.min(low, high), high: Math.max(low, high), peak: value };
    const reach = Math.abs(value) * (percent / 100);
    return { name, shape: "uniform", low: value - reach, high: value + reach, peak: value };
  }

  #valueOf(name: string): number {
    const own = this.bench.sliders.value.find((row) => row.name === name)?.value ?? NaN;
    return this.bench.overrides.value.get(name) ?? own;
  }

  async #run(compiled: Compiled, plan: Plan): Promise<void> {
    this.#drop();
    const shown = this.bench.runs.shown.peek();
    if (!shown || shown.compiled !== compiled) return;
    const all = timesOf(compiled, shown.results);
    const times = Float64Array.from(plan.rows, (row) => all[row]!);
    const { pool, booted } = this.#poolOf(compiled);
    const job: Job = (this.#job = new Job(`study ${++this.#serial}`, pool, plan, () => void this.#sum(job, plan, times), this.#tell));
    this.#since = performance.now();
    batch(() => {
      this.state.value = "running";
      this.arrived.value = 0;
      this.problem.value = "";
      this.failures.value = { count: 0, first: "" };
    });
    try {
      await booted;
      await job.run();
    } catch (error) {
      if (!job.dropped) this.#fail(error); // a pool that makes room for another model's stops as well
    }
  }

  #fail(error: unknown): void {
    this.#job = null;
    batch(() => {
      this.problem.value = error instanceof Error ? error.message : String(error);
      this.state.value = "failed";
    });
    this.#pool?.pool.dispose();
    this.#pool = null;
  }

  /** One summary at a time; what came meanwhile makes one more. */
  async #sum(job: Job, plan: Plan, times: Float64Array): Promise<void> {
    if (this.#summing || job.dropped) return;
    this.#summing = true;
    let summed = 0;
    while (!job.dropped && summed < job.collected.runs) {
      const summary = await job.collected.summary(async () => (await tick(), !job.dropped));
      if (!summary) break;
      summed = summary.runs;
      this.#show(job, plan, times, summary);
      if (summed < plan.runs) await pause(PACE);
    }
    this.#summing = false;
    const current = this.#job;
    if (current && current !== job && current.collected.runs > 0) current.changed();
  }

  #show(job: Job, plan: Plan, times: Float64Array, summary: Summary): void {
    this.#shown = job;
    batch(() => {
      this.of.value = { output: plan.output, times };
      this.summary.value = summary;
      this.arrived.value = job.count;
      this.failures.value = { count: job.failed, first: job.failures[0] ?? "" };
      if (this.output.peek() === plan.output) this.bench.fan.value = fanOf(plan.output, times, summary);
      if (summary.runs === plan.runs && this.state.peek() === "running") this.state.value = "done";
    });
    const next = this.#next;
    this.#next = null;
    if (next) {
      clearTimeout(this.#waits);
      next();
    }
  }

  #drop(): void {
    clearTimeout(this.#waits);
    this.#next = null;
    this.#job?.drop();
    this.#job = null;
  }

  /** Something moved: the panel shows it soon, however much moves. */
  #tell = (): void => {
    this.#told ??= setTimeout(() => {
      this.#told = undefined;
      batch(() => {
        this.turns.value++;
        if (this.#job) this.arrived.value = this.#job.count;
      });
    }, PACE);
  };

  /** Workers hold one blob: another model has a pool of its own. */
  #poolOf(compiled: Compiled): Held {
    const module = this.bench.client.module(compiled.model);
    if (!module) throw new Error("the model is not there any more");
    if (this.#pool?.module === module) return this.#pool;
    this.#pool?.pool.dispose();
    const spawn = () => this.bench.client.spawn("pool") as PoolWorker;
    const pool = new Pool(spawn, { cores: navigator.hardwareConcurrency || 1 }, { changed: this.#tell, failure: () => void this.lost.value++ });
    const booted = pool.boot(module);
    booted.catch(() => {}); // the run that waits for it hears of it
    return (this.#pool = { pool, module, booted });
  }
}

/** At most `most` rows, evenly spread, first and last among them. */
export function spread(rows: number, most: number): Uint32Array {
  const count = Math.min(rows, most);
  return Uint32Array.from({ length: count }, (_, at) => Math.round((at * (rows - 1)) / Math.max(1, count - 1)));
}

const round = (value: number) => Number(value.toPrecision(6));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const studies = new WeakMap<Workbench, Study>();

/** The study of a workbench; made when it is first wanted. */
export function studyOf(bench: Workbench): Study {
  let study = studies.get(bench);
  if (!study) studies.set(bench, (study = new Study(bench)));
  return study;
}
