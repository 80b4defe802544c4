// The page: one element, one workbench, one client.
import { createClient } from "./client.js";
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
  const address = new URLSearchParams(location.hash.slice(1));
  void bench.start(address.get("sample")).then(() => {
    setTimeout(() => client.bootPython(), IDLE);
  });
  addEventListener("hashchange", () => {
    const sample = new URLSearchParams(location.hash.slice(1)).get("sample");
    if (sample !== null) void bench.openSample(sample);
  });
}

const place = document.querySelector("#penstock");
if (place) {
  const reason = obstacle();
  if (reason) explain(place, reason);
  else start(place);
}
