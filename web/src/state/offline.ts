// The page's side of the service worker: registers it, has Python kept, and hears of new versions.
import type { ToWorker } from "../../../worker/offline-messages.js";
import { effect } from "./signals.js";
import type { Workbench } from "./workbench.js";

const LOOK_AGAIN = 60 * 60 * 1000; // ms between looks for a new version

/** Does nothing where the browser allows no service worker: the page then needs its server, as any other. */
export async function workOffline(bench: Workbench): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  let asked = false;
  const registration = await serviceWorker.register("service-worker.js").catch(() => null);
  if (!registration) return;
  const look = (): void => {
    const { waiting } = registration;
    if (!waiting || !serviceWorker.controller) return;
    bench.update.value = () => {
      asked = true;
      waiting.postMessage("take over" satisfies ToWorker);
    };
  };
  look();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  let controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    // Another tab asked: this one goes on with what it has loaded, and the rest is gone.
    else if (controlled) bench.update.value = () => location.reload();
    controlled = true;
  });
  effect(() => {
    if (bench.python.value.phase !== "ready") return;
    void serviceWorker.ready.then(({ active }) => active?.postMessage("keep python" satisfies ToWorker));
  });
  setInterval(() => void registration.update().catch(() => {}), LOOK_AGAIN);
}
