// The file that an embed reads: where the blob is, and what the blob itself does not say. Nothing in it is trusted.
import { ABI } from "../../../worker/abi.js";
import type { Document } from "../../../worker/abi.js";
import type { Diagram } from "../../../worker/tools.js";
import type { Wishes } from "./wishes.js";
import { E } from "./words.js";

export interface Bundle {
  readonly abi: number;
  readonly wasm: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly model: string;
  readonly document: Document;
  readonly diagram: Diagram | null;
  readonly poster: string | null;
  readonly view: Wishes;
  readonly workbench?: string;
  /** Digest of what the reference engine computes; see reference.ts. */
  readonly reference?: string;
}

/** What an embed says in its place. */
export class EmbedError extends Error {
  constructor(
    message: string,
    readonly advice = "",
  ) {
    super(message);
  }
}

/** The bundle that `src` names, and the address that its own addresses are relative to. */
export async function fetchBundle(src: string, within: Element): Promise<{ bundle: Bundle; base: string }> {
  const base = document.baseURI;
  if (!src) throw new EmbedError(E.noSource, E.noSourceAdvice);
  if (!src.startsWith("#")) {
    const address = new URL(src, base).href;
    return { bundle: checked(await fetched(address, (reply) => reply.text()).then(parsed)), base: address };
  }
  const id = decodeURIComponent(src.slice(1));
  const root = within.getRootNode() as Document & ShadowRoot;
  const script = root.getElementById?.(id) ?? document.getElementById(id);
  if (!script) throw new EmbedError(E.noElement(id));
  return { bundle: checked(parsed(script.textContent ?? "")), base };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EmbedError(E.notBundle((error as Error).message), E.notBundleAdvice);
  }
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === "string";
const isFields: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf =
  (...names: string[]): Check =>
  (value) =>
    Array.isArray(value) && value.every((row) => isFields(row) && names.every((name) => isText((row as Record<string, unknown>)[name])));
const has =
  (checks: Record<string, Check>): Check =>
  (value) =>
    isFields(value) && Object.entries(checks).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const REQUIRED: Record<string, Check> = {
  abi: Number.isInteger,
  wasm: isText,
  sha256: (value) => isText(value) && /^[0-9a-f]{64}$/.test(value as string),
  bytes: Number.isInteger,
  model: isText,
  document: has({ name: isText, text: isText, format: isText, time_units: isText, sliders: listOf("name"), variables: listOf("name", "kind", "units", "documentation", "equation") }),
  diagram: (value) => value === null || has({ width: Number.isFinite, height: Number.isFinite, symbols: listOf("kind", "name"), pipes: listOf(), arrows: listOf(), frames: listOf("title") })(value),
  poster: (value) => value === null || isText(value),
  view: isFields,
};

/** Throws an EmbedError that names what is missing or of another version. */
export function checked(content: unknown): Bundle {
  const fields = (isFields(content) ? content : {}) as Record<string, unknown>;
  if (fields["penstock"] === undefined) throw new EmbedError(E.notBundle(E.lacks("penstock")), E.notBundleAdvice);
  if (fields["penstock"] !== 1) throw new EmbedError(E.otherFormat(fields["penstock"]), E.sameVersion);
  const wrong = Object.keys(REQUIRED).find((key) => !REQUIRED[key]?.(fields[key]));
  if (wrong !== undefined) throw new EmbedError(E.notBundle(E.lacks(wrong)), E.notBundleAdvice);
  const bundle = fields as unknown as Bundle;
  if (bundle.abi !== ABI) throw new EmbedError(E.otherAbi(bundle.abi, ABI), E.sameVersion);
  return bundle;
}

const INLINE = "data:application/wasm;base64,";

/** The blob's bytes, which are those that the bundle names or none. */
export async function blobOf({ wasm, bytes, sha256: digest }: Bundle, base: string): Promise<ArrayBuffer> {
  const content = wasm.startsWith(INLINE)
    ? Uint8Array.from(atob(wasm.slice(INLINE.length)), (letter) => letter.charCodeAt(0)).buffer
    : await fetched(new URL(wasm, base).href, (reply) => reply.arrayBuffer());
  if (content.byteLength !== bytes || ((await sha256(content)) ?? digest) !== digest) throw new EmbedError(E.otherDigest, E.otherDigestAdvice);
  return content;
}

async function fetched<T>(address: string, read: (reply: Response) => Promise<T>): Promise<T> {
  try {
    const reply = await fetch(address);
    if (!reply.ok) throw new Error(`${reply.status} ${reply.statusText}`.trim());
    return await read(reply);
  } catch (error) {
    throw new EmbedError(E.unreachable(address, (error as Error).message), E.unreachableAdvice);
  }
}

/** Null where the browser computes none: on plain http:, but for this machine. There, lengths and the blob's own name of
 * its model are all that is compared. */
export async function sha256(content: ArrayBuffer): Promise<string | null> {
  const digest = await globalThis.crypto?.subtle?.digest("SHA-256", content);
  return digest ? Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("") : null;
}
