// The client against workers that do what each test says.
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import type { Layout } from "../../worker/abi.js";
import { VERSION, type Diagnostic, type Reply, type Request, type RunRequest } from "../../worker/protocol.js";
import { createClient } from "../../web/src/client.js";
import { RequestError, type Compiled, type PenstockClient, type Results } from "../../web/src/client-api.js";
import {
  DEATHS_PER_MINUTE,
  MISSED_PINGS,
  MISSED_PINGS_COMPILING,
  PING_MS,
  type WorkerLike,
} from "../../web/src/client-link.js";
import { MODELS, MODELS_IN_WORKERS, SPARE_BUFFERS } from "../../web/src/client.js";

type Name = "compiler" | "runner";
type Answer = (request: Request) => Record<string, unknown> | null;

const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const DIAGNOSTIC: Diagnostic = { code: "PEN511", severity: "error", message: "no", advice: "", place: null, range: null };

/** A worker that answers each request at once with what `answer` gives, and not at all when that is null. */
class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  onmessageerror: WorkerLike["onmessageerror"] = null;
  readonly requests: Request[] = [];
  pings = 0;
  terminated = false;

  constructor(
    readonly name: Name,
    private readonly answer: Answer,
  ) {
    queueMicrotask(() => this.say({ type: "ready", engines: [name === "runner" ? "wasm" : "vm"], release: "1", ms: 5 }));
  }

  postMessage(message: Request): void {
    if (message.type === "cancel") {
      this.pings += 1;
      return;
    }
    this.requests.push(message);
    queueMicrotask(() => this.reply(message));
  }

  terminate(): void {
    this.terminated = true;
  }

  reply(request: Request, answer = this.answer(request)): void {
    if (answer) this.say({ id: request.id, ...answer });
  }

  say(message: Record<string, unknown>): void {
    if (!this.terminated) this.onmessage?.call(this as never, { data: { version: VERSION, ...message } } as MessageEvent);
  }

  crash(message = "out of memory"): void {
    this.onerror?.call(this as never, { message, preventDefault() {} } as ErrorEvent);
  }

  of<T extends Request["type"]>(type: T): Extract<Request, { type: T }>[] {
    return this.requests.filter((request) => request.type === type) as never;
  }
}

/** What a worker in good health answers. A model's hash is its text. */
function healthy(request: Request): Record<string, unknown> | null {
  switch (request.type) {
    case "compile": {
      const { name, text, format = "pen" } = request;
      const layout = { abi: 1, model: text } as Layout;
      const document = { name, text, format };
      const blob = EMPTY_MODULE.buffer.slice(0);
      return { type: "compiled", model: text, blob, layout, document, diagnostics: [], missing: [], ms: 1 };
    }
    case "load":
      return { type: "loaded", model: request.model };
    case "forget":
      return { type: "forgotten", model: request.model };
    case "run":
      return resultOf(request);
    case "ask":
      return { type: "answer", result: [request.call, request.arguments] };
    default:
      return null;
  }
}

function resultOf({ model, engine = "wasm", buffer }: RunRequest): Record<string, unknown> {
  const data = new Float64Array(buffer ?? new ArrayBuffer(56));
  data.set([0, 1, 2, 10, 11, 12, 99]);
  return { type: "result", model, engine, rows: 3, columns: ["time", "Level"], fixed: ["rate"], data, ms: 1 };
}

let clients: PenstockClient[] = [];

function setup(answers: Partial<Record<Name, Answer>> = {}) {
  const workers: FakeWorker[] = [];
  const spawn = (name: Name) => {
    const worker = new FakeWorker(name, (request) => (answers[name] ?? healthy)(request));
    workers.push(worker);
    return worker;
  };
  const client = createClient({ base: "https://example.org/app/", spawn });
  clients.push(client);
  const newest = (name: Name) => workers.findLast((worker) => worker.name === name)!;
  return { client, workers, newest, answers };
}

const rejection = async (promise: Promise<unknown>): Promise<RequestError> => {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof RequestError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "it was resolved" });
};
const code = async (promise: Promise<unknown>) => (await rejection(promise)).diagnostics[0]!.code;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const open = (client: PenstockClient, text = "a"): Promise<Compiled> => client.compile({ name: "m.pen", text });
/** Sizes of everything in the client that could grow. */
const sizes = (client: PenstockClient) => {
  const inner = client as unknown as Record<string, { size: number }> & { spare: unknown[] };
  return ["compiler", "runner", "latest", "held"].map((part) => inner[part]!.size).concat(inner.spare.length);
};

afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
  mock.timers.reset();
});

test("a model is compiled, loaded and run", async () => {
  const { client, newest } = setup();
  const compiled = await open(client);
  assert.equal(compiled.model, "a");
  assert.equal(compiled.bytes, 8);
  const results = await client.run({ model: "a", save: ["Level"], overrides: [{ name: "x", value: 1 }] });
  assert.equal(results.engine, "wasm");
  assert.deepEqual([...results.series("level")], [10, 11, 12]);
  assert.deepEqual([...results.series("rate")], [99, 99, 99]);
  assert.equal(results.at("Level", 2), 12);
  assert.equal(results.at("rate", 2), 99);
  assert.throws(() => results.series("absent"), /absent was not saved/);
  assert.deepEqual(newest("runner").requests.map(({ type }) => type), ["load", "run"]);
  const [run] = newest("runner").of("run");
  assert.deepEqual(run!.save, ["Level"]);
  assert.ok(newest("runner").of("load")[0]!.module instanceof WebAssembly.Module);
});

test("the engine decides which worker runs, and an unknown one is refused", async () => {
  const { client, newest } = setup();
  await open(client);
  assert.equal((await client.run({ model: "a", engine: "vm" })).engine, "vm");
  assert.equal((await client.run({ model: "a", engine: "wasm" })).engine, "wasm");
  assert.equal(newest("compiler").of("run").length, 1);
  assert.equal(newest("runner").of("run").length, 1);
  assert.equal(await code(client.run({ model: "a", engine: "jit" as never })), "PEN501");
  assert.equal(await code(client.run({ model: "unheard of" })), "PEN511");
});

test("a call goes to Python, about the model as Python knows it", async () => {
  const { client, newest } = setup();
  await open(client);
  const asked = await client.ask("feeds", { model: "a", name: "Tea" });
  assert.deepEqual(asked as unknown, ["feeds", { model: "a", name: "Tea" }]);
  newest("compiler").crash();
  await client.ask("introspect", { model: "a" });
  assert.deepEqual(newest("compiler").requests.map(({ type }) => type), ["compile", "ask"]);
  assert.deepEqual(await client.ask("engineVersion", {}) as unknown, ["engineVersion", {}]);
  assert.equal(await code(client.ask("introspect", { model: "unheard of" })), "PEN511");
  assert.equal(newest("runner").of("ask").length, 0);
});

test("of many runs at once the first and the last are made, the others are superseded", async () => {
  const { client, newest } = setup();
  await open(client);
  const runs = Array.from({ length: 50 }, (_, value) => client.run({ model: "a", overrides: [{ name: "x", value }] }));
  const ends = await Promise.allSettled(runs);
  assert.deepEqual(
    ends.map(({ status }) => status === "fulfilled"),
    ends.map((_, index) => index === 0 || index === 49),
  );
  const error = await rejection(runs[7]!);
  assert.equal(error.superseded, true);
  assert.equal(error.diagnostics[0]!.code, "PEN512");
  const sent = newest("runner").of("run").map(({ overrides }) => overrides![0]!.value);
  assert.deepEqual(sent, [0, 49]);
});

test("engines and models do not wait for each other", async () => {
  const { client } = setup({ compiler: (request) => (request.type === "run" ? null : healthy(request)) });
  await open(client, "a");
  await open(client, "b");
  void client.run({ model: "a", engine: "vm" }).catch(() => {});
  await client.run({ model: "a" });
  await client.run({ model: "b" });
});

test("a compile that waits is superseded by a newer one", async () => {
  const { client, newest } = setup();
  const compiles = ["a", "ab", "abc"].map((text) => open(client, text));
  assert.equal((await rejection(compiles[1]!)).superseded, true);
  assert.equal((await compiles[2]!).model, "abc");
  assert.deepEqual(newest("compiler").of("compile").map(({ text }) => text), ["a", "abc"]);
});

test("an error is handed on with its diagnostics and is not superseded", async () => {
  const { client, answers } = setup();
  await open(client);
  answers.runner = () => ({ type: "error", diagnostics: [DIAGNOSTIC] });
  const error = await rejection(client.run({ model: "a" }));
  assert.deepEqual(error.diagnostics, [DIAGNOSTIC]);
  assert.equal(error.superseded, false);
});

test("ids ascend over both workers and over restarts, and every request is answered once", async () => {
  const { client, workers, newest } = setup();
  for (let round = 0; round < 3; round++) {
    await open(client, `text ${round}`);
    await client.run({ model: `text ${round}`, engine: "vm" });
    await client.run({ model: `text ${round}` });
    newest("runner").crash();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const all = workers.flatMap((worker) => worker.requests.map(({ id }) => id));
  assert.equal(new Set(all).size, all.length);
  for (const worker of workers) {
    const ids = worker.requests.map(({ id }) => id);
    assert.deepEqual(ids, ids.toSorted((a, b) => a - b));
  }
  // A second answer to a request, and one to nobody's, change nothing.
  newest("runner").reply(newest("compiler").requests[0]!, { type: "error", diagnostics: [DIAGNOSTIC] });
  await settled();
});

test("nothing grows with the number of runs", async () => {
  const { client, newest } = setup();
  await open(client);
  let before: number[] = [];
  for (let count = 0; count < 10_000; count++) {
    const results = await client.run({ model: "a", overrides: [{ name: "x", value: count }] });
    client.release(results);
    if (count === 10) before = sizes(client);
    newest("runner").requests.length = 0;
  }
  assert.deepEqual(sizes(client), before);
  assert.deepEqual(before.slice(0, 3), [0, 0, 0]);
});

test("models that were not used for long leave the workers, and come back when they are run", async () => {
  const { client, newest } = setup();
  for (let index = 0; index < MODELS_IN_WORKERS + 3; index++) {
    await open(client, `text ${index}`);
    if (index % 4 === 0) await client.run({ model: "text 0" });
  }
  await settled();
  for (const name of ["runner", "compiler"] as const) {
    const forgotten = newest(name).of("forget").map(({ model }) => model);
    assert.deepEqual(forgotten, ["text 1", "text 2", "text 3"], name);
  }
  await client.run({ model: "text 1" });
  assert.deepEqual(newest("runner").of("load").at(-1)!.model, "text 1");
  await client.run({ model: "text 1", engine: "vm" });
  assert.deepEqual(newest("compiler").of("compile").at(-1)!.text, "text 1");
  for (let index = 0; index < MODELS + 3; index++) await open(client, `more ${index}`);
  assert.equal(sizes(client)[3], MODELS);
  assert.equal(await code(client.run({ model: "text 2" })), "PEN511");
});

test("a buffer that was handed back goes along with a later run", async () => {
  const { client, newest } = setup();
  await open(client);
  const first = await client.run({ model: "a" });
  const { buffer } = first.data;
  client.release(first);
  client.release(first);
  assert.throws(() => first.series("Level"), /released/);
  assert.throws(() => first.data, /released/);
  const second = await client.run({ model: "a" });
  assert.equal(newest("runner").of("run")[1]!.buffer, buffer);
  assert.equal(second.data.buffer, buffer);
  const many: Results[] = [];
  for (let count = 0; count < SPARE_BUFFERS + 3; count++) many.push(await client.run({ model: "a" }));
  assert.equal(new Set(many.map(({ data }) => data.buffer)).size, many.length);
  for (const results of many) client.release(results);
  assert.equal(sizes(client)[4], SPARE_BUFFERS);
});

test("a worker that dies rejects all its open requests, is restarted and gets its models again", async () => {
  const { client, newest, answers, workers } = setup();
  await open(client, "a");
  await open(client, "b");
  const heard: string[] = [];
  client.onWorkerRestart((worker, reason) => heard.push(`${worker}: ${reason}`));
  answers.runner = (request) => (request.type === "run" ? null : healthy(request));
  const runs = [client.run({ model: "a" }), client.run({ model: "b" }), client.run({ model: "b", engine: "vm" })];
  await settled();
  newest("runner").crash();
  assert.equal(await code(runs[0]!), "PEN513");
  assert.equal(await code(runs[1]!), "PEN513");
  assert.equal((await runs[2]!).engine, "vm"); // the other worker lives
  assert.deepEqual(heard, ["runner: the runner worker stopped: out of memory"]);
  delete answers.runner;
  await client.run({ model: "a" });
  assert.equal(workers.filter(({ name }) => name === "runner").length, 2);
  assert.deepEqual(newest("runner").requests.map(({ type }) => type), ["load", "run"]);
  assert.equal(workers[0]!.terminated, true);
});

test("a compiler worker that dies is restarted, and compiles again what a VM run needs", async () => {
  const { client, newest } = setup();
  await open(client, "a");
  const states: string[] = [];
  client.onPython((state) => states.push(state.phase));
  newest("compiler").crash();
  assert.equal((await client.run({ model: "a", engine: "vm" })).engine, "vm");
  assert.deepEqual(newest("compiler").requests.map(({ type }) => type), ["compile", "run"]);
  assert.deepEqual(states, ["ready", "booting", "ready"]);
});

for (const [how, end] of [
  ["a message that cannot be read", (worker: FakeWorker) => worker.onmessageerror?.call(worker as never, {} as never)],
  ["its own word", (worker: FakeWorker) => worker.say({ type: "failed", diagnostics: [DIAGNOSTIC] })],
  ["another protocol version", (worker: FakeWorker) => worker.say({ version: 99, type: "ready" })],
  ["an answer that no one knows", (worker: FakeWorker) => worker.say({ type: "surprise" })],
] as const) {
  test(`a worker ends by ${how}`, async () => {
    const { client, newest, answers } = setup();
    await open(client);
    answers.runner = (request) => (request.type === "run" ? null : healthy(request));
    const run = client.run({ model: "a" });
    await settled();
    end(newest("runner"));
    assert.equal(await code(run), "PEN513");
    delete answers.runner;
    await client.run({ model: "a" });
  });
}

test("a worker that keeps dying stays down, requests are refused, and a minute later it is tried again", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1e12 });
  const { client, newest, workers } = setup();
  await open(client);
  const states: string[] = [];
  client.onPython((state) => states.push(state.phase));
  for (let deaths = 0; deaths < DEATHS_PER_MINUTE; deaths++) {
    newest("compiler").crash("no network");
    mock.timers.tick(3000);
    await settled();
  }
  const compilers = () => workers.filter(({ name }) => name === "compiler").length;
  assert.equal(compilers(), DEATHS_PER_MINUTE);
  assert.equal(states.at(-1), "failed");
  assert.equal(await code(open(client, "b")), "PEN513");
  assert.equal(compilers(), DEATHS_PER_MINUTE);
  mock.timers.tick(60_000);
  assert.equal((await open(client, "b")).model, "b");
  assert.equal(compilers(), DEATHS_PER_MINUTE + 1);
  assert.equal(states.at(-1), "ready");
});

test("a worker that hangs in a run is terminated; one that compiles gets more time", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1e12 });
  const { client, newest, answers } = setup();
  await open(client);
  answers.compiler = answers.runner = (request) => (request.type === "load" ? healthy(request) : null);
  const pings = async (count: number) => {
    for (let each = 0; each < count; each++) {
      mock.timers.tick(PING_MS);
      await settled();
    }
  };
  const stuck = code(client.run({ model: "a" }));
  const compile = open(client, "b");
  await settled();
  await pings(MISSED_PINGS + 1);
  assert.equal(await stuck, "PEN513");
  await pings(MISSED_PINGS_COMPILING - MISSED_PINGS - 1);
  assert.equal(newest("compiler").terminated, false);
  const rejected = code(compile);
  await pings(1);
  assert.equal(await rejected, "PEN513");
});

test("a worker that answers pings is left alone, and no pings are sent when nothing is open", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1e12 });
  const { client, newest, answers } = setup();
  await open(client);
  answers.runner = (request) => (request.type === "run" ? null : healthy(request));
  const run = client.run({ model: "a" });
  await settled();
  const runner = newest("runner");
  for (let count = 0; count < 3 * MISSED_PINGS; count++) {
    mock.timers.tick(PING_MS);
    runner.say({ type: "cancelled", id: 0, target: 0, found: false });
  }
  assert.equal(runner.pings, 3 * MISSED_PINGS);
  runner.reply(runner.of("run")[0]!, resultOf(runner.of("run")[0]!));
  await run;
  mock.timers.tick(10 * PING_MS);
  assert.equal(runner.pings, 3 * MISSED_PINGS);
});

test("Python boots at the first need, and tells how far it is", async () => {
  const { client, workers, newest } = setup();
  const states: unknown[] = [];
  const stop = client.onPython((state) => states.push(state));
  await settled();
  assert.deepEqual(workers.map(({ name }) => name), ["runner"]);
  client.bootPython();
  client.bootPython();
  newest("compiler").say({ type: "progress", phase: "Loading Python", done: 3, total: 10 });
  await settled();
  assert.deepEqual(states, [
    { phase: "idle" },
    { phase: "booting", label: "Loading Python", done: 0, total: 0 },
    { phase: "booting", label: "Loading Python", done: 3, total: 10 },
    { phase: "ready", release: "1", ms: 5 },
  ]);
  stop();
  newest("compiler").crash();
  assert.equal(states.length, 4);
});

test("what cannot be sent rejects its request and leaves the worker alone", async () => {
  const { client, newest } = setup();
  await open(client);
  const runner = newest("runner");
  runner.postMessage = () => {
    throw new DOMException("could not be cloned", "DataCloneError");
  };
  assert.equal(await code(client.run({ model: "a", save: ["x"] })), "PEN510");
  assert.equal(runner.terminated, false);
});

test("disposing rejects what is open and ends both workers for good", async () => {
  const { client, workers, answers } = setup();
  await open(client);
  answers.runner = (request) => (request.type === "run" ? null : healthy(request));
  const run = client.run({ model: "a" });
  await settled();
  client.dispose();
  assert.equal(await code(run), "PEN512");
  assert.ok(workers.every(({ terminated }) => terminated));
  assert.equal(await code(client.compile({ name: "b", text: "b" })), "PEN512");
  assert.equal(workers.length, 2);
});

test("results are compared by bits", async () => {
  const { client, answers } = setup();
  await open(client);
  const run = async (level: number[], rate: number) => {
    answers.runner = (request) =>
      request.type === "run" ? { ...resultOf(request), data: Float64Array.of(0, 1, 2, ...level, rate) } : healthy(request);
    return client.run({ model: "a" });
  };
  const reference = await run([1, NaN, 0], 5);
  const against = async (level: number[], rate: number) => client.compare(reference, await run(level, rate));
  assert.deepEqual(await against([1, NaN, 0], 5), { identical: true, largest: 0, name: null });
  assert.deepEqual(await against([1, NaN, -0], 5), { identical: false, largest: 0, name: "Level" });
  assert.deepEqual(await against([1.5, NaN, 0], 5), { identical: false, largest: 0.5, name: "Level" });
  assert.deepEqual(await against([1.5, NaN, 0], 7), { identical: false, largest: 2, name: "rate" });
  assert.deepEqual(await against([1, 3, 0], 5), { identical: false, largest: Infinity, name: "Level" });
});

test("a precompiled model that is not there, or is no blob, is refused with the reason", async () => {
  const { client } = setup();
  const answer = (body: BodyInit, status = 200) => async () => new Response(body, { status });
  mock.method(globalThis, "fetch", answer("", 404));
  assert.equal(await code(client.openPrecompiled("samples/absent")), "PEN001");
  mock.method(globalThis, "fetch", answer("{}"));
  assert.equal(await code(client.openPrecompiled("samples/text")), "PEN507");
  mock.method(globalThis, "fetch", async (url: string) => new Response(url.endsWith(".wasm") ? EMPTY_MODULE : "{}"));
  assert.equal(await code(client.openPrecompiled("samples/empty")), "PEN507");
  mock.restoreAll();
});
