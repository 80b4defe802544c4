// Runs blobs under Node and prints what they saved, as hexadecimal doubles: {blobs: [{file, calls}]} on standard input.
// A call is [export, ...arguments]. The answer has, for each blob, the live row, the columns and the error at the end.

import { readFileSync } from "node:fs";

const request = JSON.parse(readFileSync(0, "utf8"));

function hex(memory, offset, count) {
  return Buffer.from(memory.buffer, offset, 8 * count).toString("hex");
}

function run({ file, calls }) {
  const module = new WebAssembly.Module(readFileSync(file));
  const { exports } = new WebAssembly.Instance(module, {});
  const [section] = WebAssembly.Module.customSections(module, "penstock.layout");
  const layout = JSON.parse(new TextDecoder().decode(section));
  const codes = calls.map(([name, ...values]) => exports[name](...values.map(Number)) ?? null);
  const rows = exports.saved_steps.value;
  const stored = exports.full_rows.value ? layout.columns : layout.varying;
  const columns = [];
  for (let column = 0; column < stored; column++) {
    columns.push(hex(exports.memory, exports.results_offset.value + 8 * column * exports.n_rows.value, rows));
  }
  return {
    imports: WebAssembly.Module.imports(module).length,
    exports: WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]),
    codes,
    columns,
    rows,
    row: hex(exports.memory, exports.row_offset.value, exports.n_slots.value),
    error: Number(exports.get_error()),
  };
}

process.stdout.write(JSON.stringify(request.blobs.map(run)));
