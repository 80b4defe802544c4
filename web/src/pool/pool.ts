// A pool of workers that run chunks of a job: dispatch, watchdogs, restarts, retries and what became of each chunk.
import { Ledger, type Completion } from "./ledger.js";
import type { Metrics, Phase, PoolWorker } from "./messages.js";
import { pooled } from "./metrics.js";
import { Slot, type Failure, type SlotState, type Task } from "./slot.js";

export interface PoolOptions {
  /** Silence that a busy worker may keep. */
  watchdogMs: number;
  maxWorkers: number;
  /** How many may be busy at once. */
  poolSize: number;
  /** How often a chunk is tried before it is given up. */
  maxAttempts: number;
  /** Whether a failure replaces its own worker or all of them. */
  restartPolicy: "slot" | "pool";
  cores: number;
  now: () => number;
}

export const DEFAULTS: PoolOptions = {
  watchdogMs: 120_000,
  maxWorkers: 8,
  poolSize: 4,
  maxAttempts: 3,
  restartPolicy: "slot",
  cores: 1,
  now: () => performance.now(),
};

/** Two workers that fall silent over different chunks within this time: something is wrong with more than a chunk. */
export const ESCALATION_MS = 60_000;

/** What pages may want to hear. `fatal` says that the pool has stopped for good. */
export interface PoolEvents {
  changed?(): void;
  failure?(slot: string, job: string | null, chunk: number | null, failure: Failure): void;
  duplicate?(job: string, chunk: number, completion: Completion): void;
  fatal?(reason: string): void;
}

/** A chunk that was tried as often as it may be. */
export class QuarantineError extends Error {}
/** The pool was restarted, cancelled or disposed of. */
export class PoolStoppedError extends Error {}
/** The blob does not have what a run needs; the check that failed. */
export class BootInvariantError extends Error {}

export type PoolState = "error" | "busy" | "initializing" | "terminated" | "ready" | "idle";

export class Pool {
  private readonly options: PoolOptions;
  private readonly slots: Slot[];
  private readonly ledger = new Ledger();
  private queue: Task[] = [];
  private module: WebAssembly.Module | null = null;
  private data: unknown = null;
  private limit: number;
  private paused = false;
  private stopped = false;
  private escalated = false;
  private numbers = 0;
  private lastTimeout: { job: string; chunk: number; at: number } | null = null;
  private booted: { resolve: () => void; reject: (error: Error) => void } | null = null;

  constructor(
    spawn: () => PoolWorker,
    options: Partial<PoolOptions> = {},
    private readonly events: PoolEvents = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    const { cores, maxWorkers, watchdogMs, now } = this.options;
    const most = Number.isFinite(maxWorkers) ? Math.floor(maxWorkers) : DEFAULTS.maxWorkers;
    const count = Math.max(1, Math.min(cores, most));
    const heard = {
      ready: () => this.slotIsReady(),
      settled: this.settled.bind(this),
      failed: this.failed.bind(this),
    };
    this.slots = Array.from({ length: count }, (_, i) => new Slot(`w${i + 1}`, spawn, heard, watchdogMs, now));
    this.limit = this.clamped(this.options.poolSize);
  }

  /** Starts all workers with a compiled blob and the data of its series; a second call does nothing. */
  boot(module: WebAssembly.Module, data: unknown = null): Promise<void> {
    if (this.module) return Promise.resolve();
    this.module = module;
    this.data = data;
    return new Promise((resolve, reject) => {
      this.booted = { resolve, reject };
      for (const slot of this.slots) slot.boot(module, data);
    });
  }

  /** Runs a chunk; waits for a worker that is ready. Rejects with the reason once no try is left. */
  runChunk(job: string, chunk: number, payload: unknown, progress?: (done: number) => void): Promise<unknown> {
    if (this.stopped) return Promise.reject(new PoolStoppedError("disposed"));
    this.ledger.expect(job, chunk);
    return new Promise((resolve, reject) => {
      const task: Task = { number: ++this.numbers, job, chunk, payload, attempt: 1, resolve, reject };
      if (progress) task.progress = progress;
      this.queue.push(task);
      this.drain();
    });
  }

  /** How many may be busy at once, within 1 and the number of workers; tells what it is now. */
  setPoolSize(size: number): number {
    this.limit = this.clamped(size);
    this.drain();
    return this.limit;
  }

  setEnabled(id: string, enabled: boolean): void {
    const slot = this.slots.find((item) => item.id === id);
    if (!slot) throw new RangeError(`there is no worker ${id}`);
    slot.enabled = enabled;
    this.drain();
  }

  /** Lets what is running end, and starts nothing until `resume`. */
  pause(): void {
    this.paused = true;
    this.events.changed?.();
  }

  resume(): void {
    this.paused = false;
    this.drain();
  }

  /** Ends all that is running or waiting. */
  cancel(): void {
    this.stop("terminated");
    this.events.changed?.();
  }

  /** New workers; what was running or waiting is rejected, or tried again. */
  restart(requeue = false): void {
    if (!this.module) throw new Error("the pool has not been booted");
    this.replaceAll("restarting", requeue);
  }

  /** The same with other data. */
  reprime(data: unknown): void {
    this.data = data;
    this.restart(true);
  }

  dispose(): void {
    this.stop("disposed");
    this.stopped = true;
    this.module = this.data = null;
  }

  /** Nobody wants a job any more: what of it waits is rejected, and workers go no further than their slice. */
  drop(job: string): void {
    this.ledger.finish(job);
    this.reject(this.queue.filter((task) => task.job === job), "dropped");
    this.queue = this.queue.filter((task) => task.job !== job);
    for (const slot of this.slots) slot.drop(job);
    this.events.changed?.();
  }

  /** A job is over: what still comes of it is stale. */
  finish(job: string): void {
    this.ledger.finish(job);
  }

  get state(): PoolState {
    const states = new Set<SlotState>(this.slots.map((slot) => slot.state));
    if (states.has("error") || this.stopped) return this.stopped ? "terminated" : "error";
    if (states.has("busy")) return "busy";
    if (states.has("initializing")) return "initializing";
    if ([...states].every((state) => state === "terminated")) return this.module ? "terminated" : "idle";
    return "ready";
  }

  /** The phase that most of the waiting is for. */
  get phase(): Phase | null {
    const phases = new Set(this.slots.map((slot) => slot.phase));
    return (["simulating", "fetching", "submitting", "signing"] as const).find((phase) => phases.has(phase)) ?? null;
  }

  get metrics(): Metrics {
    return pooled(this.slots.flatMap(({ metrics }) => metrics ?? []));
  }

  /** What a panel shows of each worker. */
  get workers(): { id: string; state: SlotState; phase: Phase | null; enabled: boolean; job: string | null; chunk: number | null }[] {
    return this.slots.map(({ id, state, phase, enabled, task }) => ({
      id,
      state,
      phase,
      enabled,
      job: task?.job ?? null,
      chunk: task?.chunk ?? null,
    }));
  }

  get waiting(): number {
    return this.queue.length;
  }

  private clamped(size: number): number {
    return Math.min(Math.max(1, Math.floor(size) || 1), this.slots.length);
  }

  private slotIsReady(): void {
    this.booted?.resolve();
    this.booted = null;
    this.drain();
  }

  /** Gives waiting chunks to workers that are ready, first come first served. */
  private drain(): void {
    if (!this.paused) {
      let free = this.limit - this.slots.filter(({ state }) => state === "busy").length;
      for (const slot of this.slots) {
        if (free <= 0 || !this.queue.length) break;
        if (slot.state !== "ready" || !slot.enabled) continue;
        slot.run(this.queue.shift()!);
        free -= 1;
      }
    }
    this.events.changed?.();
  }

  private settled(_: Slot, task: Task, outcome: { result: unknown; digest: string } | { reason: string }): void {
    if ("reason" in outcome) {
      task.reject(new Error(outcome.reason));
    } else {
      const completion = this.ledger.complete(task.job, task.chunk, outcome.digest);
      if (completion !== "accepted") this.events.duplicate?.(task.job, task.chunk, completion);
      task.resolve(outcome.result);
    }
    this.drain();
  }

  private failed(slot: Slot, task: Task | null, failure: Failure): void {
    this.events.failure?.(slot.id, task?.job ?? null, task?.chunk ?? null, failure);
    if (failure.kind === "boot") return this.refuseBoot(failure.reason);
    const everywhere = this.options.restartPolicy === "pool" || (failure.kind === "timeout" && this.spreads(task));
    if (everywhere && this.escalated) return this.giveUp(failure.reason, task);
    if (task) this.retry(task, failure.reason);
    if (everywhere) {
      this.escalated = this.options.restartPolicy === "slot";
      this.replaceAll("restarting", true);
    } else {
      slot.boot(this.module!, this.data);
      this.events.changed?.();
    }
  }

  /** Whether workers fall silent over different chunks in a short time. */
  private spreads(task: Task | null): boolean {
    const at = this.options.now();
    const last = this.lastTimeout;
    if (task) this.lastTimeout = { job: task.job, chunk: task.chunk, at };
    const another = last && task && (last.job !== task.job || last.chunk !== task.chunk);
    return Boolean(another && at - last.at < ESCALATION_MS);
  }

  /** To the head of the queue again, or to no place at all. */
  private retry(task: Task, reason: string): void {
    if (task.attempt >= this.options.maxAttempts) {
      task.reject(new QuarantineError(`chunk ${task.chunk} of ${task.job} failed ${task.attempt} times: ${reason}`));
      return;
    }
    this.queue.unshift({ ...task, attempt: task.attempt + 1, number: ++this.numbers });
  }

  private replaceAll(reason: string, requeue: boolean): void {
    const running = this.slots.flatMap((slot) => slot.terminate() ?? []);
    if (requeue) {
      this.queue.unshift(...running.map((task) => ({ ...task, number: ++this.numbers })));
    } else {
      this.reject([...running, ...this.queue.splice(0)], reason);
    }
    for (const slot of this.slots) slot.boot(this.module!, this.data);
    this.events.changed?.();
  }

  private stop(reason: string): void {
    const running = this.slots.flatMap((slot) => slot.terminate() ?? []);
    this.reject([...running, ...this.queue.splice(0)], reason);
    this.booted?.reject(new PoolStoppedError(reason));
    this.booted = null;
  }

  private reject(tasks: Task[], reason: string): void {
    for (const task of tasks) task.reject(new PoolStoppedError(reason));
  }

  private refuseBoot(check: string): void {
    const { booted } = this;
    this.booted = null;
    this.stop("the blob cannot be run");
    booted?.reject(new BootInvariantError(check));
    this.events.fatal?.(check);
  }

  private giveUp(reason: string, task: Task | null): void {
    task?.reject(new PoolStoppedError(reason));
    this.stop(reason);
    this.stopped = true;
    this.events.fatal?.(reason);
  }
}
