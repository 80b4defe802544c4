// A model inside an address: packed into the part after `#`, which no server sees, or fetched from another address.
import { P } from "../strings-panels.js";
import { S } from "../strings.js";
import type { View } from "./asked.js";
import type { Source } from "./drafts.js";
import { decoded, FileError, MAX_BYTES } from "./files.js";

/** What a link holds: a text, and what its sender looked at. The reader's theme and layout are no part of it. */
export interface Shared {
  readonly source: Source;
  readonly view: View;
  readonly engine?: "vm"; // where the sender asks for the reference engine
}

const VERSION = 1;
/** Links that are longer are not made: browsers and mail programs begin to cut them. */
export const MAX_LINK = 64_000;
/** Links that are longer may be cut where they are pasted. */
export const LONG_LINK = 8_000;
const MAX_PAYLOAD = 512 * 1024; // characters that are looked at
const MAX_INFLATED = 4 * 1024 * 1024; // bytes
const MAX_NAMES = 1000;
const MAX_NAME = 1000;
const FETCH_TIMEOUT = 20_000; // ms

// Links with the model inside ---------------------------------------------------------------------------------

export async function linkTo(source: Source, view: View): Promise<string> {
  const { name, text, format, sample, partial } = source;
  const content = {
    v: VERSION,
    name,
    text,
    ...(format ? { format } : {}),
    ...(sample && text === source.original ? { sample } : {}),
    ...(partial ? { partial } : {}),
    values: Object.fromEntries(view.values),
    plotted: view.plotted,
    time: view.time,
    ...(view.branch ? { from: { time: view.branch.time, values: Object.fromEntries(view.branch.values) } } : {}),
  };
  const packed = await through(new TextEncoder().encode(JSON.stringify(content)), new CompressionStream("deflate-raw"), Infinity);
  return `${location.href.replace(/#.*$/s, "")}#m=${base64url(packed)}`;
}

/** Throws FileError for whatever is no link of this page, without inflating more than a model can have. */
export async function readLink(payload: string): Promise<Shared> {
  if (payload.length > MAX_PAYLOAD) throw new FileError(P.linkTooLarge, P.linkAdvice);
  let content: unknown;
  try {
    const bytes = await through(fromBase64url(payload), new DecompressionStream("deflate-raw"), MAX_INFLATED);
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw error instanceof FileError ? error : new FileError(P.linkBroken, P.linkAdvice);
  }
  return checked(content);
}

function checked(content: unknown): Shared {
  const fields = (typeof content === "object" && content !== null ? content : {}) as Record<string, unknown>;
  const { v, name, text, format, sample, partial, values, plotted, time, from, engine } = fields;
  if (typeof v === "number" && v > VERSION) throw new FileError(P.linkNewer, P.linkNewerAdvice);
  if (v !== VERSION || typeof name !== "string" || typeof text !== "string" || text.includes("\0")) {
    throw new FileError(P.linkBroken, P.linkAdvice);
  }
  const branch = (typeof from === "object" && from !== null ? from : {}) as Record<string, unknown>;
  return {
    ...(engine === "vm" ? { engine } : {}),
    source: {
      name: name.slice(0, MAX_NAME),
      text,
      original: text,
      ...(typeof format === "string" ? { format: format.slice(0, 20) } : {}),
      ...(typeof sample === "string" ? { sample: sample.slice(0, MAX_NAME) } : {}),
      ...(partial === true ? { partial } : {}),
    },
    view: {
      values: numbers(values),
      plotted: Array.isArray(plotted) ? plotted.filter((item): item is string => typeof item === "string").slice(0, MAX_NAMES) : [],
      time: typeof time === "number" ? time : null,
      branch: typeof branch["time"] === "number" ? { time: branch["time"], values: numbers(branch["values"]) } : null,
    },
  };
}

function numbers(values: unknown): ReadonlyMap<string, number> {
  if (typeof values !== "object" || values === null || Array.isArray(values)) return new Map();
  const rows = Object.entries(values).slice(0, MAX_NAMES);
  return new Map(rows.filter((row): row is [string, number] => typeof row[1] === "number" && Number.isFinite(row[1])));
}

// Models at other addresses -----------------------------------------------------------------------------------

/** The address that `src` names; throws FileError where it is none that a page may read. */
export function sourceAddress(src: string): URL {
  const address = URL.canParse(src, document.baseURI) ? new URL(src, document.baseURI) : null;
  if (!address || !/^https?:$/.test(address.protocol)) throw new FileError(P.srcNoAddress(src.slice(0, 200)), P.srcNoAddressAdvice);
  return address;
}

/** Reads a model from this site, or from one that lets pages of other sites read it. */
export async function fetchModel(src: string): Promise<Shared> {
  const address = sourceAddress(src);
  const failed = (reason: string): FileError => new FileError(P.srcFailed(address.href.slice(0, 300), reason), P.srcFailedAdvice);
  let bytes: Uint8Array;
  try {
    const reply = await fetch(address, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(FETCH_TIMEOUT),
    });
    if (!reply.ok) throw failed(P.srcStatus(reply.status));
    bytes = await collected(reply.body ?? new Blob([]).stream(), MAX_BYTES);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw failed((error as Error).name === "TimeoutError" ? P.srcSlow : P.srcUnreachable(address.origin !== location.origin));
  }
  const name = nameIn(address);
  const text = decoded(bytes);
  if (text.trim() === "") throw new FileError(S.fileEmpty(name), S.fileEmptyAdvice);
  if (text.includes("\0")) throw new FileError(S.fileNotText(name), "");
  return { source: { name, text, original: text }, view: { values: new Map(), plotted: [], time: null, branch: null } };
}

function nameIn(address: URL): string {
  const last = address.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last).slice(0, MAX_NAME) || address.host;
  } catch {
    return last.slice(0, MAX_NAME);
  }
}

// Bytes ---------------------------------------------------------------------------------------------------------

async function through(bytes: Uint8Array, by: CompressionStream | DecompressionStream, limit: number): Promise<Uint8Array> {
  return collected(new Blob([bytes as BlobPart]).stream().pipeThrough(by as ReadableWritablePair<Uint8Array, Uint8Array>), limit);
}

/** All of a stream; given up as soon as it has more than `limit` bytes. */
async function collected(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw new FileError(P.linkInflates(limit), P.linkAdvice);
    }
    parts.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

function base64url(bytes: Uint8Array): string {
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array {
  if (!/^[\w-]+$/.test(text)) throw new FileError(P.linkBroken, P.linkAdvice);
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}
