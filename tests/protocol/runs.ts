// The runner without its worker: answers requests as the runner worker would; see test_runner.py.
import { Buffer } from "node:buffer";
import { Desk } from "../../worker/desk.js";
import { layoutOf } from "../../worker/blob.js";
import type { Reply, ResultReply, WorkerEvent } from "../../worker/protocol.js";
import { tick } from "../../worker/tick.js";

/** JSON cannot hold every number: `{"bits": "7ff8…"}` is the double with these bits. */
function revived(_key: string, value: unknown): unknown {
  const bits = (value as { bits?: unknown } | null)?.bits;
  return typeof bits === "string" ? new Float64Array(BigUint64Array.of(BigInt(`0x${bits}`)).buffer)[0] : value;
}

/** The answers to runs of one blob; `data` in base64. */
export default async function main({ blob, requests }: { blob: string; requests: object[] }) {
  const module = await WebAssembly.compile(Buffer.from(blob, "base64"));
  const layout = layoutOf(module);
  const { model } = layout;
  const posted: (Reply | WorkerEvent)[] = [];
  const desk = new Desk((message) => posted.push(message), tick);
  let id = 0;
  const send = (fields: object) => desk.receive({ version: 1, id: (id += 1), model, ...fields });
  send({ type: "load", module, layout });
  for (const request of requests) send({ type: "run", ...JSON.parse(JSON.stringify(request), revived) });
  while (posted.length < requests.length + 2) await tick(); // one answer each, after `ready` and `loaded`
  const ids = posted.slice(1).map((message) => ("id" in message ? message.id : 0));
  const answers = posted.slice(2).map((message) => {
    if (message.type !== "result") return message;
    const { buffer, byteOffset, byteLength } = (message as ResultReply).data;
    return { ...message, data: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
  });
  return { layout, ids, answers };
}
