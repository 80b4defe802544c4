// One worker as promises: every request settles exactly once, also when the worker dies; then it is restarted.
import { finding } from "../../worker/diagnostics.js";
import {
  VERSION,
  fault,
  transferables,
  type Diagnostic,
  type ErrorReply,
  type Reply,
  type ReplyTo,
  type Request,
  type WorkerEvent,
} from "../../worker/protocol.js";
import { RequestError } from "./client-api.js";

/** Deaths within a minute after which a worker stays down until the minute is over. */
export const DEATHS_PER_MINUTE = 4;
/** The pauses before the first, second and third restart within a minute, in milliseconds. */
const PAUSES = [0, 500, 2000];
/** A worker with open requests is asked for a sign of life this often, in milliseconds. */
export const PING_MS = 2000;
/** A worker that missed this many pings while it ran a model is stuck in one slice: it is terminated. */
export const MISSED_PINGS = 5;
/** The same while it compiles or answers a call of tools, which it does in one go. */
export const MISSED_PINGS_COMPILING = 60;

export type WorkerLike = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror" | "onmessageerror">;

export interface LinkOptions {
  name: "compiler" | "runner";
  spawn: () => WorkerLike;
  /** Ids ascend over all workers and restarts. */
  nextId: () => number;
  onEvent: (event: WorkerEvent) => void;
  /** Called after all open requests were rejected; `final` when there will be no restart for a while. */
  onDeath: (diagnostics: Diagnostic[], final: boolean) => void;
  pingMs?: number;
}

type Fields<T extends Request["type"]> = Omit<Extract<Request, { type: T }>, "type" | "version" | "id">;

interface Open {
  type: Request["type"];
  resolve: (reply: Reply) => void;
  reject: (error: RequestError) => void;
}

export class Link {
  /** Goes up when a worker dies: whatever was sent in an earlier generation is lost. */
  generation = 0;
  private worker: WorkerLike | null = null;
  private ready = false;
  private disposed = false;
  private readonly open = new Map<number, Open>();
  private outbox: Request[] = [];
  private deaths: number[] = [];
  private restart: ReturnType<typeof setTimeout> | undefined;
  private pings: ReturnType<typeof setInterval> | undefined;
  private missed = 0;

  constructor(private readonly options: LinkOptions) {}

  /** Requests that wait for their answer. */
  get size(): number {
    return this.open.size;
  }

  /** Ids of the requests of one type that wait for their answer. */
  openOf(type: Request["type"]): number[] {
    return [...this.open].filter(([, request]) => request.type === type).map(([id]) => id);
  }

  /** Makes the worker unless there is one, or one is on its way, or too many died; whether it did. */
  start(): boolean {
    if (this.worker || this.restart !== undefined || this.disposed || this.exhausted()) return false;
    this.spawn();
    return true;
  }

  request<T extends keyof ReplyTo & Request["type"]>(type: T, fields: Fields<T>): Promise<ReplyTo[T]> {
    this.start();
    if (this.disposed) return Promise.reject(new RequestError([finding("PEN512")]));
    if (!this.worker && this.restart === undefined) return Promise.reject(this.stopped("it stopped too often"));
    const request = { type, version: VERSION, id: this.options.nextId(), ...fields } as unknown as Request;
    return new Promise((resolve, reject) => {
      this.open.set(request.id, { type, resolve: resolve as (reply: Reply) => void, reject });
      if (this.worker) this.post(this.worker, request);
      else this.outbox.push(request);
      this.watch();
    });
  }

  /** Ends the worker as if it had died: open requests are rejected and it is restarted. */
  fail(reason: string): void {
    this.die([this.finding(reason)]);
  }

  dispose(): void {
    this.disposed = true;
    this.end([finding("PEN512")]);
    clearTimeout(this.restart);
    this.restart = undefined;
  }

  private spawn(): void {
    this.restart = undefined;
    this.ready = false;
    const worker = (this.worker = this.options.spawn());
    worker.onmessage = ({ data }) => worker === this.worker && this.receive(data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      if (worker === this.worker) this.fail(event.message || "its script could not be loaded");
    };
    worker.onmessageerror = () => worker === this.worker && this.fail("a message could not be read");
    for (const request of this.outbox.splice(0)) this.post(worker, request);
  }

  private post(worker: WorkerLike, request: Request): void {
    try {
      worker.postMessage(request, transferables(request));
    } catch (error) {
      // What cannot be cloned or transferred; the worker never hears of it.
      const reason = error instanceof Error ? error.message : String(error);
      this.settle(request.id)?.reject(
        new RequestError([finding("PEN510", { type: request.type, reason })]),
      );
    }
  }

  private receive(message: unknown): void {
    this.missed = 0;
    const wrong = fault(message, "worker");
    if (wrong) return this.die([finding(wrong.code, wrong.fields)]);
    const received = message as Reply | WorkerEvent;
    if (!("id" in received)) {
      if (received.type === "ready") this.ready = true;
      if (received.type === "failed") return this.die(received.diagnostics);
      return this.options.onEvent(received);
    }
    const open = this.settle(received.id);
    if (!open) return;
    if (received.type === "error") open.reject(new RequestError((received as ErrorReply).diagnostics));
    else open.resolve(received);
  }

  private settle(id: number): Open | undefined {
    const open = this.open.get(id);
    this.open.delete(id);
    this.watch();
    return open;
  }

  private die(diagnostics: Diagnostic[]): void {
    const first = diagnostics[0]!;
    const told = first.code === "PEN513" ? diagnostics : [this.finding(first.message), ...diagnostics];
    this.end(told);
    const now = Date.now();
    this.deaths = [...this.deaths.filter((time) => now - time < 60_000), now];
    const final = this.exhausted();
    if (!final) {
      const pause = PAUSES[this.deaths.length - 1] ?? PAUSES.at(-1)!;
      this.restart = setTimeout(() => this.spawn(), pause);
    }
    this.options.onDeath(told, final);
  }

  /** Terminates the worker and rejects all open requests. */
  private end(diagnostics: Diagnostic[]): void {
    this.worker?.terminate();
    this.worker = null;
    this.generation += 1;
    this.outbox = [];
    const open = [...this.open.values()];
    this.open.clear();
    this.watch();
    for (const { reject } of open) reject(new RequestError(diagnostics));
  }

  private exhausted(): boolean {
    const now = Date.now();
    return this.deaths.filter((time) => now - time < 60_000).length >= DEATHS_PER_MINUTE;
  }

  private finding(reason: string): Diagnostic {
    return finding("PEN513", { worker: this.options.name, reason });
  }

  private stopped(reason: string): RequestError {
    return new RequestError([this.finding(reason)]);
  }

  /** Pings while requests are open. Pings are counted, not timed: a page that slept must not blame its worker. */
  private watch(): void {
    if (this.open.size === 0) {
      clearInterval(this.pings);
      this.pings = undefined;
    } else if (this.pings === undefined) {
      this.missed = 0;
      this.pings = setInterval(() => this.ping(), this.options.pingMs ?? PING_MS);
    }
  }

  private ping(): void {
    if (!this.worker || !this.ready) return;
    const compiling = [...this.open.values()].some(({ type }) => type === "compile" || type === "ask");
    if (this.missed >= (compiling ? MISSED_PINGS_COMPILING : MISSED_PINGS)) {
      return this.fail("it has not answered for too long");
    }
    this.missed += 1;
    // Nothing has the id 0: this only asks for an answer, which is not waited for.
    const id = this.options.nextId();
    this.post(this.worker, { type: "cancel", version: VERSION, id, target: 0 });
  }
}
