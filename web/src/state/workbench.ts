// The open model and everything the reader does with it: the one object that views read and call. Each layer is a file:
// the desk's signals, looking, asking, editing, opening; here is what happens by itself.
import type { PenstockClient } from "../client-api.js";
import { S } from "../strings.js";
import { Opening } from "./opening.js";
import { effect } from "./signals.js";
import { groupsOf } from "./variables.js";

export type { Layout, Notice, Panel, Phase, Sheet, Tab } from "./desk.js";

const PATIENCE = 600; // ms that curves may be old before the page says so

export class Workbench extends Opening {
  #patience = 0;

  constructor(client: PenstockClient) {
    super(client);
    for (const event of ["online", "offline"]) addEventListener(event, () => (this.online.value = navigator.onLine));
    client.onPython((state) => (this.python.value = state));
    client.onWorkerRestart((worker, reason) => this.#recover(worker, reason));
    effect(() => {
      const run = this.runs.shown.value;
      if (run) this.runArrived(run);
    });
    effect(() => {
      const compiled = this.compiled.value;
      const sample = this.source.peek();
      if (compiled) void this.pictures.load(compiled, sample?.text === sample?.original ? sample?.sample : undefined);
    });
    effect(() => {
      clearTimeout(this.#patience);
      if (this.stale.value) this.#patience = setTimeout(() => (this.staleShown.value = true), PATIENCE);
      else this.staleShown.value = false;
    });
    effect(() => {
      const plotted = this.plotted.value;
      const variables = this.variables.value;
      const run = this.runs.shown.peek();
      if (run) this.groups.value = groupsOf(plotted, variables, run.results);
    });
  }

  /** A worker died and is back: whatever it had not answered is asked again. */
  #recover(worker: "compiler" | "runner", reason: string): void {
    if (worker === "compiler" && this.python.peek().phase === "failed") {
      this.notice.value = { kind: "error", text: S.pythonGone(reason), advice: S.pythonGoneAdvice };
      return;
    }
    this.notice.value = { kind: "info", text: S.workerRestarted(worker, reason), advice: S.workerRestartedAdvice };
    const source = this.source.peek();
    if (worker === "compiler" && source && this.compiles.busy.peek()) void this.compiles.now(source);
    if (worker === "runner" || this.engine.peek() !== "wasm") this.runs.again();
  }
}
