// What runs blobs, for the embed: one function of the bundle, which is both called in the page and started as the worker's
// whole script. It stands in the file once, and needs nothing from around it.
import type { Layout } from "../../../worker/abi.js";
import { BlobHost } from "../../../worker/blob.js";
import type { Table } from "../../../worker/blob.js";
import { diagnosticsOf } from "../../../worker/diagnostics.js";
import type { Diagnostic, Override } from "../../../worker/protocol.js";
import { tick } from "../../../worker/tick.js";

export { layoutOf } from "../../../worker/blob.js";
export { canonical } from "../../../worker/canonical.js";
export { finding, refusal } from "../../../worker/diagnostics.js";
export { Names } from "../../../worker/names.js";

/** What a runner is asked; page and worker are parts of one file, so nothing is checked. */
export type Ask =
  | { readonly type: "load"; readonly key: string; readonly module: WebAssembly.Module; readonly layout: Layout }
  | { readonly type: "run"; readonly key: string; readonly overrides: Override[]; readonly buffer?: ArrayBuffer | undefined }
  | { readonly type: "forget"; readonly key: string }
  | { readonly type: "ping" };
export type Question = Ask & { readonly id: number };

/** A run's table and how long it took; nothing where there is nothing to tell. */
export type Ran = Table & { readonly ms: number };
export type Answer = { readonly id: number } & ({ readonly found: Ran | undefined } | { readonly wrong: Diagnostic[] });

/** Answers questions here: one after the other, but for pings, which tell that slices of a run still end. */
export function answering(post: (answer: Answer) => void): (question: Question) => void {
  const hosts = new Map<string, BlobHost>();
  let turn = Promise.resolve();
  const answer = async (ask: Question): Promise<Ran | undefined> => {
    if (ask.type === "load") hosts.set(ask.key, new BlobHost(ask.module, ask.layout));
    if (ask.type === "forget") hosts.delete(ask.key);
    if (ask.type !== "run") return undefined;
    const start = performance.now();
    const steps = (hosts.get(ask.key) as BlobHost).run({ overrides: ask.overrides, ...(ask.buffer ? { buffer: ask.buffer } : {}) });
    let step = steps.next();
    for (; !step.done; step = steps.next()) await tick();
    return { ...step.value, ms: performance.now() - start };
  };
  return (ask) => {
    const { id } = ask;
    const answered = async (): Promise<void> => post(await answer(ask).then((found) => ({ id, found }), (error: unknown) => ({ id, wrong: diagnosticsOf(error) })));
    if (ask.type === "ping") void answered();
    else turn = turn.then(answered);
  };
}

/** Answers questions in a worker, whose global scope is `self`. */
export function serve(self: Pick<Worker, "postMessage" | "onmessage">): void {
  const receive = answering((answer) => self.postMessage(answer, "found" in answer && answer.found ? [answer.found.data.buffer] : []));
  self.onmessage = ({ data }) => receive(data);
}
