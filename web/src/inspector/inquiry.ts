// What Python knows about the model on show and about the inspected variable: asked once Python is there, kept
// until the model changes. Nothing here is needed before a variable is opened.
import { RequestError } from "../client-api.js";
import type { Compiled } from "../client-api.js";
import type { CausalGraph, FeedbackLoops, FieldDescriptors, Introspection, Trace, VariableRow, Written } from "../../../worker/tools.js";
import { canonical } from "../../../worker/canonical.js";
import { computed, effect, signal } from "../state/signals.js";
import type { Signal } from "../state/signals.js";
import type { Run } from "../state/runs.js";
import type { Workbench } from "../state/workbench.js";

/** An equation taken apart over a whole run. */
export interface Traced {
  readonly run: Run;
  readonly name: string;
  readonly trace: Trace;
}

const known = new WeakMap<Workbench, Inquiry>();

export function inquiryOf(bench: Workbench): Inquiry {
  const found = known.get(bench) ?? new Inquiry(bench);
  known.set(bench, found);
  return found;
}

export class Inquiry {
  readonly facts = signal<Introspection | null>(null);
  readonly graph = signal<CausalGraph | null>(null);
  readonly loops = signal<FeedbackLoops | null>(null);
  readonly fields = signal<FieldDescriptors | null>(null);
  readonly traced = signal<Traced | null>(null);
  /** What the text says of the open variable. */
  readonly written = signal<Written | null>(null);
  /** The facts by canonical name. */
  readonly byName = computed<ReadonlyMap<string, VariableRow>>(
    () => new Map(this.facts.value?.variables.map((row) => [canonical(row.name), row])),
  );
  #about: Compiled | null = null;
  #tracing = 0;

  constructor(readonly bench: Workbench) {
    const ready = computed(() => bench.python.value.phase === "ready");
    const open = computed(() => bench.selected.value !== null);
    effect(() => {
      const compiled = bench.compiled.value;
      if (!compiled) this.#forget();
      else if (ready.value && open.value && compiled !== this.#about) this.#learn(compiled);
    });
    effect(() => {
      const [compiled, name] = [bench.compiled.value, bench.selected.value];
      if (compiled && name !== null && ready.value) void this.#read(compiled, name);
    });
    effect(() => {
      void bench.settled.value;
      const name = bench.selected.value;
      if (name !== null && ready.value) void this.#trace(name, bench.runs.shown.peek());
    });
  }

  /** The equations of the open variable, if they are those of the run on show. */
  get current(): Trace | null {
    const traced = this.traced.value;
    return traced && traced.run === this.bench.runs.shown.value && traced.name === this.bench.selected.value ? traced.trace : null;
  }

  #forget(): void {
    this.#about = null;
    for (const part of [this.facts, this.graph, this.loops, this.fields, this.traced, this.written] as Signal<unknown>[]) part.value = null;
  }

  #learn(compiled: Compiled): void {
    this.#about = compiled;
    const { model } = compiled;
    const { client } = this.bench;
    void this.#into(this.facts, compiled, () => client.ask("introspect", { model }));
    void this.#into(this.fields, compiled, () => client.ask("fieldDescriptors", { model }));
    void this.#into(this.graph, compiled, () => client.ask("causalGraph", { model }));
    void this.#into(this.loops, compiled, () => client.ask("feedbackLoops", { model }));
  }

  /** What was known stays on show until the answer for the newer model is there. */
  async #into<T>(place: Signal<T | null>, compiled: Compiled, ask: () => Promise<T>): Promise<void> {
    const answer = await unlessRefused(ask);
    if (this.#about === compiled) place.value = answer;
  }

  async #read(compiled: Compiled, selected: string): Promise<void> {
    const name = selected.replace(/\[.*/, "");
    if (this.written.peek() && canonical(this.written.peek()?.name ?? "") !== canonical(name)) this.written.value = null;
    const answer = await unlessRefused(() => this.bench.client.ask("written", { model: compiled.model, name }));
    if (this.bench.compiled.peek() === compiled && this.bench.selected.peek() === selected) this.written.value = answer;
  }

  async #trace(name: string, run: Run | null): Promise<void> {
    const ticket = ++this.#tracing;
    if (!run) return;
    const trace = await unlessRefused(() =>
      this.bench.client.ask("traceRun", {
        model: run.compiled.model,
        equations: [name],
        save: [],
        overrides: [...run.overrides].map(([constant, value]) => ({ name: constant, value })),
      }),
    );
    if (ticket === this.#tracing) this.traced.value = trace && { run, name, trace };
  }
}

async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RequestError) return null;
    throw error;
  }
}
