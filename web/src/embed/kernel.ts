// What runs blobs, for the embed: one function of the bundle, which is both called in the page and started as the worker's
// whole script. It stands in the file once, and needs nothing from around it.
import { Clock } from "../../../worker/abi.js";
import type { Exports, Layout } from "../../../worker/abi.js";
import { checkRun, instantiated, live, set, tableOf } from "../../../worker/blob.js";
import type { Table } from "../../../worker/blob.js";
import { diagnosticsOf } from "../../../worker/diagnostics.js";
import { Names } from "../../../worker/names.js";
import { Pacer } from "../../../worker/pacer.js";
import type { Diagnostic, Override } from "../../../worker/protocol.js";
import { tick } from "../../../worker/tick.js";

export { layoutOf } from "../../../worker/blob.js";
export { canonical } from "../../../worker/canonical.js";
export { finding, refusal } from "../../../worker/diagnostics.js";
export { Names } from "../../../worker/names.js";

/** What a runner is asked; page and worker are parts of one file, so nothing is checked. */
export type Ask =
  | { readonly type: "load"; readonly key: string; readonly module: WebAssembly.Module; readonly layout: Layout }
  | { readonly type: "run"; readonly key: string; readonly overrides: Override[]; readonly buffer?: ArrayBuffer | undefined }
  | { readonly type: "forget"; readonly key: string }
  | { readonly type: "ping" };
export type Question = Ask & { readonly id: number };

/** A run's table and how long it took; nothing where there is nothing to tell. */
export type Ran = Table & { readonly ms: number };
export type Answer = { readonly id: number } & ({ readonly found: Ran | undefined } | { readonly wrong: Diagnostic[] });

/** One blob: runs of the model as it is, with other values from the start. */
class Host {
  readonly #names: Names;
  #blob: Exports;
  readonly #pacer = new Pacer();

  constructor(
    readonly module: WebAssembly.Module,
    readonly layout: Layout,
  ) {
    this.#names = new Names(layout);
    this.#blob = instantiated(module);
  }

  /** A new instance, after a trap: nobody knows the old one's state. */
  again(): void {
    this.#blob = instantiated(this.module);
  }

  /** Stops at every `yield`, so that others get a turn. Throws refusals. */
  *run(overrides: readonly Override[], buffer: ArrayBuffer | undefined): Generator<undefined, Table> {
    const blob = this.#blob;
    const { run_initials, run_to } = blob;
    const clock = (slot: number): number => live(blob)[slot]!;
    blob.reset(); // drops the saved rows: only then is nothing kept for the values that are cleared
    blob.clear_values();
    for (const { name, value } of overrides) set(blob, { input: this.#names.input(name), name, value });
    const pace = this.#pacer.start("");
    yield* pace.to(Infinity, { run_initials, run_to, time: () => clock(Clock.TIME), dt: () => clock(Clock.DT) });
    checkRun(blob, this.layout);
    pace.done();
    return tableOf(blob, this.layout, this.#names.all, null, buffer);
  }
}

/** Answers questions here: one after the other, but for pings, which tell that slices of a run still end. */
export function answering(post: (answer: Answer) => void): (question: Question) => void {
  const hosts = new Map<string, Host>();
  let turn = Promise.resolve();
  const answer = async (ask: Question): Promise<Ran | undefined> => {
    if (ask.type === "load") hosts.set(ask.key, new Host(ask.module, ask.layout));
    if (ask.type === "forget") hosts.delete(ask.key);
    if (ask.type !== "run") return undefined;
    const start = performance.now();
    const host = hosts.get(ask.key) as Host;
    try {
      const steps = host.run(ask.overrides, ask.buffer);
      let step = steps.next();
      for (; !step.done; step = steps.next()) await tick();
      return { ...step.value, ms: performance.now() - start };
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) host.again();
      throw error;
    }
  };
  return (ask) => {
    const { id } = ask;
    const answered = async (): Promise<void> => post(await answer(ask).then((found) => ({ id, found }), (error: unknown) => ({ id, wrong: diagnosticsOf(error) })));
    if (ask.type === "ping") void answered();
    else turn = turn.then(answered);
  };
}

/** Answers questions in a worker, whose global scope is `self`. */
export function serve(self: Pick<Worker, "postMessage" | "onmessage">): void {
  const receive = answering((answer) => self.postMessage(answer, "found" in answer && answer.found ? [answer.found.data.buffer] : []));
  self.onmessage = ({ data }) => receive(data);
}
