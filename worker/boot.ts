// Boots Pyodide below the worker's own address, from the site's snapshot or else from its files, and tells how far it is.
import type { PyodideAPI } from "pyodide";
import { diagnosticsOf, finding, Refusal } from "./diagnostics.js";
import { memory, type Sum } from "./memory.js";
import type { Diagnostic } from "./protocol.js";

interface File extends Sum {
  file: string;
}

interface Manifest {
  pyodide: File[];
  wheels: File[];
  /** Packed; `heap` is what it unpacks to, and how many bytes of memory that needs: its end is zeros. */
  snapshot?: File & { heap: Sum & { memory: number } };
}

export type Progress = (phase: string, done: number, total: number) => void;

/** How Python was started; an ordinary boot says why it was no snapshot's. */
export type Way = { boot: "snapshot" } | { boot: "ordinary"; reason: string };

type Config = NonNullable<Parameters<typeof import("pyodide").loadPyodide>[0]>;
type Create = NonNullable<Config["createPyodideModule"]>;
/** What Pyodide's types leave out of its engine. */
type Engine = Awaited<ReturnType<Create>> & {
  growMemory(bytes: number): unknown;
  API: { restoreSnapshot(snapshot: Uint8Array): unknown };
};

const LOADING = "Loading Python";
const SOURCES_AFTER = 2000; // ms after a boot from the snapshot, the files come that it does without

const at = (path: string) => new URL(path, import.meta.url).href;

/** Yields what `start` makes of Python, and how that was booted. Where the snapshot or what starts from it fails,
 * all is done anew from files; rejects when one of these is missing. */
export async function boot<T>(progress: Progress, start: (python: PyodideAPI) => T): Promise<[T, Way]> {
  const manifest = await manifestAt(at("python/manifest.json"));
  try {
    const python = await fromSnapshot(manifest, progress);
    python.pyimport("penstock.hosts.snapshot").awake();
    return [start(python), { boot: "snapshot" }];
  } catch (error) {
    if (error instanceof Unreachable) throw error; // files would want it too
    return [start(await fromFiles(manifest, progress)), { boot: "ordinary", reason: reasonOf(error) }];
  }
}

/** All that Python needs is in its memory; the files behind it, which tracebacks show, come later. */
async function fromSnapshot({ snapshot, pyodide, wheels }: Manifest, progress: Progress): Promise<PyodideAPI> {
  if (!snapshot) throw new Error("this site has no snapshot");
  // Not the engine: a browser keeps machine code only for an answer that nobody reads on the way.
  const counted = [snapshot, ...pyodide.filter(({ file }) => /\.(zip|json)$/.test(file))];
  const fetches = watchFetch(progress, counted, snapshot);
  try {
    const content = memory(at(`python/${snapshot.file}`), snapshot.heap);
    content.catch(() => {}); // whoever awaits it hears of it
    const [{ loadPyodide }, { default: create }] = await Promise.all([pyodideModule(), engineModule()]);
    const loaded = loadPyodide({
      ...options(),
      _loadSnapshot: new Uint8Array(), // the true one comes below: Pyodide would compile its engine only after it
      createPyodideModule: async (settings) => {
        const [module, { bytes }] = await Promise.all([create(settings) as Promise<Engine>, content]);
        module.growMemory(snapshot.heap.memory); // a snapshot is copied over 30 MiB, whatever its size
        const { restoreSnapshot } = module.API;
        module.API.restoreSnapshot = () => restoreSnapshot(new Uint8Array(bytes));
        return module;
      },
    });
    const python = await Promise.race([loaded, fetches.failure]);
    void content.then(({ keep }) => keep()).catch(() => {}); // without room for it, the next visit fetches it again
    setTimeout(() => void unpack(python, wheels).catch(() => {}), SOURCES_AFTER);
    return python;
  } finally {
    fetches.end();
  }
}

async function fromFiles({ pyodide, wheels }: Manifest, progress: Progress): Promise<PyodideAPI> {
  // Scripts come by `import`, which nobody can watch.
  const counted = [...pyodide.filter(({ file }) => !file.endsWith(".mjs")), ...wheels];
  const fetches = watchFetch(progress, counted);
  try {
    const { loadPyodide } = await pyodideModule();
    const loaded = Promise.all([loadPyodide(options()), ...wheels.map(archive)]);
    // Pyodide does not settle when its wasm file is missing; the watched fetch does.
    const [python, ...archives] = await Promise.race([loaded, fetches.failure]);
    progress("Starting Python", 0, 0);
    for (const content of archives) python.unpackArchive(content, "wheel");
    return python;
  } finally {
    fetches.end();
  }
}

async function unpack(python: PyodideAPI, wheels: File[]): Promise<void> {
  for (const content of await Promise.all(wheels.map(archive))) python.unpackArchive(content, "wheel");
}

const options = (): Config => ({ indexURL: at("pyodide/"), stderr: console.error });
const pyodideModule = () => import(at("pyodide/pyodide.mjs")) as Promise<typeof import("pyodide")>;
const engineModule = () => import(at("pyodide/pyodide.asm.mjs")) as Promise<{ default: Create }>;

/** What to tell when booting failed. */
export function bootFindings(thrown: unknown): Diagnostic[] {
  if (thrown instanceof Refusal) return diagnosticsOf(thrown);
  return [finding("PEN513", { worker: "compiler", reason: `Python did not start: ${reasonOf(thrown)}` })];
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
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

/** What Python cannot start without is not to be had. */
class Unreachable extends Error {}

/** Tells how much `fetch` has brought of some files until `end`; `failure` rejects with `Unreachable` as soon as one
 * cannot be had that is not `spare`. */
function watchFetch(progress: Progress, counted: File[], spare?: File) {
  const total = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  const count = percents(total, (done) => progress(LOADING, done, total));
  progress(LOADING, 0, total);
  const plain = self.fetch;
  let fail: (reason: unknown) => void;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  failure.catch(() => {}); // whoever races it hears of it
  const isOf = (address: string, { file }: File) => new URL(address).pathname.endsWith(`/${file}`);
  self.fetch = async (input, init) => {
    const address = new Request(input).url;
    try {
      const response = await plain(input, init);
      if (!response.ok || !response.body) throw failed(response);
      if (!counted.some((file) => isOf(address, file))) return response;
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          count(chunk.byteLength);
          controller.enqueue(chunk);
        },
      });
      const { status, statusText, headers } = response;
      return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
    } catch (error) {
      if (!spare || !isOf(address, spare)) fail(new Unreachable(reasonOf(error)));
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
