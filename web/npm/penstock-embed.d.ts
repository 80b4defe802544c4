/** `<penstock-model>`: importing this module defines it. Attributes, events and styles are in the manual under “Embedding”. */
export class PenstockModel extends HTMLElement {
  /** Resolves with the element once the first run is drawn; rejects where it cannot be. */
  readonly ready: Promise<this>;
  /** A bundle as an object, in place of `src`. */
  set model(bundle: unknown);
  /** The cursor, in the model's unit of time; NaN before `ready`. */
  time: number;
  engine: "wasm" | "vm";
  /** Values of constants and initial values by name. Throws on a name that the model does not have. */
  setParams(params: Readonly<Record<string, number>>): void;
  /** The values of all constants that have a range, and whatever else was set. */
  getParams(): Record<string, number>;
  /** Runs once more; `penstock-result` follows. */
  run(): void;
  play(): void;
  pause(): void;
  /** A copy of a variable's values at the saved times. */
  series(name: string): Float64Array;
  getState(): State;
  /** Takes what `getState` told, or a part of it. */
  setState(state: Partial<State>): void;
  /** The run on show: time first, then every variable, 17 digits. */
  toCSV(): Promise<string>;
  /** Diagram and charts as they are on show, as an SVG file. */
  toSVG(): Promise<string>;
  /** A link that opens this state in the workbench; null where none is named. */
  link(): Promise<string | null>;
}

export interface State {
  readonly params: Record<string, number>;
  readonly time: number;
  readonly plots: readonly (readonly string[])[];
  readonly speed: number;
  readonly loop: boolean;
}

/** All bubble, out of shadow trees too. */
export interface PenstockEvents {
  "penstock-ready": CustomEvent<{ name: string }>;
  "penstock-input": CustomEvent<{ name: string; value: number; params: Record<string, number> }>;
  "penstock-result": CustomEvent<{ ms: number; engine: "wasm"; steps: number }>;
  "penstock-timechange": CustomEvent<{ time: number }>;
  "penstock-error": CustomEvent<{ message: string; advice: string }>;
  "penstock-engine-mismatch": CustomEvent<{ reference: string }>;
}

declare global {
  interface HTMLElementTagNameMap {
    "penstock-model": PenstockModel;
  }
  interface HTMLElementEventMap extends PenstockEvents {}
}
