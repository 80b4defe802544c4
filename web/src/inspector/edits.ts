// Edits that Python makes in the text: it answers with a patch, so that the author's formatting stays. One at a time,
// each on the text that the one before it left.
import { RequestError } from "../client-api.js";
import type { Compiled } from "../client-api.js";
import type { Diagnostic } from "../../../worker/protocol.js";
import type { Calls, TextEdit, TextPatch } from "../../../worker/tools.js";
import { effect } from "../state/signals.js";
import type { Workbench } from "../state/workbench.js";

/** Calls that answer with an edit. */
export type EditCall = { [C in keyof Calls]: Calls[C]["result"] extends TextEdit ? C : never }[keyof Calls];
type Asked<C extends EditCall> = Omit<Calls[C]["arguments"], "model">;

/** What came of an edit: the text it leads to and what follows, or why it cannot be made. */
export type Outcome =
  | { readonly made: true; readonly text: string; readonly consequences: readonly Diagnostic[] }
  | { readonly made: false; readonly problems: readonly Diagnostic[] };

const queues = new WeakMap<Workbench, Promise<unknown>>();

/** What an edit would do to the open text; nothing changes. */
export async function preview<C extends EditCall>(bench: Workbench, call: C, asked: Asked<C>): Promise<Outcome> {
  const compiled = await settled(bench);
  return compiled ? answered(bench, compiled, call, asked) : { made: false, problems: bench.errors.peek() };
}

/** Makes an edit; `label` names the step for undo, and steps in a row with the same `key` are one. */
export function edit<C extends EditCall>(bench: Workbench, call: C, asked: Asked<C>, label: string, key = ""): Promise<Outcome> {
  const waiting = queues.get(bench) ?? Promise.resolve();
  const next = waiting.then(() => made(bench, call, asked, label, key));
  queues.set(
    bench,
    next.catch(() => {}),
  );
  return next;
}

async function made<C extends EditCall>(bench: Workbench, call: C, asked: Asked<C>, label: string, key: string): Promise<Outcome> {
  for (;;) {
    const compiled = await settled(bench);
    if (!compiled) return { made: false, problems: bench.errors.peek() };
    const outcome = await answered(bench, compiled, call, asked);
    if (bench.source.peek()?.text !== compiled.document.text) continue; // changed meanwhile: the patch is for another text
    if (outcome.made) bench.edit(outcome.text, label, key);
    return outcome;
  }
}

/** The model that the open text says, once it is compiled; null where it has errors. */
export function settled(bench: Workbench): Promise<Compiled | null> {
  return new Promise((resolve) => {
    let stop = (): void => {};
    let done = false;
    stop = effect(() => {
      const [busy, compiled, source] = [bench.compiles.busy.value, bench.compiled.value, bench.source.value];
      if (busy || done) return;
      done = true;
      resolve(compiled && compiled.document.text === source?.text ? compiled : null);
      queueMicrotask(() => stop());
    });
  });
}

async function answered<C extends EditCall>(bench: Workbench, compiled: Compiled, call: C, asked: Asked<C>): Promise<Outcome> {
  try {
    const about = { ...asked, model: compiled.model } as Calls[C]["arguments"];
    const answer = (await bench.client.ask(call, about)) as TextEdit;
    return { made: true, text: patched(compiled.document.text, answer.patch), consequences: answer.consequences };
  } catch (error) {
    if (error instanceof RequestError) return { made: false, problems: error.diagnostics };
    throw error;
  }
}

function patched(text: string, { changes }: TextPatch): string {
  let at = 0;
  let result = "";
  for (const change of changes) {
    const [start = 0, end = start] = change.range;
    result += text.slice(at, start) + change.text;
    at = end;
  }
  return result + text.slice(at);
}
