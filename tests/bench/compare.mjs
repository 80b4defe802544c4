// Times blobs against a peer's in one process, interleaved: {pairs: [{title, ours, theirs, slots}]} on standard input,
// file names, `slots` the peer's slot by name; without `theirs` only ours is timed. Prints one JSON object a pair.
// {first: FILE} instead times no more than a first run.
//
// A run is: set a constant to another value on both sides, run from the start. Every variable's series is saved, which
// is checked, as is that the constant did change a series. Times are microseconds.

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

const SAMPLES = 61;
const SAMPLE_MS = 4; // a sample has so many runs that it takes about this long
const WARM_MS = 400;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const canonical = (name) => name.toLowerCase().replace(/[\s_]+/g, "_");

const loaded = (file) => new WebAssembly.Module(readFileSync(file));

function first(file) {
  const bytes = readFileSync(file);
  const began = performance.now();
  new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports.run();
  return { first_ms: performance.now() - began };
}

function ours(file) {
  const module = loaded(file);
  const { exports } = new WebAssembly.Instance(module, {});
  exports.run();
  const [section] = WebAssembly.Module.customSections(module, "penstock.layout");
  const layout = JSON.parse(new TextDecoder().decode(section));
  const column = (number) =>
    new Float64Array(
      exports.memory.buffer,
      exports.results_offset.value + 8 * number * exports.n_rows.value,
      exports.saved_steps.value,
    );
  const slots = new Map(layout.variables.map((row) => [canonical(row.name), row]));
  const constants = layout.inputs.filter((row) => row.kind === "constant" && !row.count);
  return {
    exports,
    rows: () => exports.saved_steps.value,
    columns: layout.varying,
    names: constants.map((row) => [canonical(row.name), row.input, slots.get(canonical(row.name))?.slot]),
    value: (slot) => new Float64Array(exports.memory.buffer, exports.row_offset.value, exports.n_slots.value)[slot],
    column,
    series: (name) => {
      const row = slots.get(name);
      return row && !row.dims && row.column < layout.varying ? column(row.column) : undefined;
    },
    print: () => Array.from({ length: layout.varying }, (_, number) => column(number).at(-1)).join(),
  };
}

function theirs(file, slots) {
  const { exports } = new WebAssembly.Instance(loaded(file), {});
  exports.run();
  const width = exports.n_slots.value;
  const all = () =>
    new Float64Array(exports.memory.buffer, exports.results_offset.value, exports.saved_steps.value * width);
  const bySlot = new Map(Object.entries(slots).map(([name, slot]) => [canonical(name), slot]));
  return {
    exports,
    columns: width,
    rows: () => exports.saved_steps.value,
    slot: (name) => bySlot.get(name),
    series: (name) => {
      const slot = bySlot.get(name);
      return slot === undefined ? undefined : all().filter((_, index) => index % width === slot);
    },
    print: () => all().slice(-width).join(),
  };
}

/** A constant that both sides let be set, and whose value a run depends on. */
function lever(a, b) {
  for (const [name, input, slot] of a.names) {
    const place = b ? b.slot(name) : 0;
    const value = a.value(slot);
    if (place === undefined || slot === undefined || !Number.isFinite(value) || value === 0) continue;
    if (b && b.exports.set_value(place, value) !== 0) continue;
    const before = a.print();
    a.exports.set_value(input, value * 1.0001);
    a.exports.run();
    if (a.print() !== before) return { name, input, place, value };
    a.exports.set_value(input, value);
  }
  throw new Error("no constant changes a run");
}

/** The largest difference of what both have by name, in parts of a series' largest value. */
function difference(a, b) {
  let worst = 0;
  let count = 0;
  for (const name of a.known) {
    const [mine, other] = [a.series(name), b.series(name)];
    if (!mine || !other) continue;
    count += 1;
    const size = other.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300);
    mine.forEach((value, row) => (worst = Math.max(worst, Math.abs(value - other[row]) / size || 0)));
  }
  return { compared: count, worst };
}

function timed(action, count) {
  const began = performance.now();
  for (let run = 0; run < count; run++) action();
  return (1e3 * (performance.now() - began)) / count;
}

function warmed(action) {
  const until = performance.now() + WARM_MS;
  let runs = 0;
  const began = performance.now();
  while (performance.now() < until || runs < 3) {
    action();
    runs += 1;
  }
  return Math.max(1, Math.round(SAMPLE_MS / ((performance.now() - began) / runs)));
}

function compared({ title, ours: mine, theirs: other, slots }) {
  const a = ours(mine);
  const b = other ? theirs(other, slots) : undefined;
  a.known = [...(b ? Object.keys(slots).map(canonical) : [])];
  const { name, input, place, value } = lever(a, b);
  let turn = 0;
  const changed = () => value * (1 + 1e-6 * (turn++ % 97));
  const runs = [
    () => {
      a.exports.reset(); // else the rows of the last run would have to show that the constant was another one then
      a.exports.set_value(input, changed());
      a.exports.run_to(Infinity);
    },
    () => {
      b.exports.set_value(place, changed());
      b.exports.run();
    },
  ].slice(0, b ? 2 : 1);
  a.exports.set_value(input, value);
  a.exports.run();
  const answer = { title, constant: name, rows: a.rows(), columns: a.columns };
  if (b) {
    b.exports.set_value(place, value);
    b.exports.run();
    Object.assign(answer, { peer_rows: b.rows(), peer_columns: b.columns });
    Object.assign(answer, difference(a, b));
    const before = b.print();
    b.exports.set_value(place, value * 1.01);
    b.exports.run();
    if (b.print() === before) throw new Error(`${name} changes nothing on the other side`);
  }
  const counts = runs.map(warmed);
  const samples = runs.map(() => []);
  for (let sample = 0; sample < SAMPLES; sample++) {
    runs.forEach((run, side) => samples[side].push(timed(run, counts[side])));
  }
  answer.us = median(samples[0]);
  if (b) {
    answer.peer_us = median(samples[1]);
    answer.ratio = median(samples[0].map((time, sample) => time / samples[1][sample]));
  }
  return answer;
}

const request = JSON.parse(readFileSync(0, "utf8"));
const answers = request.first ? [first(request.first)] : request.pairs.map(compared);
for (const answer of answers) process.stdout.write(`${JSON.stringify(answer)}\n`);
