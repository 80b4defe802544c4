// One place for a worker: what state it is in, and the worker that is there now.
import type { FromWorker, Metrics, Phase, PoolWorker, ToWorker } from "./messages.js";
import { Watchdog, type Silence } from "./watchdog.js";

export type SlotState = "initializing" | "ready" | "busy" | "error" | "terminated";

/** A chunk on its way through the pool. `attempt` counts from 1. */
export interface Task {
  number: number;
  job: string;
  chunk: number;
  payload: unknown;
  attempt: number;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  progress?: (done: number) => void;
}

/** Why a slot lost its worker: it was silent too long, the engine trapped, or the worker itself failed. */
export interface Failure {
  kind: "timeout" | "engine-trap" | "worker-error" | "unhandledrejection" | "messageerror" | "boot";
  reason: string;
}

/** What a slot tells its pool. */
export interface SlotEvents {
  ready(slot: Slot): void;
  settled(slot: Slot, task: Task, outcome: { result: unknown; digest: string } | { reason: string }): void;
  failed(slot: Slot, task: Task | null, failure: Failure): void;
}

export class Slot {
  state: SlotState = "terminated";
  phase: Phase | null = null;
  enabled = true;
  task: Task | null = null;
  metrics: Metrics | null = null;
  generation = 0;
  private worker: PoolWorker | null = null;
  private readonly watchdog: Watchdog;

  constructor(
    readonly id: string,
    private readonly spawn: () => PoolWorker,
    private readonly events: SlotEvents,
    watchdogMs: number,
    now: () => number,
  ) {
    this.watchdog = new Watchdog(watchdogMs, now, (what) => this.fail({ kind: "timeout", reason: words(this, what) }));
  }

  /** A new worker with the blob and the data; it is ready once it has told its metrics. */
  boot(module: WebAssembly.Module, data: unknown): void {
    this.generation += 1;
    this.state = "initializing";
    const { generation } = this;
    const worker = this.spawn();
    this.worker = worker;
    // What a worker says that was replaced, or had no task, is of no consequence.
    const mine = () => generation === this.generation && this.state !== "terminated";
    worker.onmessage = ({ data: message }: MessageEvent) => {
      if (mine()) this.hear(message as FromWorker, data);
    };
    worker.onerror = (event) => {
      if (mine()) this.fail({ kind: "worker-error", reason: event.message || "the worker failed" });
    };
    worker.onmessageerror = () => {
      if (mine()) this.fail({ kind: "messageerror", reason: "a message could not be read" });
    };
    this.post({ type: "init", module });
  }

  run(task: Task, transfer: Transferable[] = []): void {
    this.task = task;
    this.state = "busy";
    this.phase = "fetching";
    this.watchdog.start();
    this.post({ type: "chunk", task: task.number, job: task.job, chunk: task.chunk, payload: task.payload }, transfer);
  }

  /** Lets the worker know that nobody wants what it is doing, if that is of `job`. */
  drop(job: string): void {
    if (this.task?.job === job) this.post({ type: "drop", task: this.task.number });
  }

  /** Ends the worker; what it was doing is given back. */
  terminate(): Task | null {
    const { task } = this;
    this.watchdog.finish();
    this.worker?.terminate();
    this.worker = null;
    this.generation += 1;
    this.task = this.phase = null;
    this.state = "terminated";
    return task;
  }

  private post(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  private hear(message: FromWorker, data: unknown): void {
    switch (message.type) {
      case "initialized":
        return this.post({ type: "prime", data });
      case "primed":
        return this.post({ type: "metrics" });
      case "boot-failed":
        return this.fail({ kind: "boot", reason: message.check });
      case "metrics":
        this.metrics = message.metrics;
        this.watchdog.beat("metrics");
        if (this.state === "initializing") {
          this.state = "ready";
          this.events.ready(this);
        }
        return;
      case "penstock:unhandledrejection":
        return this.fail({ kind: "unhandledrejection", reason: message.reason });
    }
    if (!this.task || message.task !== this.task.number) return;
    switch (message.type) {
      case "phase":
        this.phase = message.phase;
        return this.watchdog.beat(message.phase);
      case "progress":
        this.phase = "simulating";
        this.watchdog.beat("progress", message.done);
        return this.task.progress?.(message.done);
      case "penstock:engine-trap":
        return this.fail({ kind: "engine-trap", reason: message.reason });
      case "chunk-done":
        return this.settle({ result: message.result, digest: message.digest });
      case "chunk-failed":
        return this.settle({ reason: message.reason });
    }
  }

  private settle(outcome: { result: unknown; digest: string } | { reason: string }): void {
    const task = this.task!;
    this.watchdog.finish();
    this.task = this.phase = null;
    this.state = "ready";
    this.events.settled(this, task, outcome);
  }

  private fail(failure: Failure): void {
    const task = this.terminate();
    this.state = "error";
    this.events.failed(this, task, failure);
  }
}

function words({ id, task }: Slot, what: Omit<Silence, "slot" | "job" | "chunk">): string {
  const ms = (value: number) => `${Math.round(value)} ms`;
  return (
    `${id} was silent for ${ms(what.silentMs)}, ${ms(what.limitMs)} allowed, after "${what.lastBeat}": ` +
    `job ${task?.job}, chunk ${task?.chunk}, ${what.iterations} runs in ${ms(what.elapsedMs)}`
  );
}
