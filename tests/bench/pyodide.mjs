// Compiling in Pyodide under Node, as the page's worker does: node pyodide.mjs PYODIDE SNAPSHOT MEMORY MODEL
// Starts from the site's snapshot (unpacked; MEMORY bytes) and prints JSON, milliseconds: boot, the first compile from
// source to bytes, and from an edit of one equation to the first new result, a median; and how many parts of the model
// were looked at again for an edit, which is the same on every machine.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const EDITS = 7;
const [folder, file, memory, model] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const { default: create } = await import(pathToFileURL(`${folder}/pyodide.asm.mjs`).href);
process.on("uncaughtException", (error) => {
  process.stderr.write(`${error.message}\n`); // without the engine's source, which is one line
  process.exit(1);
});
const began = performance.now();
const python = await loadPyodide({
  indexURL: `${folder}/`,
  _loadSnapshot: new Uint8Array(readFileSync(file)),
  createPyodideModule: async (settings) => {
    const module = await create(settings);
    module.growMemory(Number(memory));
    return module;
  },
});
const answer = { boot_ms: performance.now() - began };
python.globals.set("name", basename(model));
python.runPython(`
from penstock.compiler import Session, compile_text
from penstock.expr import Binary, Call
from penstock.model import Stock

def blob(text):
    return compile_text(text, name).blob

session = Session()

def draft(text):
    return session.draft(compile_text(text, name, session=session))

def redone():
    """How many parts were read, looked at by a pass, lowered or emitted because they were not known."""
    passes, made = session.memos, (session.recall.read, session.drafts.made)
    memos = (passes.declare, passes.expand, passes.resolve, passes.order.reads, passes.order.steps)
    return sum(made) + sum(memo.made for memo in (*memos, passes.order.initials, passes.lower.units))

def around(text):
    """What stands before, in and behind an equation in the middle of the model."""
    made = compile_text(text, name)
    told = [item.equations[0].expr for item in made.model.variables if item.equations and not isinstance(item, Stock)]
    spans = [expr.span for expr in told if isinstance(expr, (Binary, Call))]
    span = sorted(spans, key=lambda span: span.start)[len(spans) // 2]
    text = made.source.text  # its lines may end in another way
    return [text[: span.start], text[span.start : span.end], text[span.end :]]
`);
const text = readFileSync(model, "utf8");
const [blob, draft, redone] = ["blob", "draft", "redone"].map((name) => python.globals.get(name));
const timed = (action) => {
  const start = performance.now();
  const made = action();
  return [performance.now() - start, made];
};
const compiled = (source, make = blob) => {
  const bytes = make(source);
  const view = bytes.getBuffer?.("u8");
  const copy = view ? view.data.slice() : new Uint8Array(bytes.toJs());
  view?.release();
  bytes.destroy?.();
  return copy;
};
const ran = (bytes) => new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports.run();
[answer.cold_compile_ms] = timed(() => compiled(text));
const [before, equation, behind] = python.globals.get("around")(text).toJs();
compiled(text, draft);
const known = redone();
const edits = [];
for (let edit = 1; edit <= EDITS; edit++) {
  const [took] = timed(() => ran(compiled(`${before}(${equation}) * 1.00${edit}${behind}`, draft)));
  edits.push(took);
}
answer.redone = (redone() - known) / EDITS;
answer.edit_ms = edits.toSorted((a, b) => a - b)[EDITS >> 1];
process.stdout.write(JSON.stringify(answer) + "\n");
