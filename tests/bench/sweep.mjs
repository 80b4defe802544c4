// Times sweeps of a lane blob beside single runs of the ordinary one, in one process, in turn: {lanes, single, runs} on
// standard input, file names and a number of runs. Each run has other values of up to three constants; the final value
// of one variable is asked for. Prints {us, single_us}, medians of what a run takes, in microseconds of wall time.

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

const SAMPLES = 15;

const { lanes, single, runs } = JSON.parse(readFileSync(0, "utf8"));
const loaded = (file) => new WebAssembly.Module(readFileSync(file));
const module = loaded(lanes);
const [section] = WebAssembly.Module.customSections(module, "penstock.layout");
const layout = JSON.parse(new TextDecoder().decode(section));
const beside = new WebAssembly.Instance(module, {}).exports;
const alone = new WebAssembly.Instance(loaded(single), {}).exports;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const slots = new Map(layout.variables.map((row) => [row.name, row.slot]));
const constants = layout.inputs.filter((row) => row.kind === "constant" && !row.count && slots.has(row.name)).slice(0, 3);
const live = new Float64Array(alone.memory.buffer, alone.row_offset.value, alone.n_slots.value);
const own = constants.map((row) => live[slots.get(row.name)]);
const values = Float64Array.from({ length: runs * own.length }, (_, at) => {
  const [run, k] = [Math.floor(at / own.length), at % own.length];
  return own[k] * (1 + 0.1 * Math.sin(run * (k + 1)));
});
const output = layout.variables.find((row) => row.kind === "stock").slot;

function inLanes() {
  const head = [runs, own.length, 1, 1, ...constants.map((row) => row.input), output];
  const start = Math.ceil(head.length / 2) * 8;
  const request = beside.allocate(start + 8 + values.byteLength);
  const reply = beside.allocate(16 * runs);
  const { buffer } = beside.memory;
  new Uint32Array(buffer, request, head.length).set(head);
  new Float64Array(buffer, request + start, 1 + values.length).set([Infinity, ...values]);
  const began = performance.now();
  beside.sweep(request, reply);
  const spent = performance.now() - began;
  const found = new Float64Array(buffer, reply, 2 * runs).slice();
  for (const place of [request, reply]) beside.deallocate(place, 0);
  if (found.subarray(runs).some((status) => status !== 0)) throw new Error("a run failed");
  return { us: (1000 * spent) / runs, found };
}

function oneByOne(some, found) {
  const began = performance.now();
  for (let run = 0; run < some; run += 1) {
    alone.reset();
    constants.forEach((row, k) => alone.set_value(row.input, values[run * own.length + k]));
    alone.run_to(Infinity);
    const last = new Float64Array(alone.memory.buffer, alone.row_offset.value + 8 * output, 1)[0];
    if (!Object.is(last, found[run])) throw new Error(`run ${run} differs: ${last} ${found[run]}`);
  }
  return (1000 * (performance.now() - began)) / some;
}

const { found } = inLanes();
oneByOne(runs, found);
const samples = Array.from({ length: SAMPLES }, () => [inLanes().us, oneByOne(Math.ceil(runs / 4), found)]);
console.log(JSON.stringify({ us: median(samples.map(([us]) => us)), single_us: median(samples.map(([, us]) => us)) }));
