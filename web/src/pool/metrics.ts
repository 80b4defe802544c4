// What all workers have counted, as one.
import type { Metrics } from "./messages.js";

/** Counts and sizes add up; times are those of the slowest. */
export function pooled(rows: readonly Metrics[]): Metrics {
  const sum = (key: keyof Metrics) => rows.reduce((total, row) => total + row[key], 0);
  const most = (key: keyof Metrics) => rows.reduce((top, row) => Math.max(top, row[key]), 0);
  return {
    runs: sum("runs"),
    seconds: sum("seconds"),
    chunksOk: sum("chunksOk"),
    chunksFailed: sum("chunksFailed"),
    heapBytes: sum("heapBytes"),
    initMs: most("initMs"),
    uptimeMs: most("uptimeMs"),
  };
}

/** Runs a second over all workers' time. */
export function rate({ runs, seconds }: Metrics): number {
  return seconds > 0 ? runs / seconds : 0;
}
