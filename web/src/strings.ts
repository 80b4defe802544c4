// Every word that the page says; those of a model on show, wherever it is, stand in strings-model.ts.
import { M, plural } from "./strings-model.js";

export { plural };

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MB`;

export const S = {
  ...M,
  penstock: "Penstock",
  untitledFile: "untitled.pen",
  loading: "Loading the model…",

  // top bar
  models: "Models",
  noModel: "Open a model",
  modelMenu: (title: string) => (title ? `${title}: open another model` : "Open a model"),
  samples: "Samples",
  recent: "Put aside",
  openFile: "Open file…",
  newModel: "New model",
  savedState: { unchanged: "", saving: "Saving…", saved: "Saved here", unavailable: "Not saved" },
  pythonCompiler: "Python compiler",
  percent: (share: number) => `${Math.round(share * 100)} %`,
  compiling: "Compiling…",
  pythonFailed: "Python did not start",
  pythonGone: (reason: string) => `The Python compiler does not run: ${reason.replace(/\.$/, "")}.`,
  pythonGoneAdvice: "The model on show still answers its sliders. Reload the page to try again.",
  problemCount: (errors: number, warnings: number) =>
    [errors ? plural(errors, "problem") : "", warnings ? plural(warnings, "warning") : ""].filter(Boolean).join(", ") || "0 problems",
  showText: "Show the model's text",
  hideText: "Hide the model's text",
  theme: {
    auto: "Colours: as the system. Press for light",
    light: "Colours: light. Press for dark",
    dark: "Colours: dark. Press for the system's",
  },

  offline: "Offline, saved here",
  offlineShort: "Offline",
  offlineHelp: "Everything works but what has to be fetched: models at other addresses, and Python if it was never loaded here.",
  newVersion: "A new version is ready.",
  reload: "Reload",

  // engines
  engine: "Engine",
  engineHelp: {
    wasm: "Run the compiled WebAssembly module",
    vm: "Run the reference machine, in Python",
    both: "Run both and compare every value",
  },
  identical: "identical",
  comparing: "comparing…",
  waitingForPython: "waiting for Python…",
  notCompared: "not compared",
  differsIn: (largest: string, name: string | null) => (name ? `${largest} in ${name}` : `differ by ${largest}`),
  sameHelp: (wasm: string, vm: string, values: number) =>
    `Both engines computed the same bits: ${values.toLocaleString("en-US")} values. wasm ${wasm}, vm ${vm}`,
  differentHelp: (wasm: string, vm: string) => `The largest difference between the engines. wasm ${wasm}, vm ${vm}`,

  // left rail
  sidebar: "Controls and variables",
  controls: "Controls",
  variables: "Variables",
  text: "Text",
  constants: "Constants",
  moreConstants: (count: number, changed: number) => `More constants (${count}${changed ? `, ${changed} changed` : ""})`,
  findConstant: "Find a constant",
  constantsBeyond: (count: number) => `${plural(count, "more constant")}: type a part of a name to find them.`,
  resetAll: (count: number) => `Reset ${count}`,
  noSliders: "This model has no constant to move. Give one in the text:",
  noControls: "The sliders stand here as soon as a model runs.",
  sliderExample: "const rate = 0.1 slider 0 to 1",
  beforeEdit: "before the edit",
  beforeReset: "before the reset",
  againstGhost: "before",
  dropGhost: "Stop comparing with the run before",
  plot: (name: string) => `Plot ${name}`,
  runs: "Runs",
  runNow: "Now",
  runName: (number: number, values: readonly (readonly [string, number])[], from: string) => {
    const shown = values.slice(0, 2).map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
    const rest = values.length > 2 ? ` and ${values.length - 2} more` : "";
    return `Run ${number}: ${shown.length ? shown.join(", ") + rest : "as the model says"}${from ? `, from ${from} on` : ""}`;
  },
  keepRun: "Keep this run",
  pinsFull: (most: number) => `${most} runs are kept already. Remove one to make room.`,
  showRun: (name: string) => `Show ${name} in the charts`,
  renameRun: (name: string) => `Name of ${name}`,
  removeRun: (name: string) => `Remove ${name}`,
  changeFromHere: (time: string) => `Change from ${time}`,
  changeFromHereHelp: "Sliders act from the cursor's time on; the run so far stays",
  changesFrom: (time: string) => `Sliders act from ${time}`,
  endFork: "End the fork",
  end: "End",
  beforeFork: "without the fork",
  fork: "the fork",
  findVariable: "Find a variable",
  variable: "Variable",
  value: "Value",
  units: "Unit",
  valuesAt: (time: string) => `Values at ${time}`,
  kinds: (kind: string) =>
    ({ stock: "Stocks", flow: "Flows", auxiliary: "Auxiliaries", lookup: "Graphical functions", constant: "Constants" })[kind] ?? kind,
  moreVariables: (count: number) => `${plural(count, "more variable")}: type a part of a name to find them.`,
  noVariable: (text: string) => `No variable has “${text}” in its name.`,

  // charts
  charts: "Charts",

  showTable: "Show the run as a table",
  showCharts: "Show the charts",
  saveCsv: "Save the run as CSV",
  copyCsv: "Copy",
  copyCsvHelp: "Copy the run as CSV",
  csvCopied: "Copied",
  copyFailed: "The browser does not allow copying here.",

  running: "Running…",
  onRelease: (time: string) => `Run takes ${time}, updates on release`,
  cancelRun: "Cancel",

  // diagram
  diagram: "Diagram",

  // inspector
  inspector: "Variable",
  inspectorFailed: "The panel for a variable could not be loaded. Reload the page to try again; your text is kept.",
  sentence: (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`,

  clock: "Time settings",

  // editing in the diagram
  tools: "Editing",
  tool: { select: "Select and move", stock: "Stock", flow: "Flow", auxiliary: "Auxiliary", connector: "Connector" },
  toolHelp: (tool: string, key: string) => `${tool} (${key.toUpperCase()})`,
  newName: (kind: "stock" | "flow" | "auxiliary", number: number) =>
    `${{ stock: "Stock", flow: "flow", auxiliary: "auxiliary" }[kind]} ${number}`,
  nameFor: "Name",
  flowFrom: (name: string) => `From ${name || "outside"}. Now choose the stock that it goes to: Enter on a stock, Escape to stop.`,
  connectFrom: (name: string) => `From ${name}. Now choose what it acts on: Enter there, Escape to stop.`,
  stocksTakeFlows: "A stock is changed by flows alone: draw a flow to it.",
  deleteTitle: (names: readonly string[]) => `Delete ${names.length > 3 ? `${names.length} variables` : names.join(", ")}?`,
  deleteBreaks: "Something uses it and will be without an equation that works:",
  delete: "Delete",
  keepThem: "Keep",
  cannotEdit: "That cannot be done.",

  // time
  timeBar: "Time",

  // the text
  textPane: "Model text",
  editorFailed: "The editor could not be loaded. Reload the page to try again; your text is kept.",
  undo: "Undo all changes",
  undoStep: (label: string | null) => (label === null ? "Nothing to undo" : `Undo: ${label}`),
  redoStep: (label: string | null) => (label === null ? "Nothing to do again" : `Redo: ${label}`),
  steps: {
    text: "change of the text",
    revert: "back to the text as it was opened",
    fix: (text: string) => `change to ${text}`,
    value: (name: string) => `value of ${name}`,
    reset: "reset of the values",
    plotted: "choice of curves",
    equation: (name: string) => `equation of ${name}`,
    units: (name: string) => `unit of ${name}`,
    documentation: (name: string) => `documentation of ${name}`,
    range: (name: string) => `slider range of ${name}`,
    points: (name: string) => `points of ${name}`,
    rename: (before: string, after: string) => `${before} renamed to ${after}`,
    delete: (names: readonly string[]) => `${names.join(", ")} deleted`,
    add: (name: string) => `${name} added`,
    move: "move in the diagram",
    connect: (from: string, to: string) => `${from} connected to ${to}`,
    settings: "time settings",
  },
  line: (line: number, column: number) => `${line}:${column}`,
  changeTo: (text: string) => `Change to ${text}`,
  moreProblems: (count: number) => `and ${plural(count, "more problem")}`,
  resize: "Width of the charts",

  // states
  startTitle: "Start with a question",
  allModels: "All models",
  dropHere: "Drop the model to open it",
  startingPython: "Starting the Python compiler for this text…",
  doesNotRun: (name: string) => `${name} does not run yet`,
  noReason: "There is no run to show.",
  openAnother: "Open another file",
  showProblem: "Show problem",
  openWhatWorks: "Open what works",
  leftOut: (wrong: number, more: number, all: number) =>
    `${plural(wrong, "part")} of ${all.toLocaleString("en-US")} could not be used` +
    (more ? `, and ${more.toLocaleString("en-US")} more ${more === 1 ? "needs" : "need"} ${wrong === 1 ? "it" : "them"}` : ""),
  showLeftOut: "What is left out",
  needs: (names: readonly string[]) => `needs ${names.join(", which needs ")}`,
  lastGoodRun: "Showing the last run that worked",
  dismiss: "Close this message",
  notKept: "This browser keeps nothing for this page: copy your text before you leave.",
  breaksDown: (value: number, time: string, name: string) => `${Number.isNaN(value) ? "NaN" : "Infinity"} from t = ${time}, first in ${name}`,
  why: "Why this value",
  goTo: (time: string) => `Go to t = ${time}`,
  workerRestarted: (worker: string, reason: string) => `The ${worker} stopped: ${reason.replace(/\.$/, "")}. It was started again.`,
  workerRestartedAdvice: "Nothing you typed is lost.",
  samplesUnreachable: "The samples could not be loaded. You can open a file or write a new model.",
  sampleFailed: (name: string) => `The sample ${name} could not be opened.`,
  cannotRunHere: "Penstock cannot run here",
  noWebAssembly: "This browser has no WebAssembly, or it is switched off. Models run as WebAssembly; try a current Firefox, Chrome, Edge or Safari.",
  noWorkers: "This browser allows no background workers here. Open the page from a web server, not from a file.",

  // finding
  find: "Find a variable, command or sample",
  findShort: "Find variable or command",
  findKey: (mac: boolean) => (mac ? "⌘K" : "Ctrl K"),

  // sharing and saving
  share: "Share",
  formats: { pen: "Penstock", mdl: "Vensim", xmile: "XMILE", csv: "CSV", svg: "SVG", png: "PNG", wasm: "WebAssembly" },
  panelFailed: "This part of the page could not be loaded. Check the connection and try again.",
  linkOpenFailed: "The link could not be opened.",

  // files
  fileTooLarge: (name: string, bytes: number, limit: number) =>
    `${name} has ${megabytes(bytes)}; models of up to ${megabytes(limit)} are read.`,
  fileTooLargeAdvice: "The open model is untouched.",
  fileEmpty: (name: string) => `${name} is empty.`,
  fileEmptyAdvice: "The open model is untouched.",
  fileUnreadable: (name: string) => `${name} could not be read.`,
  fileUnreadableAdvice: "It may have been moved or changed. The open model is untouched.",
  fileNotText: (name: string) => `${name} is not a text file.`,
  fileNotTextAdvice: (endings: readonly string[]) => `Penstock reads ${endings.join(", ")} files. The open model is untouched.`,
};
