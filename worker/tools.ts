// Made by `python build.py generate` from pyengine/penstock/tools/table.py; do not edit.
import type { Diagnostic, Override, Specs } from "./protocol.js";

/** A number; JSON has no other way to write the last three. */
export type Value = number | "NaN" | "Infinity" | "-Infinity";

/** A change to a text. */
export interface TextChange {
  /** what it replaces, in UTF-16 units of the text before */
  range: number[];
  /** what comes in its place */
  text: string;
}

/** Changes to a text that belong together. */
export interface TextPatch {
  /** in order, none of which overlap */
  changes: TextChange[];
  /** digest of the text that it is for */
  before: string;
  /** digest of the text that it leads to */
  after: string;
}

/** An edit, proved by reading the text that it leads to. */
export interface TextEdit {
  /** what to change in the model's text */
  patch: TextPatch;
  /** what takes it back */
  inverse: TextPatch;
  /** what breaks, and what else to know; ranges in the text before */
  consequences: Diagnostic[];
}

/** A symbol's new place. */
export interface SymbolMove {
  /** what it shows, or its number in its view, from 0 */
  item: string | number;
  /** centre */
  x: number;
  /** centre */
  y: number;
  /** which view, from 0; the first when absent */
  view?: number;
}

/** A label beside its symbol. */
export interface DiagramLabel {
  /** the name, broken where it is long */
  lines: string[];
  /** where the anchor is */
  x: number;
  /** top of the first line */
  y: number;
  /** which end of the text is at x */
  anchor: "start" | "middle" | "end";
  /** left, top, right, bottom */
  box: number[];
}

/** A symbol of a diagram. */
export interface DiagramSymbol {
  /** what pipes and arrows call it */
  id: number;
  /** what it is; a flow's symbol is its valve */
  kind: "stock" | "flow" | "auxiliary" | "constant" | "lookup" | "module" | "cloud" | "alias" | "comment";
  /** as written; empty for clouds */
  name: string;
  /** centre */
  x: number;
  /** centre */
  y: number;
  /** whole size */
  width: number;
  /** whole size */
  height: number;
  /** its name, where it is shown beside */
  label: DiagramLabel | null;
  /** stands for an array */
  arrayed: boolean;
  /** a conveyor or a queue */
  belt: boolean;
  /** a valve on a pipe that runs vertically there */
  upright: boolean;
  /** its view's number, where it stands there, and its own number there; absent where the layout is automatic */
  place?: number[];
}

/** A flow's pipe. */
export interface DiagramPipe {
  /** id of the valve */
  flow: number;
  /** id of the stock or cloud it comes from */
  source: number | null;
  /** id of the stock or cloud it goes to */
  target: number | null;
  /** pairs of x and y */
  points: number[][];
}

/** An influence. */
export interface DiagramArrow {
  /** id of a symbol */
  source: number;
  /** id of a symbol */
  target: number;
  /** pairs of x and y */
  points: number[][];
  /** of an arc between the two points; 0 for a line through all of them */
  radius: number;
  /** 1 for a clockwise arc */
  sweep: number;
  /** 1 for the longer arc */
  large: number;
  /** direction of the head */
  heading: number[];
  /** counts only for initial values */
  initial: boolean;
  /** its view's number and its own there */
  place?: number[];
}

/** A box around what belongs together. */
export interface DiagramFrame {
  /** of a sector or view */
  title: string;
  /** left, top, right, bottom */
  box: number[];
}

/** A stock and flow diagram. */
export interface Diagram {
  /** the model's or the view's */
  name: string;
  /** of the whole, in pixels */
  width: number;
  /** of the whole, in pixels */
  height: number;
  /** in the order they are read in */
  symbols: DiagramSymbol[];
  /** of flows */
  pipes: DiagramPipe[];
  /** between symbols */
  arrows: DiagramArrow[];
  /** behind the rest */
  frames: DiagramFrame[];
}

/** A model that calls can be about. */
export interface ModelRow {
  /** content hash */
  model: string;
  /** the model's name */
  name: string;
  /** the file's name */
  source: string;
  /** mdl, xmile or pen */
  format: string;
  /** how many it has */
  variables: number;
}

/** A part of a variable that can be changed by itself. */
export interface WrittenPart {
  /** of the variable, with the subscripts that the equation is for */
  name: string;
  /** a stock's value is its initial value */
  part: "value" | "rate" | "initial";
  /** the expression; empty where there are only points */
  text: string;
  /** where it stands in the text, in UTF-16 units */
  range: number[] | null;
  /** of a graphical function that it goes through */
  points: PointsRow | null;
}

/** What a text says of a variable. */
export interface Written {
  /** as written; qualified with dots in a module */
  name: string;
  /** as written; empty where there are none */
  units: string;
  /** what its equation comes to, where it has no units */
  inferred_units: string;
  /** as written */
  documentation: string;
  /** the author's bounds, null where there is none */
  limits: (Value | null)[];
  /** of a slider */
  step: Value | null;
  /** in the order of the text */
  equations: WrittenPart[];
}

/** A variable without its equation. */
export interface VariableRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** what it is */
  kind: "stock" | "flow" | "auxiliary" | "constant" | "lookup" | "time";
  /** as written; empty where there are none */
  units: string;
  /** as written */
  documentation: string;
  /** dimensions, in order */
  dims: string[];
  /** the author's; empty where there is none */
  group: string;
  /** a module's or macro's input or output */
  access: "" | "input" | "output";
  /** where it stands in the text, in UTF-16 units */
  range: number[] | null;
}

/** A dimension or subrange. */
export interface DimensionRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** their names, in order */
  elements: string[];
}

/** A submodel in its place. */
export interface ModuleRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** the model it holds */
  model: string;
  /** where it stands in the text, in UTF-16 units */
  range: number[] | null;
}

/** A function that the model defines. */
export interface MacroRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** names of its inputs */
  parameters: string[];
  /** where it stands in the text, in UTF-16 units */
  range: number[] | null;
}

/** What a model has, without values. */
export interface Introspection {
  /** content hash */
  model: string;
  /** as written; qualified with dots in a module */
  name: string;
  /** mdl, xmile or pen */
  format: string;
  /** the model's own */
  documentation: string;
  /** integration method */
  method: string;
  /** as written */
  time_units: string;
  /** in the order of the file */
  variables: VariableRow[];
  /** in the order of the file */
  dimensions: DimensionRow[];
  /** of the main model */
  modules: ModuleRow[];
  /** in the order of the file */
  macros: MacroRow[];
  /** in the order of the file */
  groups: string[];
}

/** A variable's values at one time. */
export interface Values {
  /** as written; qualified with dots in a module */
  name: string;
  /** names of an array's elements; empty for a scalar */
  elements: string[];
  /** one for each element, or one */
  values: Value[];
}

/** The points of a graphical function, or of data. */
export interface PointsRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** of an array; empty for a scalar */
  element: string;
  /** continuous, extrapolate, discrete, or how data are taken */
  kind: string;
  /** ascending */
  x: Value[];
  /** as many */
  y: Value[];
  /** for display */
  x_range: Value[] | null;
  /** for display */
  y_range: Value[] | null;
}

/** How a run goes. */
export interface Settings {
  /** start time */
  start: Value;
  /** stop time */
  stop: Value;
  /** time step */
  dt: Value;
  /** time between saved rows */
  save_step: Value;
  /** seed of the random functions */
  seed: Value;
  /** integration method */
  method: string;
}

/** A model's data. */
export interface Resolved {
  /** content hash */
  model: string;
  /** with overrides */
  constants: Values[];
  /** of stocks, as the run starts */
  initial: Values[];
  /** of graphical functions, data from files included */
  lookups: PointsRow[];
  /** with elements from files */
  dimensions: DimensionRow[];
  /** with those that replace the model's */
  settings: Settings;
}

/** What was found. */
export interface Findings {
  /** whether none of them is an error */
  ok: boolean;
  /** by place */
  diagnostics: Diagnostic[];
}

/** A range in which to drag a constant. */
export interface SliderInfo {
  /** least value */
  low: Value;
  /** greatest value */
  high: Value;
  /** between values; any where null */
  step: Value | null;
  /** the model's own */
  value: Value;
}

/** A name to complete. */
export interface NameRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** as an equation of the dialect writes it */
  insert: string;
  /** what it is */
  kind: "stock" | "flow" | "auxiliary" | "constant" | "lookup" | "time";
  /** as written; empty where there are none */
  units: string;
  /** dimensions, in order */
  dims: string[];
  /** the author's bounds, null where there is none */
  value_range: (Value | null)[];
  /** of a constant */
  slider: SliderInfo | null;
}

/** A built-in at work. */
export interface Example {
  /** in the dialect */
  expression: string;
  /** what it is */
  value: Value;
}

/** A built-in function to complete. */
export interface FunctionRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** all that the dialect has for it */
  spellings: string[];
  /** parameters in parentheses; ? may be left out, … any number */
  signature: string;
  /** their names */
  parameters: string[];
  /** what it does */
  meaning: string;
  /** what it is about */
  group: string;
  /** some */
  examples: Example[];
}

/** What completion and sliders need. */
export interface FieldDescriptors {
  /** mdl, xmile or pen */
  dialect: string;
  /** in the order of the file */
  names: NameRow[];
  /** in the order of the file */
  dimensions: DimensionRow[];
  /** by name */
  functions: FunctionRow[];
  /** operators and words that the dialect reserves */
  words: string[];
}

/** A variable's or element's values. */
export interface Series {
  /** as written; qualified with dots in a module */
  name: string;
  /** one for each time */
  values: Value[];
}

/** A hidden state of a built-in function. */
export interface State {
  /** what it is for */
  name: string;
  /** how it changes */
  kind: "stock" | "memory" | "held" | "kept";
  /** one for each time */
  values: Value[];
}

/** A sub-expression. */
export interface Piece {
  /** the piece around it, by its place in the list; -1 for none */
  parent: number;
  /** what it is */
  kind: "number" | "reference" | "operator" | "call" | "list";
  /** of a reference, an operator or a function */
  name: string;
  /** evaluated at each time, or once at the start */
  when: "step" | "start";
  /** in the text, in UTF-16 units; null where it is implied */
  range: number[] | null;
  /** as written */
  text: string;
  /** for each time, or once; null where another side of a choice was taken. Inside a sum or the like: all times of the first element, then of the next */
  values: (Value | null)[];
  /** that a sum or the like runs over */
  elements?: string[];
  /** of a call */
  states?: State[];
}

/** An equation with its values. */
export interface TracedEquation {
  /** or an element; in a macro, the call and its own name */
  variable: string;
  /** the variable whose macro call it belongs to; else empty */
  within: string;
  /** of the variable */
  part: "value" | "net flow" | "initial value" | "next value";
  /** evaluated at each time, or once at the start */
  when: "step" | "start";
  /** where it stands in the text, in UTF-16 units */
  range: number[] | null;
  /** that the variable has; none for a net flow */
  values: Value[];
  /** whether these are the equation's, or what it was put through; set from outside */
  outcome: "equation" | "graphical function" | "limited" | "set";
  /** sub-expressions, each after the one around it */
  pieces: Piece[];
}

/** Why values are what they are. */
export interface Trace {
  /** content hash */
  model: string;
  /** the engine that ran */
  engine: string;
  /** of the saved steps */
  times: Value[];
  /** as the run has them, bit for bit */
  variables: Series[];
  /** those asked for, and of the macros in them */
  equations: TracedEquation[];
}

/** A picture. */
export interface Drawing {
  /** the text of the file */
  svg: string;
}

/** A part of a model. */
export interface Copied {
  /** Penstock text */
  text: string;
}

/** A model in another format. */
export interface Conversion {
  /** of the file */
  text: string;
  /** warnings; without any, the text reads back as the same model */
  losses: Diagnostic[];
}

/** What answers. */
export interface EngineVersion {
  /** version of the package */
  release: string;
  /** version of the blob's interface */
  abi: number;
  /** version of the messages */
  protocol: number;
  /** that run requests may name */
  engines: string[];
  /** version */
  python: string;
}

/** A digest that is the same where results are. */
export interface EngineHash {
  /** SHA-256 over the sources that decide results, and the versions */
  hash: string;
  /** how many */
  files: number;
}

/** A variable in the graph; arrays are one. */
export interface NodeRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** what it is */
  kind: "stock" | "flow" | "auxiliary" | "constant" | "lookup" | "time";
}

/** A causal link. */
export interface LinkRow {
  /** the cause */
  source: string;
  /** what it acts on */
  target: string;
  /** which way; ? where neither is known */
  polarity: "+" | "-" | "?";
  /** in an equation; fills or drains a stock; from a graphical function; at the start only */
  kind: "equation" | "flow" | "lookup" | "initial";
  /** whether it acts only through a delay, smooth or the like */
  delayed: boolean;
}

/** What causes what. */
export interface CausalGraph {
  /** content hash */
  model: string;
  /** in the order of the file */
  nodes: NodeRow[];
  /** by target */
  links: LinkRow[];
  /** variables in feedback with each other */
  components: string[][];
}

/** A feedback loop. */
export interface LoopRow {
  /** polarity, number and stocks */
  name: string;
  /** reinforcing, balancing, or not known */
  polarity: "R" | "B" | "?";
  /** in the order of cause and effect, from the first stock on */
  variables: string[];
  /** among them */
  stocks: string[];
  /** from each to the next */
  links: LinkRow[];
  /** how many of the links are delayed */
  delays: number;
}

/** The loops of a model. */
export interface FeedbackLoops {
  /** content hash */
  model: string;
  /** shortest first */
  loops: LoopRow[];
  /** whether these are all */
  complete: boolean;
  /** there are more than this where they are not */
  limit: number;
}

/** A variable that feeds another, directly or not. */
export interface ReachedRow {
  /** as written; qualified with dots in a module */
  name: string;
  /** fewest links between */
  distance: number;
  /** the neighbour on a shortest way */
  via: string;
}

/** What is upstream and downstream. */
export interface Neighbourhood {
  /** content hash */
  model: string;
  /** as written; qualified with dots in a module */
  name: string;
  /** what feeds it, nearest first */
  causes: ReachedRow[];
  /** what it feeds, nearest first */
  effects: ReachedRow[];
}

/** A run to be checked. */
export interface RunRequest {
  /** values that replace the model's */
  overrides?: Override[];
  /** settings that replace the model's */
  specs?: Specs;
  /** variables to return */
  save?: string[];
}

/** What each call takes, and what it answers. */
export interface Calls {
  /** The models that calls can be about. */
  listModels: {
    arguments: Record<string, never>;
    result: ModelRow[];
  };
  /** What a model has: names, kinds, units, dimensions, groups. */
  introspect: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
    };
    result: Introspection;
  };
  /** A model's data: constants, initial values, points, elements, settings. */
  introspectResolved: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** values that replace the model's */
      overrides?: Override[];
      /** settings that replace the model's */
      specs?: Specs;
    };
    result: Resolved;
  };
  /** What the text says of a variable, part by part, as an editor shows it; with the units that fit it. */
  written: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** as written; qualified with dots in a module */
      name: string;
    };
    result: Written;
  };
  /** Whether a text can be read as a model, and what is wrong with it. Meaning is not looked at. */
  validate: {
    arguments: {
      /** the model's text */
      text: string;
      /** file name, shown in messages */
      name?: string;
      /** mdl, xmile or pen; told from name and text when absent */
      format?: string;
    };
    result: Findings;
  };
  /** Whether an equation would be right for a variable, or a run request for a model: names, arguments, units, dimensions, circles. Ranges are in the equation's text. */
  validateFor: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** whose equation it would be */
      variable?: string;
      /** its right-hand side, in the model's language */
      equation?: string;
      /** of the variable; its value when absent */
      part?: "value" | "rate" | "initial";
      /** the request, where a run is to be checked */
      run?: RunRequest;
    };
    result: Findings;
  };
  /** What completion and sliders need: every name, and every built-in function of a dialect. */
  fieldDescriptors: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** mdl, xmile or pen; the model's own when absent */
      dialect?: string;
    };
    result: FieldDescriptors;
  };
  /** Why a value is what it is: variables and sub-expressions of equations at each saved step of a run. */
  traceRun: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** variables or elements whose equations to take apart */
      equations?: string[];
      /** values that replace the model's */
      overrides?: Override[];
      /** settings that replace the model's */
      specs?: Specs;
      /** wasm or vm; the default engine when absent */
      engine?: string;
      /** earliest time; the start when absent */
      first?: number;
      /** latest time; the end when absent */
      last?: number;
      /** variables to return; all when absent */
      save?: string[];
    };
    result: Trace;
  };
  /** Variables, and the links between them with polarity. */
  causalGraph: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** look at a run for the signs that rules leave open; true when absent */
      run?: boolean;
    };
    result: CausalGraph;
  };
  /** Feedback loops with polarity: all of them, or in a large model the shortest that cover every link. */
  feedbackLoops: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** look at a run for the signs that rules leave open; true when absent */
      run?: boolean;
      /** how many are enumerated; 200 when absent */
      limit?: number;
    };
    result: FeedbackLoops;
  };
  /** What feeds a variable and what it feeds, with distances. */
  feeds: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** as written; qualified with dots in a module */
      name: string;
      /** how far to go; all the way when absent */
      depth?: number;
    };
    result: Neighbourhood;
  };
  /** The stock and flow diagram: as the author drew it, else laid out automatically. */
  diagram: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
    };
    result: Diagram;
  };
  /** The same diagram as a picture: an SVG file without scripts. */
  draw: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** its colours; light when absent */
      theme?: "light" | "dark" | "print";
    };
    result: Drawing;
  };
  /** A model as text in another format, and what that format cannot say of it. */
  convert: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** the format to write */
      format: "mdl" | "xmile" | "pen";
    };
    result: Conversion;
  };
  /** Variables as Penstock text of their own, with their symbols and arrows, for `paste`. */
  copied: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** variables of the main model */
      names: string[];
    };
    result: Copied;
  };
  /** Another name for a variable, dimension, element, module or macro, wherever it is named. */
  rename: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** its name */
      old: string;
      /** the name it gets */
      new: string;
    };
    result: TextEdit;
  };
  /** A variable taken out, with its symbols and arrows; what used it is among the consequences. */
  delete: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** an expression in the place of every use */
      value?: string;
    };
    result: TextEdit;
  };
  /** A part of an equation as an auxiliary of its own; results stay the same to the last bit. */
  extract: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** the selection in the text, in UTF-16 units */
      range: number[];
      /** the name of the auxiliary */
      new: string;
      /** inferred when absent */
      units?: string;
    };
    result: TextEdit;
  };
  /** Another kind for a variable. */
  changeKind: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** what it becomes */
      kind: "stock" | "flow" | "auxiliary" | "constant";
    };
    result: TextEdit;
  };
  /** A new variable, and its symbol where the model has a diagram. */
  add: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** what it is */
      kind: "stock" | "flow" | "auxiliary" | "constant" | "lookup";
      /** its name */
      new: string;
      /** in the model's language; a stock's initial value; 0 when absent */
      equation?: string;
      /** of the variable */
      units?: string;
      /** of the variable */
      documentation?: string;
      /** x and y of its symbol in the first view */
      place?: number[];
      /** the stock that a flow drains */
      source?: string;
      /** the stock that a flow fills */
      target?: string;
      /** pairs of x and y, of a lookup */
      points?: number[][];
      /** dimensions, of an array */
      subscripts?: string[];
      /** the variable behind which it stands; the last when absent */
      after?: string;
    };
    result: TextEdit;
  };
  /** A flow that fills or drains a stock from now on. */
  connect: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** its name */
      stock: string;
      /** its name */
      flow: string;
      /** whether it fills or drains; fills when absent */
      direction?: "in" | "out";
    };
    result: TextEdit;
  };
  /** A flow taken off a stock. */
  disconnect: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** its name */
      stock: string;
      /** its name */
      flow: string;
    };
    result: TextEdit;
  };
  /** Another equation for a variable. */
  setEquation: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** its right-hand side, in the model's language */
      equation: string;
      /** of the variable; its value when absent */
      part?: "value" | "rate" | "initial";
    };
    result: TextEdit;
  };
  /** Other units for a variable. */
  setUnits: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** empty for none */
      units: string;
    };
    result: TextEdit;
  };
  /** Other documentation for a variable. */
  setDocumentation: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** empty for none */
      text: string;
    };
    result: TextEdit;
  };
  /** Other points for a graphical function. */
  setPoints: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** ascending */
      x: number[];
      /** as many */
      y: number[];
    };
    result: TextEdit;
  };
  /** The range in which a constant is dragged. */
  setRange: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** least value; none when absent */
      low?: number;
      /** greatest value; none when absent */
      high?: number;
      /** between values */
      step?: number;
    };
    result: TextEdit;
  };
  /** Other settings of the clock. */
  setSettings: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** an expression */
      start?: string;
      /** an expression */
      stop?: string;
      /** an expression */
      dt?: string;
      /** an expression */
      save_step?: string;
      /** the integration method */
      method?: string;
      /** units */
      time_units?: string;
    };
    result: TextEdit;
  };
  /** Symbols in other places; a model without a view gets one first, from the automatic layout. */
  move: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** which symbols, and where to */
      moves: SymbolMove[];
    };
    result: TextEdit;
  };
  /** A module: of a submodel that there is, else of a new one with the same name. */
  addModule: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** its name */
      new: string;
      /** the submodel */
      of?: string;
      /** x and y of its symbol in the first view */
      place?: number[];
    };
    result: TextEdit;
  };
  /** A second symbol for a variable. */
  alias: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** a variable; qualified with dots in a module, with subscripts for one equation */
      name: string;
      /** x and y of the symbol */
      place: number[];
      /** which view, from 0; the first when absent */
      view?: number;
    };
    result: TextEdit;
  };
  /** Another end for a flow: it comes from, or goes to, another stock or the outside. */
  attach: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** its name */
      flow: string;
      /** which of its ends */
      end: "source" | "target";
      /** its name; the outside when absent */
      stock?: string;
      /** x and y of the end outside, in the view that shows the flow */
      place?: number[];
    };
    result: TextEdit;
  };
  /** An arrow in the diagram; equations stay as they are. */
  drawArrow: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** where it comes from */
      source: string;
      /** where it goes to */
      target: string;
      /** which view, from 0; the first when absent */
      view?: number;
    };
    result: TextEdit;
  };
  /** An arrow bent so that it runs through a point. */
  bend: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** its number in its view, from 0 */
      arrow: number;
      /** x and y */
      through: number[];
      /** which view, from 0; the first when absent */
      view?: number;
    };
    result: TextEdit;
  };
  /** What `copied` answers, of this model or another, under names that are free; with symbols in the first view. */
  paste: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** Penstock text */
      text: string;
      /** x and y of the middle of the symbols */
      place?: number[];
      /** which view, from 0; the first when absent */
      view?: number;
    };
    result: TextEdit;
  };
  /** Aliases, comments and arrows taken off the diagram; the model stays as it is. */
  erase: {
    arguments: {
      /** content hash of a compiled model; its only one where there is one */
      model?: string;
      /** their numbers in their view, from 0 */
      symbols?: number[];
      /** their numbers in their view, from 0 */
      arrows?: number[];
      /** which view, from 0; the first when absent */
      view?: number;
    };
    result: TextEdit;
  };
  /** Versions of what answers. */
  engineVersion: {
    arguments: Record<string, never>;
    result: EngineVersion;
  };
  /** A digest of all sources that decide results: where it is the same, so are results, bit for bit. */
  engineHash: {
    arguments: Record<string, never>;
    result: EngineHash;
  };
}
