// The one place that names the signals library.
export { batch, computed, effect, signal, untracked } from "@preact/signals-core";
export type { ReadonlySignal, Signal } from "@preact/signals-core";
