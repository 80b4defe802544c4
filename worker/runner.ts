// The runner worker: holds models and runs their blobs; has no Python and is never busy for long.
import { Desk } from "./desk.js";
import { transferables, type Reply, type WorkerEvent } from "./protocol.js";
import { tick } from "./tick.js";

const post = (message: Reply | WorkerEvent) => self.postMessage(message, { transfer: transferables(message) });
const desk = new Desk(post, tick);
self.onmessage = (event: MessageEvent<unknown>) => desk.receive(event.data);
self.onmessageerror = () => desk.receive(null); // what cannot be read has no id to answer to
