// The runner without its worker: answers each request exactly once, those of one model in their order.
import { ABI } from "./abi.js";
import { BlobHost, type RunInput, type Table } from "./blob.js";
import { diagnosticsOf, errorReply, finding, idOf, refusal } from "./diagnostics.js";
import {
  DEFAULT_ENGINE,
  ENGINES,
  VERSION,
  fault,
  type LoadRequest,
  type Reply,
  type Request,
  type RunRequest,
  type WorkerEvent,
} from "./protocol.js";

const ENGINE = "wasm";

/** The requests that take their turn; `cancel` does not. */
type Job = LoadRequest | RunRequest | Extract<Request, { type: "forget" }>;

/** The requests of one model: its instance does one thing at a time. */
interface Lane {
  waiting: Job[];
  current: { id: number; cancelled: boolean };
}

/** What runs one model; a `BlobHost` unless a test says otherwise. */
export interface Host {
  run(input: RunInput): Generator<undefined, Table>;
}

export class Desk {
  private readonly hosts = new Map<string, Host>();
  private readonly lanes = new Map<string, Lane>();
  private last = 0;

  /** `tick` resolves after messages that wait were received. */
  constructor(
    private readonly post: (message: Reply | WorkerEvent) => void,
    private readonly tick: () => Promise<void>,
    private readonly hostOf: (request: LoadRequest) => Host = ({ module, layout }) => new BlobHost(module, layout),
  ) {
    post({ type: "ready", version: VERSION, engines: [ENGINE], release: `abi ${ABI}`, ms: performance.now() });
  }

  receive(message: unknown): void {
    const id = idOf(message);
    try {
      this.take(message);
    } catch (error) {
      this.post(errorReply(id, diagnosticsOf(error)));
    }
  }

  private take(message: unknown): void {
    const wrong = fault(message, "page");
    if (wrong) throw refusal(wrong.code, wrong.fields);
    const request = message as Request;
    if (request.id <= this.last) {
      throw refusal("PEN510", { type: request.type, reason: `id ${request.id} does not ascend` });
    }
    this.last = request.id;
    if (request.type === "cancel") {
      const { id, target } = request;
      const found = this.cancel(target);
      this.post({ type: "cancelled", version: VERSION, id, target, found });
    } else if (request.type === "compile" || request.type === "ask") {
      throw refusal("PEN508", { type: request.type });
    } else {
      const lane = this.lanes.get(request.model);
      if (lane) lane.waiting.push(request);
      else void this.work(request);
    }
  }

  private cancel(target: number): boolean {
    for (const { current, waiting } of this.lanes.values()) {
      if (current.id === target) return (current.cancelled = true);
      const index = waiting.findIndex((job) => job.id === target);
      if (index < 0) continue;
      waiting.splice(index, 1);
      this.post(errorReply(target, [finding("PEN512")]));
      return true;
    }
    return false;
  }

  /** Does a job and those of its model that come meanwhile. A quick one is answered before this first returns. */
  private async work(first: Job): Promise<void> {
    const lane: Lane = { waiting: [first], current: { id: 0, cancelled: false } };
    this.lanes.set(first.model, lane);
    for (let job = lane.waiting.shift(); job; job = lane.waiting.shift()) {
      const current = (lane.current = { id: job.id, cancelled: false });
      const steps = this.answer(job);
      try {
        let step = steps.next();
        while (!step.done) {
          await this.tick();
          if (current.cancelled) throw refusal("PEN512");
          step = steps.next();
        }
        this.post(step.value);
      } catch (error) {
        this.post(errorReply(job.id, diagnosticsOf(error)));
        steps.return(undefined as never);
      }
    }
    this.lanes.delete(first.model);
  }

  private *answer(job: Job): Generator<undefined, Reply> {
    const { id, model } = job;
    switch (job.type) {
      case "load":
        this.hosts.set(model, this.hostOf(job)); // in place of its draft, if there is one
        return { type: "loaded", version: VERSION, id, model };
      case "forget":
        this.hosts.delete(model);
        return { type: "forgotten", version: VERSION, id, model };
      case "run": {
        refuseOtherEngines(job.engine ?? DEFAULT_ENGINE);
        const host = this.hosts.get(model);
        if (!host) throw refusal("PEN511", { model });
        const start = performance.now();
        const table = yield* host.run(job);
        return { type: "result", version: VERSION, id, model, engine: ENGINE, ...table, ms: performance.now() - start };
      }
    }
  }
}

function refuseOtherEngines(engine: string): void {
  if (engine === ENGINE) return;
  if (!(ENGINES as readonly string[]).includes(engine)) {
    throw refusal("PEN501", { engine, known: ENGINES.join(", ") });
  }
  throw refusal("PEN505", {
    engine,
    reason: "this worker has no Python",
    advice: "Send the request to the compiler worker.",
  });
}
