// Runs in the page of test_workers.py: a client, and ways to harm its workers.
import { createClient } from "../../web/src/client.js";
import { RequestError, type PenstockClient, type Results } from "../../web/src/client-api.js";

type Name = "compiler" | "runner";

/** What a rejected promise says; "ok" for one that is kept. */
export async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "ok";
  } catch (error) {
    if (!(error instanceof RequestError)) return String(error);
    return error.superseded ? "superseded" : error.diagnostics.map(({ code }) => code).join(" ");
  }
}

/** Base64 of a result's values. */
export function bytes({ data }: Results): string {
  const view = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return btoa(Array.from(view, (byte) => String.fromCharCode(byte)).join(""));
}

/** A client whose workers are at hand, and understand two messages more: one to close, one to throw. */
export function harmable(pingMs: number) {
  const workers: { name: Name; worker: Worker }[] = [];
  const spawn = (name: Name) => {
    const address = new URL(`${name}-worker.js`, import.meta.url).href;
    const script = `
      addEventListener("message", (event) => {
        if (event.data === "close") close();
        if (event.data === "throw") setTimeout(() => { throw new Error("worker harmed by the test"); });
        if (typeof event.data === "string") event.stopImmediatePropagation();
      });
      await import(${JSON.stringify(address)});`;
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
    workers.push({ name, worker });
    return worker;
  };
  const client = createClient({ spawn, pingMs });
  const harm = (name: Name, how: string) => {
    const { worker } = workers.findLast((item) => item.name === name)!;
    if (how === "terminate") worker.terminate();
    else worker.postMessage(how);
  };
  return { client, harm, count: (name: Name) => workers.filter((item) => item.name === name).length };
}

export function pythonReady(client: PenstockClient): Promise<unknown> {
  return new Promise((resolve) => {
    client.onPython((state) => (state.phase === "ready" || state.phase === "failed") && resolve(state));
    client.bootPython();
  });
}

Object.assign(globalThis, { createClient, outcome, bytes, harmable, pythonReady });
