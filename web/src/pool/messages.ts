// What a pool and its workers say to each other.

/** What a busy worker is doing, in this order. */
export const PHASES = ["fetching", "simulating", "signing", "submitting"] as const;
export type Phase = (typeof PHASES)[number];

/** Numbers that a worker counts; those of all workers are added up by `pooled`. */
export interface Metrics {
  runs: number;
  seconds: number;
  chunksOk: number;
  chunksFailed: number;
  heapBytes: number;
  initMs: number;
  uptimeMs: number;
}

export type ToWorker =
  | { type: "init"; module: WebAssembly.Module }
  | { type: "prime"; data: unknown }
  | { type: "metrics" }
  | { type: "chunk"; task: number; job: string; chunk: number; payload: unknown }
  /** Nobody wants this task any more: the next slice is not begun, and the chunk fails. */
  | { type: "drop"; task: number };

export type FromWorker =
  | { type: "initialized" }
  | { type: "primed" }
  | { type: "metrics"; metrics: Metrics }
  | { type: "phase"; task: number; phase: Phase }
  | { type: "progress"; task: number; done: number }
  | { type: "chunk-done"; task: number; result: unknown; digest: string }
  | { type: "chunk-failed"; task: number; reason: string }
  | { type: "boot-failed"; check: string }
  | { type: "penstock:engine-trap"; task: number; reason: string }
  | { type: "penstock:unhandledrejection"; reason: string };

/** A worker, or what stands for one in a test. */
export interface PoolWorker {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}
