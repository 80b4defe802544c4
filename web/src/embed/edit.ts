// The way into the workbench: its address with the model and what is looked at packed behind `#`, as state/links.ts reads it.
import type { Document } from "../../../worker/abi.js";

export async function editLink(workbench: string, document: Document, values: ReadonlyMap<string, number>, plotted: readonly string[], time: number | null, engine?: "vm"): Promise<string> {
  const { name, text, format } = document;
  const content = JSON.stringify({ v: 1, name: `${name || "model"}.${format || "pen"}`, text, format, values: Object.fromEntries(values), plotted, time, engine });
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const letters = Array.from(new Uint8Array(await new Response(packed).arrayBuffer()), (byte) => String.fromCharCode(byte)).join("");
  return `${workbench}#m=${btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}
