// The pool against workers that do what each test says, on a clock that the test moves.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { BootInvariantError, Pool, PoolStoppedError, type PoolEvents, type PoolOptions } from "../../web/src/pool/pool.js";
import type { FromWorker, PoolWorker, ToWorker } from "../../web/src/pool/messages.js";
import type { Failure } from "../../web/src/pool/slot.js";

const MODULE = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
const METRICS = { runs: 1, seconds: 1, chunksOk: 1, chunksFailed: 0, heapBytes: 8, initMs: 2, uptimeMs: 3 };

type Chunk = Extract<ToWorker, { type: "chunk" }>;
type Behave = (worker: FakeWorker, chunk: Chunk) => void;

class FakeWorker implements PoolWorker {
  onmessage: PoolWorker["onmessage"] = null;
  onerror: PoolWorker["onerror"] = null;
  onmessageerror: PoolWorker["onmessageerror"] = null;
  terminated = false;
  inits = 0;
  primed: unknown = undefined;

  constructor(
    private readonly behave: Behave,
    private readonly bootsMs: number,
  ) {}

  postMessage(message: ToWorker): void {
    if (message.type === "init") {
      this.inits += 1;
      this.later(this.bootsMs, { type: "initialized" });
    } else if (message.type === "prime") {
      this.primed = message.data;
      this.later(0, { type: "primed" });
    } else if (message.type === "metrics") {
      this.later(0, { type: "metrics", metrics: METRICS });
    } else if (message.type === "chunk") {
      this.behave(this, message);
    }
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: FromWorker): void {
    if (!this.terminated) this.onmessage?.({ data: message } as MessageEvent);
  }

  later(ms: number, message: FromWorker): void {
    setTimeout(() => this.say(message), ms);
  }

  done({ task, job, chunk }: Chunk, ms = 10): void {
    this.later(ms, { type: "chunk-done", task, result: `${job}/${chunk}`, digest: `${chunk}` });
  }

  crash(): void {
    if (!this.terminated) this.onerror?.({ message: "killed" } as ErrorEvent);
  }
}

const wellBehaved: Behave = (worker, chunk) => worker.done(chunk);

let workers: FakeWorker[] = [];
let failures: [string, string | null, number | null, Failure["kind"]][] = [];
let fatal: string[] = [];
let duplicates: string[] = [];

function pool(behave: Behave = wellBehaved, options: Partial<PoolOptions> = {}, events: PoolEvents = {}, bootsMs = 5): Pool {
  const spawn = () => {
    const worker = new FakeWorker(behave, bootsMs);
    workers.push(worker);
    return worker;
  };
  const heard: PoolEvents = {
    failure: (slot, job, chunk, { kind }) => failures.push([slot, job, chunk, kind]),
    fatal: (reason) => fatal.push(reason),
    duplicate: (job, chunk, completion) => duplicates.push(`${job}/${chunk} ${completion}`),
    ...events,
  };
  return new Pool(spawn, { cores: 4, now: () => Date.now(), ...options }, heard);
}

/** Moves the clock, and lets what is due by then happen. */
async function after(ms: number): Promise<void> {
  for (let done = 0; done < ms; done += 1) {
    mock.timers.tick(1);
    await Promise.resolve();
  }
}

const settled = (promises: Promise<unknown>[]) =>
  Promise.allSettled(promises).then((rows) =>
    rows.map((row) => (row.status === "fulfilled" ? row.value : (row.reason as Error).constructor.name)),
  );

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  workers = [];
  failures = [];
  fatal = [];
  duplicates = [];
});
afterEach(() => mock.timers.reset());

test("every chunk comes back once, and tells of its progress", async () => {
  const seen = new Map<number, number>();
  const slow: Behave = (worker, chunk) => {
    worker.later(5, { type: "progress", task: chunk.task, done: 1 });
    worker.later(10, { type: "progress", task: chunk.task, done: 2 });
    worker.done(chunk, 15);
  };
  const many = pool(slow);
  void many.boot(MODULE);
  const chunks = Array.from({ length: 40 }, (_, i) => many.runChunk("job", i, null, () => seen.set(i, (seen.get(i) ?? 0) + 1)));
  await after(400);
  assert.deepEqual(await settled(chunks), Array.from({ length: 40 }, (_, i) => `job/${i}`));
  assert.deepEqual([...seen.values()], Array<number>(40).fill(2));
  assert.equal(workers.length, 4);
});

test("there are as many workers as cores, eight at most, and as many are busy as the pool's size says", async () => {
  let most = 0;
  const many = pool(wellBehaved, { cores: 16 }, { changed: () => (most = Math.max(most, many.workers.filter(({ state }) => state === "busy").length)) });
  void many.boot(MODULE);
  const chunks = Array.from({ length: 30 }, (_, i) => many.runChunk("job", i, null));
  await after(200);
  await settled(chunks);
  assert.equal(workers.length, 8);
  assert.equal(most, 4);
  assert.equal(many.setPoolSize(0), 1);
  assert.equal(many.setPoolSize(99), 8);
  assert.equal(pool(wellBehaved, { cores: 16, maxWorkers: NaN }).workers.length, 8);
  assert.equal(pool(wellBehaved, { cores: 0.5 }).workers.length, 1);
});

test("a chunk that never ends is tried three times and given up, and the others finish", async () => {
  const loops: Behave = (worker, chunk) => {
    if (chunk.chunk !== 3) worker.done(chunk);
  };
  const states: string[] = [];
  const one = pool(loops, { watchdogMs: 500, cores: 2 }, { changed: () => states.push(one.workers.map(({ state }) => state).join()) });
  void one.boot(MODULE);
  const chunks = Array.from({ length: 8 }, (_, i) => one.runChunk("job", i, null));
  await after(2000);
  const expected = Array.from({ length: 8 }, (_, i) => (i === 3 ? "QuarantineError" : `job/${i}`));
  assert.deepEqual(await settled(chunks), expected);
  assert.deepEqual(failures.map(([, job, chunk, kind]) => [job, chunk, kind]), Array(3).fill(["job", 3, "timeout"]));
  assert.ok(states.some((row) => row.includes("initializing")));
  assert.equal(one.state, "ready");
  assert.deepEqual(fatal, []);
});

test("a worker that gives signs of life is not silent", async () => {
  const beats: Behave = (worker, chunk) => {
    for (let ms = 400; ms < 3000; ms += 400) worker.later(ms, { type: "progress", task: chunk.task, done: ms });
    worker.done(chunk, 3000);
  };
  const one = pool(beats, { watchdogMs: 500 });
  void one.boot(MODULE);
  const chunk = one.runChunk("job", 0, null);
  await after(3100);
  assert.equal(await chunk, "job/0");
  assert.deepEqual(failures, []);
});

test("a trap is told once, with worker, job and chunk, and the next try has a fresh worker", async () => {
  let trapped = false;
  const traps: Behave = (worker, chunk) => {
    if (trapped) return worker.done(chunk);
    trapped = true;
    worker.later(1, { type: "penstock:engine-trap", task: chunk.task, reason: "unreachable" });
  };
  const one = pool(traps, { cores: 1 });
  void one.boot(MODULE);
  const chunk = one.runChunk("job", 7, null);
  await after(50);
  assert.equal(await chunk, "job/7");
  assert.deepEqual(failures, [["w1", "job", 7, "engine-trap"]]);
  assert.deepEqual([workers.length, workers[0]!.terminated], [2, true]);
});

test("a blob that cannot be run is refused with the check that failed, and nothing hangs", async () => {
  const one = pool(wellBehaved, { cores: 2 }, {}, 1_000_000);
  const boot = one.boot(MODULE);
  const chunk = one.runChunk("job", 0, null);
  workers[0]!.say({ type: "boot-failed", check: "it has no variables" });
  await assert.rejects(boot, (error: Error) => error instanceof BootInvariantError && error.message === "it has no variables");
  await assert.rejects(chunk, PoolStoppedError);
  assert.ok(workers.every(({ terminated }) => terminated));
  assert.deepEqual(fatal, ["it has no variables"]);
});

test("a second boot does nothing", async () => {
  const one = pool();
  void one.boot(MODULE, "data");
  await after(10);
  await one.boot(MODULE, "other data");
  assert.deepEqual(workers.map(({ inits, primed }) => [inits, primed]), Array(4).fill([1, "data"]));
});

test("a restart settles all that is running or waiting, and chunks wait for workers that are not ready", async () => {
  const never: Behave = () => undefined;
  const one = pool(never, { cores: 2 });
  void one.boot(MODULE);
  const chunks = Array.from({ length: 7 }, (_, i) => one.runChunk("job", i, null));
  await after(10);
  assert.deepEqual([one.workers.filter(({ state }) => state === "busy").length, one.waiting], [2, 5]);
  one.restart();
  const next = one.runChunk("next", 0, null);
  assert.deepEqual(await settled(chunks), Array(7).fill("PoolStoppedError"));
  await after(10);
  assert.equal(one.workers[0]!.job, "next");
  one.dispose();
  await assert.rejects(next, { message: "disposed" });
  await assert.rejects(one.runChunk("late", 0, null), PoolStoppedError);
  assert.throws(() => pool().restart(), /not been booted/);
});

test("other data restart the workers, and what was under way is done with them", async () => {
  const one = pool((worker, chunk) => worker.done(chunk, 50), { cores: 1 });
  void one.boot(MODULE, "old");
  const chunk = one.runChunk("job", 0, null);
  await after(20);
  one.reprime("new");
  await after(80);
  assert.equal(await chunk, "job/0");
  assert.equal(workers.at(-1)!.primed, "new");
});

test("workers that fall silent over different chunks restart the pool once, and then stop it", async () => {
  const never: Behave = () => undefined;
  const one = pool(never, { cores: 2, watchdogMs: 100, maxAttempts: 9 });
  void one.boot(MODULE);
  const chunks = [one.runChunk("job", 0, null), one.runChunk("job", 1, null)];
  await after(1000);
  assert.deepEqual(await settled(chunks), ["PoolStoppedError", "PoolStoppedError"]);
  assert.equal(fatal.length, 1);
  assert.match(fatal[0]!, /^w\d was silent for 100 ms, 100 ms allowed, after "start": job job, chunk \d, 0 runs in 100 ms$/);
  assert.equal(one.state, "terminated");
});

test("a worker that is switched off gets no chunks, and a pool that pauses starts none", async () => {
  const one = pool(wellBehaved, { cores: 2 });
  void one.boot(MODULE);
  await after(10);
  one.setEnabled("w1", false);
  one.pause();
  const chunk = one.runChunk("job", 0, null);
  await after(50);
  assert.equal(one.waiting, 1);
  one.resume();
  assert.deepEqual(one.workers.map(({ state }) => state), ["ready", "busy"]);
  await after(20);
  await chunk;
  assert.throws(() => one.setEnabled("w9", true), RangeError);
});

test("a chunk that comes twice is accepted once, and another result for it is a conflict", async () => {
  const one = pool();
  void one.boot(MODULE);
  const answer = (digest: string): Behave => (worker, chunk) =>
    worker.later(1, { type: "chunk-done", task: chunk.task, result: digest, digest });
  const twice = pool((worker, chunk) => answer(chunk.payload as string)(worker, chunk));
  void twice.boot(MODULE);
  const chunks = ["a", "a", "b"].map((digest) => twice.runChunk("job", 0, digest));
  await after(20);
  await settled(chunks);
  twice.finish("job");
  assert.deepEqual(duplicates, ["job/0 idempotent", "job/0 conflict"]);
});

test("whatever workers are killed, every chunk arrives once or is reported", async () => {
  // A small generator of its own, so that a failure can be repeated.
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 20; round += 1) {
    const started = new Map<number, number>();
    const one = pool((worker, chunk) => {
      started.set(chunk.chunk, (started.get(chunk.chunk) ?? 0) + 1);
      if (random() < 0.2) setTimeout(() => worker.crash(), 5);
      else worker.done(chunk, 1 + Math.floor(random() * 10));
    });
    void one.boot(MODULE);
    const chunks = Array.from({ length: 60 }, (_, i) => one.runChunk(`job${round}`, i, null));
    await after(600);
    const results = await settled(chunks);
    results.forEach((result, i) => {
      if (result === "QuarantineError") assert.equal(started.get(i), 3);
      else assert.equal(result, `job${round}/${i}`);
    });
    one.dispose();
  }
  assert.deepEqual(duplicates, []);
});

test("metrics of all workers add up", async () => {
  const one = pool(wellBehaved, { cores: 3 });
  void one.boot(MODULE);
  await after(20);
  assert.deepEqual(one.metrics, { ...METRICS, runs: 3, seconds: 3, chunksOk: 3, heapBytes: 24 });
  assert.equal(one.state, "ready");
  assert.equal(one.phase, null);
});
