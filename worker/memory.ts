// The memory that Python starts from: fetched and unpacked once, then kept in the browser's cache of this site.
const CACHE = "penstock-python";

export interface Sum {
  bytes: number;
  sha256: string;
}

/** The memory that `heap` describes, unpacked, and what keeps it for the next visit. `address` is of the packed file. */
export async function memory(address: string, heap: Sum): Promise<{ bytes: ArrayBuffer; keep: () => Promise<void> }> {
  if (!globalThis.crypto?.subtle) throw new Error("bytes can be checked at secure addresses only");
  const key = `${address}?${heap.sha256.slice(0, 16)}`;
  const cache = await globalThis.caches?.open(CACHE).catch(() => undefined); // a private window may have none
  const kept = await (await cache?.match(key))?.arrayBuffer();
  if (kept && (await fits(kept, heap))) return { bytes: kept, keep: async () => {} };
  const { body } = await fetch(key);
  const bytes = await new Response(body!.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  if (!(await fits(bytes, heap))) throw new Error("the snapshot is not the one that was built with this page");
  return { bytes, keep: async () => cache && replace(cache, address, key, bytes) };
}

async function replace(cache: Cache, address: string, key: string, bytes: ArrayBuffer): Promise<void> {
  for (const old of await cache.keys()) if (old.url.startsWith(`${address}?`)) await cache.delete(old);
  await cache.put(key, new Response(bytes));
}

async function fits(content: ArrayBuffer, { bytes, sha256 }: Sum): Promise<boolean> {
  if (content.byteLength !== bytes) return false;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
