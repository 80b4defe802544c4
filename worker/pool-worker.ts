// A worker of the pool. What goes wrong here and nobody expects is told once; the pool then replaces the worker.
import type { FromWorker, ToWorker } from "../web/src/pool/messages.js";
import { PoolDesk } from "./pool-desk.js";
import { tick } from "./tick.js";

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });
const desk = new PoolDesk(post, tick);
self.onmessage = (event: MessageEvent<ToWorker>) => void desk.receive(event.data);
self.onunhandledrejection = (event) => {
  event.preventDefault();
  post({ type: "penstock:unhandledrejection", reason: String(event.reason) });
};
