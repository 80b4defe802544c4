// Runs a Python file in Pyodide under Node: node run_python.mjs PYODIDE FILE PACKAGE…; its output goes to standard output.
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, file, ...packages] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide + "/" });
for (const folder of packages) {
  const place = "/packages/" + basename(folder);
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, place);
}
python.runPython(`
import sys
sys.path.insert(0, "/packages")
sys.dont_write_bytecode = True
`);
python.runPython(readFileSync(file, "utf8"));
