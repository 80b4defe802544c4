// Boots Pyodide with the site's wheels, all below the worker's own address, and tells how far it is.
import type { PyodideAPI } from "pyodide";
import { diagnosticsOf, finding, Refusal } from "./diagnostics.js";
import type { Diagnostic } from "./protocol.js";

interface File {
  file: string;
  bytes: number;
  sha256: string;
}

interface Manifest {
  pyodide: File[];
  wheels: File[];
}

export type Progress = (phase: string, done: number, total: number) => void;

const at = (path: string) => new URL(path, import.meta.url).href;

/** Rejects when a file is missing. Bytes are counted as unpacked, which is what the manifest holds. */
export async function boot(progress: Progress): Promise<PyodideAPI> {
  const manifest = await manifestAt(at("python/manifest.json"));
  // Scripts come by `import`, which nobody can watch.
  const counted = [...manifest.pyodide.filter(({ file }) => !file.endsWith(".mjs")), ...manifest.wheels];
  const total = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  const phase = "Loading Python";
  progress(phase, 0, total);
  const restore = watchFetch(percents(total, (done) => progress(phase, done, total)));
  try {
    const { loadPyodide } = (await import(at("pyodide/pyodide.mjs"))) as typeof import("pyodide");
    const wheels = manifest.wheels.map(archive);
    // Pyodide does not settle when its wasm file is missing; the watched fetch does.
    const loaded = Promise.all([loadPyodide({ indexURL: at("pyodide/"), stderr: console.error }), ...wheels]);
    const [python, ...archives] = await Promise.race([loaded, restore.failure]);
    progress("Starting Python", total, total);
    for (const content of archives) python.unpackArchive(content, "wheel");
    return python;
  } finally {
    restore.end();
  }
}

/** What to tell when booting failed. */
export function bootFindings(thrown: unknown): Diagnostic[] {
  if (thrown instanceof Refusal) return diagnosticsOf(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return [finding("PEN513", { worker: "compiler", reason: `Python did not start: ${reason}` })];
}

async function manifestAt(address: string): Promise<Manifest> {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw failed(response);
  return (await response.json()) as Manifest;
}

/** A wheel, by an address that changes with its content: its name has only the version. */
async function archive({ file, sha256 }: File): Promise<ArrayBuffer> {
  return (await fetch(at(`python/${file}?${sha256.slice(0, 8)}`))).arrayBuffer();
}

/** Counts what `fetch` brings until `end`; `failure` rejects as soon as one file cannot be had. */
function watchFetch(count: (bytes: number) => void) {
  const plain = self.fetch;
  let fail: (reason: unknown) => void;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  failure.catch(() => {}); // whoever races it hears of it
  self.fetch = async (input, init) => {
    try {
      const response = await plain(input, init);
      if (!response.ok || !response.body) throw failed(response);
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          count(chunk.byteLength);
          controller.enqueue(chunk);
        },
      });
      const { status, statusText, headers } = response;
      return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  return { failure, end: () => void (self.fetch = plain) };
}

function failed(response: Response): Error {
  return new Error(`could not load ${response.url}: ${response.status} ${response.statusText}`);
}

/** Adds up bytes and passes the sum on when it has grown by a hundredth of the total. */
function percents(total: number, pass: (done: number) => void): (bytes: number) => void {
  let done = 0;
  let shown = 0;
  return (bytes) => {
    done += bytes;
    if (done - shown < total / 100 && done !== total) return;
    shown = done;
    pass(Math.min(done, total));
  };
}
