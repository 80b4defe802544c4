// The end of the widget's module: what notebooks call to show <penstock-model>, which the code before this defines.
const PAUSE = 100; // ms between messages to Python while a slider moves or the model plays
const SETTLE = 300; // ms without a new run until the reference engine is asked

/** The model's blob as an address, which bundles have in its place. */
function address({ buffer, byteOffset, byteLength }) {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:application/wasm;base64,${btoa(text)}`;
}

/** Calls `work` at most once in `pause`, and at the end of it. */
function sparing(work, pause) {
  let timer = 0;
  const end = () => (clearTimeout(timer), (timer = 0));
  return { call: () => (timer ||= setTimeout(() => (end(), work()), pause)), end };
}

/** What JupyterLab says on its body, for the element, which knows the words of other hosts. */
function followTheme(around) {
  const dress = () => {
    const light = document.body.dataset.jpThemeLight;
    if (light !== undefined) around.dataset.theme = light === "false" ? "dark" : "light";
  };
  const observer = new MutationObserver(dress);
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  dress();
  return () => observer.disconnect();
}

/** The traits and the element tell each other; what is equal already is not told again. */
function followTraits(model, element) {
  const { call, end } = sparing(() => model.save_changes(), PAUSE);
  element.addEventListener("penstock-input", () => (model.set("params", element.getParams()), call()));
  element.addEventListener("penstock-timechange", () => (model.set("time", element.time), call()));
  const apply = () => {
    const now = element.getParams();
    const other = Object.entries(model.get("params")).filter(([name, value]) => now[name] !== value);
    if (other.length > 0) element.setParams(Object.fromEntries(other));
    const time = model.get("time");
    if (time !== null && time !== element.time) element.time = time;
  };
  const take = () => void element.ready.then(apply, () => {}); // notebooks take cells out that are out of sight
  model.on("change:params change:time", take);
  take();
  return () => (end(), model.off("change:params change:time", take));
}

/** Where a run of the reference engine differs from what is shown: null where it does not. */
function difference({ rows, columns, fixed }, table, element) {
  for (const [at, name] of [...columns, ...fixed].entries()) {
    const own = element.series(name);
    const from = at < columns.length ? at * rows : columns.length * rows + at - columns.length;
    const other = at < columns.length ? table.subarray(from, from + rows) : new Float64Array(rows).fill(table[from]);
    const row = own.length === rows ? own.findIndex((value, row) => !Object.is(value, other[row])) : rows;
    if (row >= 0) return `${name} in row ${row} is ${other[row]} there, and ${own[row]} here`;
  }
  return null;
}

/** With the engine `vm`, Python's answer to each run stands below it; where no Python is, nothing does. */
function followReference(model, element, note) {
  let asked = 0;
  const { call, end } = sparing(() => {
    if (model.get("engine") !== "vm") return;
    asked = Math.random(); // other views of the widget hear the answer too
    model.send({ run: asked, params: element.getParams() });
  }, SETTLE);
  const ask = () => {
    note.textContent = "";
    asked = 0;
    end();
    call();
  };
  const hear = (answer, [data] = []) => {
    if (answer.run !== asked) return;
    if (answer.problem) return void (note.textContent = answer.problem);
    const { buffer, byteOffset, byteLength } = data;
    const table = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
    const differs = difference(answer, table, element);
    const count = (answer.rows * (answer.columns.length + answer.fixed.length)).toLocaleString("en");
    note.textContent = differs ? `The reference engine differs: ${differs}.` : `The reference engine computed the same ${count} values, to the last bit.`;
  };
  element.addEventListener("penstock-result", ask);
  model.on("change:engine", ask);
  model.on("msg:custom", hear);
  return () => (end(), model.off("change:engine", ask), model.off("msg:custom", hear));
}

export default {
  render({ model, el }) {
    const element = document.createElement("penstock-model");
    const note = document.createElement("output");
    note.style.display = "block";
    const { view, ...bundle } = model.get("_bundle");
    const time = model.get("time");
    const wishes = { ...view, params: model.get("params"), ...(time === null ? {} : { t: time }) };
    element.model = { ...bundle, view: wishes, wasm: address(model.get("_blob")) };
    element.dataset.lmSuppressShortcuts = ""; // a key in a field is no command of JupyterLab
    el.append(element, note);
    const ends = [followTheme(el), followTraits(model, element), followReference(model, element, note)];
    return () => ends.forEach((end) => end());
  },
};
