// What is typed in the inspector and not in the model yet. It outlives the field: whoever comes back finds it.
import type { Workbench } from "../state/workbench.js";

const drafts = new WeakMap<Workbench, Map<string, string>>();

function of(bench: Workbench): Map<string, string> {
  const found = drafts.get(bench) ?? new Map<string, string>();
  drafts.set(bench, found);
  return found;
}

const keyOf = (bench: Workbench, field: string): string => `${bench.source.peek()?.name ?? ""}\n${bench.source.peek()?.original.length}\n${field}`;

export function draftOf(bench: Workbench, field: string): string | undefined {
  return of(bench).get(keyOf(bench, field));
}

/** Keeps what is typed; what the model has already needs no keeping. */
export function keepDraft(bench: Workbench, field: string, text: string, known: string): void {
  if (text === known) of(bench).delete(keyOf(bench, field));
  else of(bench).set(keyOf(bench, field), text);
}
