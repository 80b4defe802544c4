// The service worker: keeps the site's files by the hash of their content, and answers from what it keeps.
//
// build.py puts `FILES` before this script: so each build has another service worker, and a page whose worker is
// old goes on with old files until its reader asks for the new ones.
import type { ToWorker } from "./offline-messages.js";

declare const self: ServiceWorkerGlobalScope;
declare const FILES: {
  /** What the page is made of: kept before the worker takes over. */
  readonly page: Readonly<Record<string, string>>;
  /** Python: kept when the page has booted it, so that nobody fetches it for nothing. */
  readonly python: Readonly<Record<string, string>>;
};

const CACHE = "penstock-files";
const { scope } = self.registration;
const hashes = new Map([...Object.entries(FILES.page), ...Object.entries(FILES.python)]);

/** Where a file is kept: no address of the site, and the same for all versions that have the same content. */
const keyOf = (hash: string): string => `${scope}.kept/${hash}`;

self.addEventListener("install", (event) => event.waitUntil(keep(FILES.page)));

self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), sweep()])));

self.addEventListener("message", (event) => {
  const message = event.data as ToWorker;
  if (message === "take over") event.waitUntil(self.skipWaiting());
  if (message === "keep python") event.waitUntil(keep(FILES.python).catch(() => {})); // without room or network: next time
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request);
  const hash = path === null ? undefined : hashes.get(path);
  if (path !== null && hash !== undefined) event.respondWith(answer(path, hash, request));
});

/** The path of one of the site's files, without its query; null for whatever is none. */
function pathOf(request: Request): string | null {
  const { origin, pathname } = new URL(request.url);
  const address = `${origin}${pathname}`;
  if (request.method !== "GET" || !address.startsWith(scope)) return null;
  return decodeURIComponent(address.slice(scope.length)) || "index.html";
}

async function answer(path: string, hash: string, request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(keyOf(hash));
  if (kept) return kept;
  const reply = await fetch(request);
  const own = reply.ok && path in FILES.python ? reply.clone() : null;
  if (own) void store(hash, own).catch(() => {});
  return reply;
}

/** Fetches and keeps what is not kept; rejects when a file cannot be had with the content of this version. */
async function keep(files: Readonly<Record<string, string>>): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const [path, hash] of Object.entries(files)) {
    if (await cache.match(keyOf(hash))) continue;
    const address = new URL(path, scope);
    // What the browser has from before may be another version's.
    if (await store(hash, await fetch(address))) continue;
    if (!(await store(hash, await fetch(address, { cache: "reload" })))) throw new Error(`${path} is not of this version`);
  }
}

/** Keeps a file if it is the one that the hash stands for; whether it is. */
async function store(hash: string, reply: Response): Promise<boolean> {
  if (!reply.ok) return false;
  const content = await reply.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  if (!Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").startsWith(hash)) return false;
  const type = reply.headers.get("content-type") ?? "application/octet-stream";
  await (await caches.open(CACHE)).put(keyOf(hash), new Response(content, { headers: { "content-type": type } }));
  return true;
}

/** Drops what only earlier versions of this site needed; other sites of the same host keep theirs. */
async function sweep(): Promise<void> {
  const cache = await caches.open(CACHE);
  const needed = new Set([...hashes.values()].map(keyOf));
  for (const { url } of await cache.keys()) {
    if (url.startsWith(`${scope}.kept/`) && !needed.has(url)) await cache.delete(url);
  }
}
