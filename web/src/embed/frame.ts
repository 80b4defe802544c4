// embed.html: the element in a frame of its own, for sites that let no scripts in. Its attributes are the address's query;
// it talks with the page around it in messages {ns: "penstock", v: 1, id, type, …}, which web/manual/embedding.md lists.
// Whoever frames it may be anybody: a message can do no more than a reader, and an answer goes to its sender's origin only.
import { PenstockEmbed } from "./element.js";
import "./main.js";
import { ATTRIBUTE_NAMES } from "./wishes.js";
import { E } from "./words.js";

const NS = "penstock";
const V = 1;
const EVENTS = ["ready", "input", "result", "timechange", "error", "engine-mismatch"];

declare global {
  /** Set by a data file, a classic script: what frames without an origin can load. */
  var penstockBundle: unknown;
}

const element = new PenstockEmbed();
const around = window.parent === window ? null : window.parent;
/** Who asked, and so hears of events. */
const listeners = new Set<string>();

/** A frame without an origin can only be answered by the star: nothing else names its parent. */
const target = (origin: string): string => (origin === "null" ? "*" : origin);

function tell(type: string, fields: object, origin: string, id?: unknown): void {
  around?.postMessage({ ns: NS, v: V, ...(id === undefined ? {} : { id }), type, ...fields }, target(origin));
}

// What the address says ---------------------------------------------------------------------------------------

/** Addresses on this site only: the frame must not show another site's model, or lead there, in this one's name. */
function ownAddress(given: string): string | null {
  const address = URL.canParse(given, location.href) ? new URL(given, location.href) : null;
  return address && address.origin === location.origin.replace(/^null$/, new URL(location.href).origin) ? address.href : null;
}

const query = new URLSearchParams(location.search);
for (const name of [...ATTRIBUTE_NAMES, "engine"]) {
  const value = query.get(name);
  if (value !== null) element.setAttribute(name, value);
}
const workbench = ownAddress(query.get("workbench") ?? "");
if (query.get("workbench") && workbench) element.setAttribute("workbench", workbench);
element.setAttribute("loading", query.get("loading") ?? "eager");

/** A data file is a script, so it is loaded only where a script can do nothing: in a frame without an origin. */
function loadData(address: string): void {
  const script = document.createElement("script");
  script.src = address;
  script.onload = () => {
    element.model = globalThis.penstockBundle;
    document.body.append(element);
  };
  script.onerror = () => document.body.append(element);
  document.head.append(script);
}

const src = query.get("src");
const address = src === null ? null : ownAddress(src);
if (address) element.setAttribute("src", address);
else if (src !== null) {
  element.setAttribute("loading", "visible");
  element.stage = { is: "failed", text: E.otherSite, advice: E.otherSiteAdvice };
}
if (address && self.origin === "null" && /\.js([?#]|$)/.test(address)) loadData(address);
else if (src !== null) document.body.append(element);

// Messages ----------------------------------------------------------------------------------------------------

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

async function set({ model, params, time, state, play, theme }: Fields): Promise<void> {
  if (model !== undefined) {
    element.model = model;
    document.body.append(element);
  }
  if (typeof theme === "string") element.setAttribute("theme", theme);
  if ([params, time, state, play].every((wish) => wish === undefined)) return;
  await element.ready;
  if (isFields(state)) element.setState(state);
  if (isFields(params)) element.setParams(params as Record<string, number>);
  if (Number.isFinite(time)) element.time = time as number;
  if (typeof play === "boolean") element[play ? "play" : "pause"]();
}

async function get({ name }: Fields): Promise<object> {
  await element.ready;
  return { state: element.getState(), params: element.getParams(), ...(typeof name === "string" ? { series: element.series(name) } : {}) };
}

addEventListener("message", async ({ data, origin, source }: MessageEvent<unknown>) => {
  if (!around || source !== around || !isFields(data) || data["ns"] !== NS) return;
  const { id, type, v } = data;
  try {
    if (v !== V) throw new Error(`version ${String(v)} is not understood; this is version ${V}`);
    if (type !== "set" && type !== "get") throw new Error(`the type ${String(type).slice(0, 40)} is not known; there are set and get`);
    listeners.add(origin);
    if (type === "set") await set(data);
    tell("state", await get(type === "get" ? data : {}), origin, id);
  } catch (error) {
    tell("error", { message: (error as Error).message }, origin, id);
  }
});

for (const name of EVENTS) {
  element.addEventListener(`penstock-${name}`, (event) => {
    for (const origin of listeners) tell("event", { name, detail: (event as CustomEvent).detail }, origin);
  });
}

// Height and readiness are no secrets: whoever frames this may lay its page out.
new ResizeObserver(() => tell("resize", { height: Math.ceil(element.getBoundingClientRect().height) }, "null")).observe(element);
tell("ready", {}, "null");
