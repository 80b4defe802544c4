// Every word that the page says.

const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MB`;

export const S = {
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
  savedState: { unchanged: "", saving: "Saving…", saved: "Saved in this browser", unavailable: "Not saved" },
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
  resetAll: (count: number) => `Reset ${count}`,
  noSliders: "This model has no constant to move. Give one in the text:",
  noControls: "The sliders stand here as soon as a model runs.",
  sliderExample: "const rate = 0.1 slider 0 to 1",
  valueOf: (name: string) => `Value of ${name}`,
  wasValue: (value: string) => `was ${value}`,
  resetOne: (name: string, value: string) => `was ${value}: set ${name} back`,
  ghostOf: (name: string, value: number) => `before: ${name} ${Number(value.toPrecision(6))}`,
  beforeEdit: "before the edit",
  beforeReset: "before the reset",
  againstGhost: "before",
  dropGhost: "Stop comparing with the run before",
  plot: (name: string) => `Plot ${name}`,
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
  noUnits: "Values",
  nothingPlotted: "Nothing is plotted. Choose variables in the list of variables.",
  chartRole: "chart",
  chartLabel: (title: string, names: readonly string[]) => `${title}: ${names.join(", ")}`,
  chartKeys: "Arrow keys move the time cursor, Page Up and Page Down by a tenth, Home and End to the ends; Space plays.",
  chartTable: (title: string) => `${title} over time`,
  charts: "Charts",

  // diagram
  diagram: "Diagram",
  noDiagram: "This model has no diagram yet.",
  diagramLabel: (name: string) => `Diagram of ${name}`,
  diagramKeys:
    "Right and left arrow follow the links, up and down go from symbol to symbol; Enter opens, Escape closes; plus, minus and 0 set the size.",
  symbolLabel: (
    name: string,
    kind: string,
    value = "",
    units = "",
    time = "",
    flows?: { readonly inflows: number; readonly outflows: number },
  ) =>
    [
      name,
      kind,
      value ? `${value}${units ? ` ${units}` : ""} at ${time}` : "",
      flows?.inflows ? plural(flows.inflows, "inflow") : "",
      flows?.outflows ? plural(flows.outflows, "outflow") : "",
    ]
      .filter(Boolean)
      .join(", "),
  zoom: "Size of the diagram",
  zoomIn: "Larger",
  zoomOut: "Smaller",
  zoomFit: "Show all",

  // inspector
  inspector: "Variable",
  closeInspector: "Close and go back to the controls",
  inspectorFailed: "The panel for a variable could not be loaded. Reload the page to try again; your text is kept.",
  equation: "Equation",
  initialValue: "Initial value",
  flowsFromTo: (from: string, to: string) => `${from || "outside"} → ${to || "outside"}`,
  noUnitsGiven: "none given",
  rangeSeen: "Range seen",
  fromTo: (low: string, high: string) => `${low} – ${high}`,
  noValues: "no values",
  documentation: "Documentation",
  group: "Group",
  elements: "Elements",
  elementCount: (count: number) => `${count.toLocaleString("en-US")} elements`,
  stepByStep: "Step by step",
  notTaken: "not taken",
  moreSteps: (count: number) => `and ${plural(count, "more step")}`,
  causes: "Causes",
  effects: "Effects",
  polarityHelp: { "+": "The same way: more of one is more of the other", "-": "The opposite way: more of one is less of the other" },
  onlyAtStart: "at the start",
  loops: "Feedback loops",
  loopHelp: {
    R: "Reinforcing: a change comes back larger. Press to see it in the diagram",
    B: "Balancing: a change is countered. Press to see it in the diagram",
    "?": "Which way it acts depends on the values. Press to see it in the diagram",
  },
  loopLabel: (mark: string, polarity: "R" | "B" | "?", names: readonly string[], delays: number) =>
    `${mark}, ${{ R: "reinforcing", B: "balancing", "?": "not known" }[polarity]}: ${names.join(" to ")}${delays ? `, ${plural(delays, "delay")}` : ""}`,
  way: (names: readonly string[]) => [...names, names[0] ?? ""].join(" → "),
  moreLoops: (count: number) => `and ${plural(count, "more loop")}`,
  loopsIncomplete: (limit: number) => `The model has more than ${limit.toLocaleString("en-US")} loops; these are the shortest.`,

  // time
  time: (units: string) => units || "time",
  atTime: (units: string, time: string) => `${units || "time"} ${time}`,
  timeLabel: "Time",
  timeBar: "Time",
  play: "Play",
  pause: "Pause",
  loop: "Repeat when playing",
  speed: "Playing speed",
  times: (speed: number) => `${{ 0.25: "¼", 0.5: "½" }[speed] ?? speed}×`,

  // the text
  textPane: "Model text",
  editorFailed: "The editor could not be loaded. Reload the page to try again; your text is kept.",
  undo: "Undo all changes",
  line: (line: number, column: number) => `${line}:${column}`,
  moreProblems: (count: number) => `and ${plural(count, "more problem")}`,
  resize: "Width of the charts",

  // states
  startTitle: "Start with a question",
  startLead: "Open a model, drag a slider, and watch the answer move.",
  dropAnywhere: "or drop a .mdl, .xmile, .stmx or .pen file anywhere",
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
  goTo: (time: string) => `Go to t = ${time}`,
  workerRestarted: (worker: string, reason: string) => `The ${worker} stopped: ${reason.replace(/\.$/, "")}. It was started again.`,
  workerRestartedAdvice: "Nothing you typed is lost.",
  samplesUnreachable: "The samples could not be loaded. You can open a file or write a new model.",
  sampleFailed: (name: string) => `The sample ${name} could not be opened.`,
  cannotRunHere: "Penstock cannot run here",
  noWebAssembly: "This browser has no WebAssembly, or it is switched off. Models run as WebAssembly; try a current Firefox, Chrome, Edge or Safari.",
  noWorkers: "This browser allows no background workers here. Open the page from a web server, not from a file.",

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
