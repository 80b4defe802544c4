// What the generated half of the protocol does with messages; see test_typescript.py.
import { refusal } from "../../worker/diagnostics.js";
import { fault, transferables, type Reply } from "../../worker/protocol.js";

interface Case {
  sender: "page" | "worker";
  message: unknown;
}

/** Code and text of each message's refusal, null for a message that is taken. */
export function refusals(cases: Case[]): (string | null)[] {
  return cases.map(({ sender, message }) => {
    const wrong = fault(message, sender);
    return wrong && refusal(wrong.code, wrong.fields).message;
  });
}

/** Sends each buffer that a message gives away and tells its length in bytes: here afterwards, and there. */
export async function send(messages: { message: Record<string, unknown>; buffers: string[] }[]) {
  const { port1, port2 } = new MessageChannel();
  const lengths = [];
  for (const { message, buffers } of messages) {
    const fields: Record<string, ArrayBuffer | Float64Array> = {};
    for (const name of buffers) fields[name] = name === "data" ? new Float64Array(5) : new ArrayBuffer(40);
    const kept = new ArrayBuffer(8);
    const whole = { ...message, ...fields, kept } as unknown as Reply;
    const arrived = new Promise<Record<string, ArrayBuffer>>((resolve) => (port2.onmessage = ({ data }) => resolve(data)));
    port1.postMessage(whole, transferables(whole));
    const there = await arrived;
    lengths.push({
      here: buffers.map((name) => fields[name]!.byteLength),
      there: buffers.map((name) => there[name]!.byteLength),
      kept: kept.byteLength,
    });
  }
  port1.close();
  return lengths;
}

export default async function main({ cases, messages }: { cases: Case[]; messages: Parameters<typeof send>[0] }) {
  return { refusals: refusals(cases), lengths: await send(messages) };
}
