// The workers of a page: at most two, whatever the number of embeds, and one module for each model.
import kernel from "penstock-kernel";
import type { Layout } from "../../../worker/abi.js";
import type { Override } from "../../../worker/protocol.js";
import { RequestError } from "../client-api.js";
import type { Answer, Ask, Question, Ran } from "./kernel.js";

export const core = kernel();

const MOST = 2;
const PING = 2000; // ms
const MISSED = 5; // pings without an answer: stuck in one slice of a run

let lastId = 0;

interface Open {
  readonly question: Question;
  readonly resolve: (found: Ran | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs blobs: in a worker, or in the page where its policy allows none. */
class Runner {
  models = 0;
  /** Goes up when the worker dies: what it held is lost. */
  generation = 0;
  #worker: Worker | null = null;
  #send: ((question: Question, transfer: Transferable[]) => void) | null = null;
  readonly #open = new Map<number, Open>();
  #pings = 0;
  #missed = 0;

  ask(ask: Ask, transfer: Transferable[] = []): Promise<Ran | undefined> {
    if (!this.#send) this.#start();
    const question = { ...ask, id: ++lastId };
    return new Promise((resolve, reject) => {
      this.#open.set(question.id, { question, resolve, reject });
      this.#send?.(question, transfer);
      if (this.#worker) this.#pings ||= setInterval(() => this.#ping(), PING);
    });
  }

  end(error: unknown = new RequestError([], true)): void {
    this.#worker?.terminate();
    this.#worker = this.#send = null;
    this.generation++;
    this.#rest();
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { reject } of open) reject(error);
  }

  #start(): void {
    const script = URL.createObjectURL(new Blob([`(${kernel})().serve(self)`], { type: "text/javascript" }));
    let heard = false;
    const began = (): void => {
      if (!heard) URL.revokeObjectURL(script);
      heard = true;
    };
    try {
      const worker = (this.#worker = new Worker(script, { name: "penstock" }));
      worker.onmessage = ({ data }) => {
        began();
        this.#receive(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        if (worker !== this.#worker) return;
        if (heard) return this.end(stopped(event.message));
        began();
        this.#answerHere();
      };
      this.#send = (question, transfer) => worker.postMessage(question, transfer);
    } catch {
      began();
      this.#answerHere();
    }
  }

  /** The page's policy, or its frame, allows no worker; what was asked meanwhile is asked again. */
  #answerHere(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#rest();
    const receive = core.answering((answer) => this.#receive(answer));
    this.#send = receive;
    for (const { question } of this.#open.values()) receive(question.type === "run" ? { ...question, buffer: undefined } : question);
  }

  #receive(answer: Answer): void {
    this.#missed = 0;
    const open = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if (this.#open.size === 0) this.#rest();
    if ("wrong" in answer) open?.reject(new RequestError(answer.wrong));
    else open?.resolve(answer.found);
  }

  #ping(): void {
    if (++this.#missed > MISSED) return this.end(stopped("it has not answered for too long"));
    this.#send?.({ type: "ping", id: ++lastId }, []);
  }

  #rest(): void {
    clearInterval(this.#pings);
    this.#pings = this.#missed = 0;
  }
}

function stopped(reason: string): RequestError {
  return new RequestError([core.finding("PEN513", { worker: "runner", reason: reason || "it failed" })]);
}

// Models ------------------------------------------------------------------------------------------------------

/** A compiled blob and where it is held. */
interface Held {
  users: number;
  readonly compiled: Promise<{ module: WebAssembly.Module; layout: Layout }>;
  runner: Runner | null;
  loaded: { generation: number; done: Promise<unknown> } | null;
}

const runners: Runner[] = [];
const models = new Map<string, Held>();

/** One embed's hold on a model. */
export interface Lease {
  readonly layout: Layout;
  run(overrides: Override[], buffer?: ArrayBuffer): Promise<Ran>;
  /** Gives the model up; its memory goes with the last hold, and a worker with its last model. */
  end(): void;
}

/** Holds the model that `key`, its digest, stands for; `bytes` is asked for them once, whoever comes first. */
export async function lease(key: string, bytes: () => Promise<ArrayBuffer>): Promise<Lease> {
  const held: Held = models.get(key) ?? { users: 0, compiled: compile(bytes), runner: null, loaded: null };
  models.set(key, held);
  held.users++;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    if (--held.users === 0) drop(key, held);
  };
  try {
    const { layout } = await held.compiled;
    const gone = (): Promise<never> => Promise.reject(new RequestError([], true));
    return { layout, run: (overrides, buffer) => (over ? gone() : run(held, key, overrides, buffer)), end };
  } catch (error) {
    end();
    throw error;
  }
}

async function compile(bytes: () => Promise<ArrayBuffer>): Promise<{ module: WebAssembly.Module; layout: Layout }> {
  const given = await bytes();
  const module = await WebAssembly.compile(given).catch((error: unknown) => {
    throw core.refusal("PEN507", { reason: error instanceof Error ? error.message : String(error) });
  });
  return { module, layout: core.layoutOf(module) };
}

async function run(held: Held, key: string, overrides: Override[], buffer?: ArrayBuffer): Promise<Ran> {
  const runner = (held.runner ??= roomiest());
  if (!held.loaded || held.loaded.generation !== runner.generation) {
    const done = runner.ask({ type: "load", key, ...(await held.compiled) });
    held.loaded = { generation: runner.generation, done };
  }
  await held.loaded.done;
  return (await runner.ask({ type: "run", key, overrides, buffer }, buffer ? [buffer] : [])) as Ran;
}

/** The runner with the fewest models; a second one as soon as there are two models. */
function roomiest(): Runner {
  if (runners.length < MOST && runners.every(({ models }) => models > 0)) runners.push(new Runner());
  const least = runners.reduce((best, other) => (other.models < best.models ? other : best));
  least.models++;
  return least;
}

function drop(key: string, held: Held): void {
  if (models.get(key) === held) models.delete(key);
  const { runner } = held;
  if (!runner) return;
  if (--runner.models > 0) return void runner.ask({ type: "forget", key }).catch(() => {});
  runners.splice(runners.indexOf(runner), 1);
  runner.end();
}
