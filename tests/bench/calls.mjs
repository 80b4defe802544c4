// How long the calls for tools take in Pyodide: node calls.mjs PYODIDE PACKAGES WHEELS MODEL, JSON to standard output.
// PACKAGES is the folder that holds the package's sources, WHEELS that of the wheels which it needs.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, packages, wheels, model] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide + "/", stdout: () => {} });
for (const file of readdirSync(wheels)) {
  if (file.endsWith(".whl") && !file.startsWith("penstock")) python.unpackArchive(new Uint8Array(readFileSync(join(wheels, file))), "wheel");
}
python.FS.mkdir("/packages");
python.FS.mount(python.FS.filesystems.NODEFS, { root: packages }, "/packages");
python.globals.set("text", readFileSync(model, "utf8"));
python.globals.set("name", basename(model));
const measured = python.runPython(`
import json, sys, time
sys.path.insert(0, "/packages")
from penstock.compiler import compile_text
from penstock.tools import call

for _ in range(3):  # the worker has compiled before
    compiled = compile_text(text, name)
    compiled.blob

models = {compiled.model_hash: compiled}
symbols = [s for s in compiled.schedule.symbols.by_ident.values() if not s.hidden]
stock = next(s.name for s in symbols if s.kind == "stock")
chosen = [s.name for s in symbols if s.kind in ("stock", "flow", "auxiliary")][:3]
now = float(call("introspectResolved", {}, models)["settings"]["start"]) + 1.0
rows = []
for label, asked in (
    ("listModels", {}),
    ("introspect", {}),
    ("introspectResolved", {}),
    ("validate", {"text": text, "name": name}),
    ("validateFor", {"variable": chosen[-1], "equation": "1 + 1"}),
    ("fieldDescriptors", {}),
    ("traceRun", {"equations": chosen, "first": now, "last": now}),
    ("traceRun (all steps)", {"equations": chosen}),
    ("causalGraph", {}),
    ("feedbackLoops", {}),
    ("feeds", {"name": stock}),
    ("engineVersion", {}),
    ("engineHash", {}),
):
    times = []
    for _ in range(6):
        begin = time.perf_counter()
        answer = json.dumps(call(label.partition(" ")[0], asked, models), allow_nan=False)
        times.append((time.perf_counter() - begin) * 1000)
    rows.append({"call": label, "first_ms": times[0], "median_ms": sorted(times[1:])[2], "bytes": len(answer)})
json.dumps(rows)
`);
process.stdout.write(measured + "\n");
