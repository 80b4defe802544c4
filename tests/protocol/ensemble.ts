// A study of the page on workers without threads: the page's own pool and job, and what each worker of it does.
import { Buffer } from "node:buffer";
import { PoolDesk } from "../../worker/pool-desk.js";
import { Job, type Plan } from "../../web/src/ensemble/job.js";
import { samples } from "../../web/src/ensemble/samples.js";
import { twister } from "../../web/src/ensemble/twister.js";
import type { PoolWorker, ToWorker } from "../../web/src/pool/messages.js";
import { Pool } from "../../web/src/pool/pool.js";

/** Timers get their turn too: Node reads on from a port as long as there is something. */
const tick = () => new Promise<void>((resolve) => setTimeout(resolve));

/** A worker that dies of its `mortal`th chunk in the middle, if it is one that dies at all. */
class Local implements PoolWorker {
  onmessage: PoolWorker["onmessage"] = null;
  onerror: PoolWorker["onerror"] = null;
  onmessageerror: PoolWorker["onmessageerror"] = null;
  private ended = false;
  private chunks = 0;
  private readonly desk: PoolDesk;

  constructor(
    private readonly mortal: number,
    private readonly delay: () => number,
  ) {
    this.desk = new PoolDesk((data) => void setTimeout(() => this.ended || this.onmessage?.({ data } as MessageEvent), data.type === "chunk-done" ? this.delay() : 0), tick);
  }

  postMessage(message: ToWorker): void {
    if (message.type === "chunk" && (this.chunks += 1) === this.mortal) {
      setTimeout(() => this.onerror?.({ message: "killed" } as ErrorEvent), 1);
      return;
    }
    this.desk.receive(message).catch((error: unknown) => this.onerror?.({ message: String(error) } as ErrorEvent));
  }

  terminate(): void {
    this.ended = true;
  }
}

const base64 = (values: Float64Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");

interface Asked {
  blob?: string;
  plan?: Omit<Plan, "rows"> & { rows: number[] };
  workers?: number;
  /** The chunk of which each worker that is started dies, in the order of their starts; 0 for those that live. */
  deaths?: number[];
  /** Milliseconds that chunks come late, in turn. */
  delays?: number[];
  /** Give up after so many chunks. */
  dropAfter?: number;
  /** Give up with the first sign of life of a chunk. */
  dropAtBeat?: boolean;
  seed?: number;
}

export default async function main(asked: Asked) {
  if (asked.seed !== undefined) return Array.from({ length: 1500 }, twister(asked.seed));
  const module = await WebAssembly.compile(Buffer.from(asked.blob!, "base64"));
  const { workers = 2, deaths = [], delays = [0], dropAfter = Infinity, dropAtBeat = false } = asked;
  const plan = { ...asked.plan!, rows: Uint32Array.from(asked.plan!.rows) };
  let started = 0;
  let sent = 0;
  let came = 0;
  const failures: string[] = [];
  const spawn = () => new Local(deaths[started++] ?? 0, () => delays[sent++ % delays.length]!);
  const pool = new Pool(spawn, { cores: workers }, { failure: (_, __, ___, { kind, reason }) => void failures.push(`${kind}: ${reason}`) });
  let refused = "";
  await pool.boot(module).catch((error: unknown) => (refused = `${(error as Error).constructor.name} ${(error as Error).message}`));
  if (refused) return { refused, states: pool.workers.map(({ state }) => state) };
  const job: Job = new Job("a", pool, plan, () => void ((came += 1) >= dropAfter && job.drop()), () => dropAtBeat && job.drop());
  await job.run();
  const summary = await job.collected.summary(async () => true);
  for (let turn = 0; turn < 50 && pool.state !== "ready"; turn++) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    samples: base64(samples(plan.seed, plan.runs, plan.varied)),
    runs: job.collected.runs,
    mean: base64(summary!.mean),
    percentiles: summary!.percentiles.map(base64),
    failed: job.failed,
    reasons: job.failures,
    came,
    started,
    failures,
    state: pool.state,
    waiting: pool.waiting,
    metrics: pool.metrics,
  };
}
