// The runner without its worker, on instances that do what each test says.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ABI, EXPORT_NAMES, RunError, SetValue, type Exports, type Layout } from "../../worker/abi.js";
import { BlobHost, type Table } from "../../worker/blob.js";
import { Desk, type Host } from "../../worker/desk.js";
import { SLICE_MS } from "../../worker/pacer.js";
import { VERSION, transferables, type Reply, type ResultReply, type WorkerEvent } from "../../worker/protocol.js";
import { tick } from "../../worker/tick.js";

after(() => setImmediate(() => process.exit())); // the port behind `tick` would keep Node alive

const N_ROWS = 1001;
const LAYOUT = {
  abi: ABI,
  model: "m",
  method: "euler",
  varying: 2,
  columns: 3,
  inputs: [
    { name: "rate", kind: "constant", input: 0 },
    { name: "dt", kind: "dt", input: 1 },
  ],
  variables: [
    { name: "Time", kind: "time", slot: 0, column: 0 },
    { name: "Level", kind: "stock", slot: 5, column: 1 },
    { name: "rate", kind: "constant", slot: 6, column: 2 },
  ],
  dims: {},
} as unknown as Layout;

/** A blob of one stock that grows by `rate` at each of 1000 steps, each of which takes `ms`. */
function instance(ms = 0): Exports & { calls: string[] } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const row = () => new Float64Array(memory.buffer, 16, 7);
  const column = (index: number) => new Float64Array(memory.buffer, 128 + 8 * N_ROWS * index, N_ROWS);
  const variable = (value: number) => ({ value }) as WebAssembly.Global;
  const calls: string[] = [];
  const save = () => {
    column(0)[exports.saved_steps.value] = row()[0]!;
    column(1)[exports.saved_steps.value] = row()[5]!;
    exports.saved_steps.value += 1;
  };
  const exports = {
    memory,
    saved_steps: variable(0),
    n_slots: variable(7),
    row_offset: variable(16),
    n_rows: variable(N_ROWS),
    results_offset: variable(128),
    full_rows: variable(0),
    run() {},
    run_initials() {
      row()[1] = 1;
    },
    run_to(t: number) {
      calls.push(`run_to ${t}`);
      if (exports.saved_steps.value === 0) save();
      while (row()[0]! < Math.min(t, 1000)) {
        const end = performance.now() + ms;
        while (performance.now() < end);
        row()[0]! += 1;
        row()[5]! += row()[6]!;
        save();
      }
    },
    reset() {
      calls.push("reset");
      exports.saved_steps.value = 0;
      row().fill(0, 0, 6);
    },
    set_value(input: number, value: number) {
      if (input === 1) return SetValue.TOO_LATE;
      row()[6] = value;
      return SetValue.OK;
    },
    clear_values() {
      calls.push("clear");
      row()[6] = 1;
    },
    get_error: () => BigInt(RunError.NONE),
    calls,
  };
  return exports as unknown as Exports & { calls: string[] };
}

function setup(made: Exports[] = [instance()]) {
  const posted: (Reply | WorkerEvent)[] = [];
  let count = 0;
  const desk = new Desk(
    (message) => posted.push(message),
    tick,
    ({ module, layout }): Host => new BlobHost(module, layout, () => made[Math.min(count++, made.length - 1)]!),
  );
  posted.length = 0; // `ready`
  let id = 0;
  const send = (type: string, fields: object = {}) => {
    desk.receive({ type, version: VERSION, id: (id += 1), model: "m", ...fields });
    return id;
  };
  send("load", { module: {}, layout: LAYOUT });
  posted.length = 0;
  const answered = async (count: number) => {
    while (posted.length < count) await tick();
    return posted.map((m) => `${(m as Reply).id} ${m.type === "error" ? m.diagnostics[0]!.code : m.type}`);
  };
  return { desk, posted, send, answered, instances: () => count };
}

test("a quick run is answered within its own message from the second time on", async () => {
  const { send, posted, answered } = setup();
  send("run");
  await answered(1);
  send("run", { overrides: [{ name: "rate", value: 2 }] });
  assert.equal(posted.length, 2);
  const { rows, columns, fixed, data, engine } = posted[1] as ResultReply;
  assert.deepEqual({ rows, columns, fixed, engine }, { rows: 1001, columns: ["Time", "Level"], fixed: ["rate"], engine: "wasm" });
  assert.equal(data.length, 2003);
  assert.equal(data[2001], 2000);
  assert.equal(data[2002], 2);
});

test("saved rows are dropped before values are cleared", async () => {
  const blob = instance();
  const { send, answered } = setup([blob]);
  send("run");
  await answered(1);
  assert.deepEqual(blob.calls.slice(0, 2), ["reset", "clear"]);
});

test("a long run lets messages in between slices, and can be cancelled", async () => {
  const { send, answered, posted } = setup([instance(1)]);
  const run = send("run");
  const waiting = send("run");
  await tick();
  const start = performance.now();
  send("cancel", { target: waiting });
  const cancel = send("cancel", { target: run });
  assert.deepEqual(await answered(4), [
    `${waiting} PEN512`,
    `${cancel - 1} cancelled`,
    `${cancel} cancelled`,
    `${run} PEN512`,
  ]);
  assert.ok(performance.now() - start < 10 * SLICE_MS);
  assert.ok(posted.slice(1, 3).every((message) => message.type === "cancelled" && message.found));
  const again = send("run", { save: [] });
  send("cancel", { target: 12345 });
  assert.equal((posted[4] as unknown as { found: boolean }).found, false);
  await answered(6);
  assert.equal((posted[5] as ResultReply).id, again);
  assert.equal((posted[5] as ResultReply).rows, 1001);
});

test("a long run does not keep another model waiting", async () => {
  const { send, answered } = setup([instance(1), instance()]);
  send("load", { model: "other", module: {}, layout: LAYOUT });
  const long = send("run");
  const quick = send("run", { model: "other" });
  const last = send("run");
  const order = await answered(4);
  assert.deepEqual(order, ["2 loaded", `${quick} result`, `${long} result`, `${last} result`]);
});

test("the pieces of a run give the same rows as the whole", async () => {
  const { send, answered, posted } = setup([instance(0.2)]);
  send("run", { overrides: [{ name: "rate", value: 5, at: 300.5 }] });
  await answered(1);
  const { data } = posted[0] as ResultReply;
  assert.equal(data[1001 + 301], 301);
  assert.equal(data[1001 + 302], 306);
});

test("a buffer that was handed in is used where it is large enough, at the exact length", async () => {
  const { send, answered, posted } = setup();
  const [large, small] = [new ArrayBuffer(8 * 5000), new ArrayBuffer(8 * 100)];
  send("run", { buffer: large });
  send("run", { buffer: small });
  await answered(2);
  const [first, second] = (posted as ResultReply[]).map(({ data }) => data);
  assert.equal(first!.buffer, large);
  assert.equal(first!.length, 2003);
  assert.notEqual(second!.buffer, small);
  assert.deepEqual(first, second);
  assert.deepEqual(transferables(posted[0]!), [large]);
});

test("a trap is a fault of ours, and the next run has a fresh instance", async (t) => {
  t.mock.method(console, "error", () => {});
  const broken = instance();
  broken.run_to = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  const { send, answered, instances } = setup([broken, instance()]);
  send("run");
  send("run");
  assert.deepEqual(await answered(2), ["2 PEN599", "3 result"]);
  assert.equal(instances(), 2);
});

test("an instance that grew large is not kept", async () => {
  const large = instance();
  large.memory.grow(3000);
  const { send, answered, instances } = setup([large, instance()]);
  send("run");
  send("run");
  send("run");
  assert.deepEqual(await answered(3), ["2 result", "3 result", "4 result"]);
  assert.equal(instances(), 2);
});

test("requests that cannot be met are refused, each once", async () => {
  const { send, answered, desk } = setup();
  send("run", { engine: "vm" });
  send("run", { engine: "jit" });
  send("run", { model: "other" });
  send("run", { overrides: [{ name: "dt", value: 0.5, at: 3 }] });
  send("run", { overrides: [{ name: "rate", value: "much" }] });
  send("compile", { name: "m.pen", text: "" });
  send("result");
  desk.receive({ type: "run", version: VERSION, id: 8, model: "m" });
  desk.receive({ type: "run", version: VERSION + 1, id: 99, model: "m" });
  desk.receive(null);
  send("forget");
  send("run");
  const expected = [
    "2 PEN505",
    "3 PEN501",
    "4 PEN511",
    "5 PEN503",
    "6 PEN510",
    "7 PEN508",
    "8 PEN508",
    "8 result",
    "99 PEN509",
    "0 PEN508",
    "9 forgotten",
    "10 PEN511",
  ];
  assert.deepEqual((await answered(12)).toSorted(), expected.toSorted()); // a run may take a turn of its own
});

test("an id is not used again", async () => {
  const { send, answered, desk } = setup();
  send("run");
  desk.receive({ type: "run", version: VERSION, id: 2, model: "m" });
  desk.receive({ type: "run", version: VERSION, id: 1, model: "m" });
  assert.deepEqual((await answered(3)).toSorted(), ["1 PEN510", "2 PEN510", "2 result"]);
});

test("a blob of another version, or without its exports, is refused", async () => {
  const { posted, send } = setup();
  send("load", { model: "new", module: {}, layout: { ...LAYOUT, abi: ABI + 1 } });
  assert.equal((posted[0] as Extract<Reply, { type: "error" }>).diagnostics[0]!.code, "PEN507");
  const empty = await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const greedy = await WebAssembly.compile(
    Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0),
  );
  assert.throws(() => new BlobHost(greedy, LAYOUT), /PEN507/);
  assert.throws(() => new BlobHost(empty, LAYOUT), new RegExp(`PEN507.*does not export ${EXPORT_NAMES[0]}`));
});

test("every table is as long as its rows, columns and fixed values", async () => {
  for (const save of [undefined, [], ["level"], ["rate", "Level", "TIME"]]) {
    const { send, answered, posted } = setup();
    send("run", { save });
    await answered(1);
    const { rows, columns, fixed, data } = posted[0] as unknown as Table;
    assert.equal(data.length, rows * columns.length + fixed.length);
    assert.equal(columns[0], "Time");
  }
});
