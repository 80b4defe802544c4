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
      import ${JSON.stringify(address)};
      addEventListener("message", ({ data }) => {
        if (data === "close") close();
        if (data === "throw") setTimeout(() => { throw new Error("worker harmed by the test"); });
      });`;
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

/** What a test does in the page; one that hangs is an error. */
export function within<T>(seconds: number, action: () => Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("it took too long")), 1000 * seconds));
  return Promise.race([action(), late]);
}

Object.assign(globalThis, { within, createClient, outcome, bytes, harmable, pythonReady });
