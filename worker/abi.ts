// Made by `python build.py generate` from pyengine/penstock/abi.py; do not edit.

export const ABI = 2;
export const LAYOUT_SECTION = "penstock.layout";
export const MAX_RESULT_BYTES = 1073741824;
export const EXPORT_NAMES = ["memory", "run", "run_initials", "run_to", "reset", "set_value", "clear_values", "get_error", "saved_steps", "n_slots", "row_offset", "n_rows", "results_offset", "full_rows", "snapshot_size", "snapshot", "restore", "allocate", "deallocate", "process"] as const;
export const Clock = {"TIME": 0, "DT": 1, "START": 2, "STOP": 3, "SAVE_STEP": 4, "STEP": 6} as const;
export const SetValue = {"OK": 0, "NOT_SETTABLE": 1, "TOO_LATE": 2, "BAD_VALUE": 3} as const;
export const RunError = {"NONE": 0, "BAD_TIME": 1, "BAD_DT": 2, "STOP_BEFORE_START": 3, "BAD_SAVE_STEP": 4, "TOO_MANY_ROWS": 5, "TOO_MUCH_MEMORY": 6} as const;

/** How models spell settings: canonical names, and the kind of the input each means. */
export const SETTING_SPELLINGS: Record<string, string> = {"dt": "dt", "time_step": "dt", "starttime": "start", "start_time": "start", "initial_time": "start", "stoptime": "stop", "stop_time": "stop", "final_time": "stop", "saveper": "save_step", "save_step": "save_step"};

/** What a blob exports. */
export interface Exports {
  /** one linear memory */
  memory: WebAssembly.Memory;
  /** a full run from the start, whatever came before */
  run: () => void;
  /** evaluate initial values; idempotent until reset */
  run_initials: () => void;
  /** take every whole step up to t; then the live row is complete */
  run_to: (t: number) => void;
  /** cursor and live row as in a new instance; overrides stay */
  reset: () => void;
  /** a code of `SetValue` */
  set_value: (input: number, value: number) => number;
  /** drop all overrides */
  clear_values: () => void;
  /** 0, or a code of `RunError`, its place in the upper half */
  get_error: () => bigint;
  /** rows saved so far */
  saved_steps: WebAssembly.Global;
  /** doubles in the live row */
  n_slots: WebAssembly.Global;
  /** where the live row starts */
  row_offset: WebAssembly.Global;
  /** rows that there is room for */
  n_rows: WebAssembly.Global;
  /** where the columns start */
  results_offset: WebAssembly.Global;
  /** not zero once an override made a fixed column vary */
  full_rows: WebAssembly.Global;
  /** bytes that `snapshot` writes */
  snapshot_size: WebAssembly.Global;
  /** write state and inputs, no rows, to a place in memory */
  snapshot: (at: number) => void;
  /** take over such a state: 0; another program's: 1, and nothing is */
  restore: (at: number) => number;
  /** bytes to write to; 0 where there are none */
  allocate: (size: number) => number;
  /** give them back */
  deallocate: (at: number, size: number) => void;
  /** a run from a request's bytes; where the reply stands, its length at `out` */
  process: (request: number, length: number, out: number) => number;
}

export interface InputLayout {
  name: string;
  kind: string;
  input: number;
  count?: number;
}

export interface VariableLayout {
  name: string;
  kind: string;
  slot: number;
  column: number;
  dims?: string[];
  missing?: number[];
  units?: string;
}

export interface Layout {
  abi: number;
  compiler: string;
  model: string;
  name: string;
  method: string;
  varying: number;
  columns: number;
  inputs: InputLayout[];
  variables: VariableLayout[];
  dims: Record<string, string[]>;
  bytes: number;
  lanes?: number;
}

export interface SliderRow {
  name: string;
  low: number;
  high: number;
  step: number | null;
  value: number;
  authored: boolean;
}

export interface DescribedVariable {
  name: string;
  kind: string;
  units: string;
  documentation: string;
  equation: string;
}

export interface Document {
  name: string;
  text: string;
  format: string;
  documentation: string;
  time_units: string;
  method: string;
  sliders: SliderRow[];
  variables: DescribedVariable[];
}
