// The page: one element, one workbench, one client.
import { createClient } from "./client.js";
import { addressOf } from "./state/asked.js";
import { effect } from "./state/signals.js";
import { Workbench } from "./state/workbench.js";
import { S } from "./strings.js";
import { exposeForTests } from "./testing.js";
import { PenstockModel } from "./views/penstock-model.js";

const IDLE = 1500; // ms after the first curves, Python begins to load

function obstacle(): string | null {
  if (typeof WebAssembly !== "object") return S.noWebAssembly;
  if (typeof Worker !== "function" || location.protocol === "file:") return S.noWorkers;
  return null;
}

function explain(place: Element, reason: string): void {
  const message = document.createElement("div");
  message.className = "obstacle";
  message.setAttribute("role", "alert");
  const title = document.createElement("h1");
  title.textContent = S.cannotRunHere;
  const text = document.createElement("p");
  text.textContent = reason;
  message.append(title, text);
  place.replaceWith(message);
}

function start(place: Element): void {
  const client = createClient();
  const bench = new Workbench(client);
  bench.theme.subscribe((theme) => {
    document.documentElement.dataset["theme"] = theme;
  });
  const element = new PenstockModel();
  element.bench = bench;
  place.replaceWith(element);
  exposeForTests(bench);
  let named: string | null = null; // the text that the address names, once it is there
  const settled = (): void => void (named = location.hash ? (bench.source.peek()?.original ?? null) : null);
  void bench.start(addressOf(location.hash)).then(() => {
    settled();
    setTimeout(() => client.bootPython(), IDLE);
    void import("./state/offline.js").then(({ workOffline }) => workOffline(bench)).catch(() => {}); // then the page needs its server
  });
  addEventListener("hashchange", () => {
    const address = addressOf(location.hash);
    named = null;
    if (address.sample !== null) void bench.openSample(address.sample).then(settled);
    else if (address.link !== null || address.src !== null) void bench.follow(address).then(settled);
  });
  // Once that is changed, or something else is open, a reload must not bring the old text back.
  effect(() => {
    const source = bench.source.value;
    if (!source || !location.hash) return;
    if (source.text !== source.original || (named !== null && source.original !== named)) history.replaceState(null, "", location.pathname + location.search);
  });
}

const place = document.querySelector("#penstock");
if (place) {
  const reason = obstacle();
  if (reason) explain(place, reason);
  else start(place);
}
