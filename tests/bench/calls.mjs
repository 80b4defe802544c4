// What the calls for tools answer in Pyodide, and how long they take: node calls.mjs PYODIDE MODEL PACKAGE…
// Reads [call, arguments] pairs as JSON from standard input; PACKAGEs are folders of Python packages. Writes a row for
// each pair: milliseconds of the first time and of the middle one of five more, bytes and SHA-256 of the answer. Times
// are those that the thread was at work, so that they mean something on a busy machine; where the system does not say,
// the process, which counts what compiles Pyodide better meanwhile.
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const questions = readFileSync(0, "utf8"); // before Pyodide makes standard input one that does not wait
const [pyodide, model, ...packages] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide + "/", stdout: () => {} });
for (const folder of packages) {
  const place = "/packages/" + basename(folder);
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, place);
}
for (const [name, value] of Object.entries({
  text: readFileSync(model, "utf8"),
  name: basename(model),
  questions,
})) {
  python.globals.set(name, value);
}
const schedule = `/proc/self/task/${process.pid}/schedstat`; // the main thread's, in nanoseconds
const spent = existsSync(schedule)
  ? () => Number(readFileSync(schedule, "utf8").split(" ")[0]) / 1e6
  : () => (({ user, system }) => (user + system) / 1000)(process.cpuUsage());
python.globals.set("spent", spent);
const measured = python.runPython(`
import hashlib, json, sys
sys.path.insert(0, "/packages")
sys.dont_write_bytecode = True
from penstock.compiler import compile_text
from penstock.tools import call

for _ in range(3):  # a worker that has compiled before
    compiled = compile_text(text, name)
    compiled.blob
models = {compiled.model_hash: compiled}

rows = []
for asked, arguments in json.loads(questions):
    times = []
    for _ in range(6):
        begin = spent()
        answer = json.dumps(call(asked, arguments, models), allow_nan=False)
        times.append(spent() - begin)
    rows.append({
        "call": asked,
        "first_ms": times[0],
        "median_ms": sorted(times[1:])[2],
        "bytes": len(answer),
        "sha256": hashlib.sha256(answer.encode()).hexdigest(),
    })
json.dumps(rows)
`);
process.stdout.write(measured + "\n");
