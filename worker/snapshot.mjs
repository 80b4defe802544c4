// Takes the memory snapshot that the page's Python starts from: node snapshot.mjs PYODIDE OUT WHEEL… MODEL…
// Writes OUT without the zeros at its end and prints as JSON how much memory it needs. The snapshot is as good as the Pyodide that reads it is the one that
// made it: package-lock.json pins it, and boot.ts starts Python in the ordinary way where anything does not fit.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, out, ...files] = process.argv.slice(2);
const wheels = files.filter((file) => file.endsWith(".whl"));
const models = files.filter((file) => !file.endsWith(".whl"));

const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const python = await loadPyodide({
  indexURL: `${pyodide}/`,
  _makeSnapshot: true,
  env: { PYTHONHASHSEED: "0" }, // the same sources make the same snapshot
});
for (const wheel of wheels) python.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel");
const texts = Object.fromEntries(models.map((file) => [basename(file), readFileSync(file, "utf8")]));
const absent = python.runPython(`
import json
from penstock.hosts.snapshot import prepare
json.dumps(prepare(json.loads(${JSON.stringify(JSON.stringify(texts))})))
`);
wipe(python._module);
const snapshot = python.makeMemorySnapshot();
writeFileSync(out, snapshot.subarray(0, snapshot.findLastIndex((byte) => byte !== 0) + 1));
process.stdout.write(JSON.stringify({ memory: python._module.HEAPU8.length, absent: JSON.parse(absent) }));

/** Fills memory that is free with zeros: what was in it before would travel to every page. */
function wipe(module) {
  const blocks = [];
  const above = module._malloc(1 << 20) >>> 0; // larger than nearly any hole: it stands behind what is in use
  module._free(above);
  for (let size = 1 << 19; size >= 16; size >>= 1) {
    for (;;) {
      const block = module._malloc(size) >>> 0;
      blocks.push(block);
      if (block === 0 || block >= above) break;
      module.HEAPU8.fill(0, block, block + size);
    }
  }
  for (const block of blocks) if (block) module._free(block);
}
