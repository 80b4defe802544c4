// What can be saved of an open model, and the making of each file.
import type { Workbench } from "./workbench.js";
import type { Diagnostic } from "../../../worker/protocol.js";
import { P } from "../strings-panels.js";
import { S } from "../strings.js";
import { csvOf } from "./csv.js";
import { FileError } from "./files.js";

export interface MadeFile {
  readonly name: string;
  readonly content: Blob;
  readonly losses: readonly Diagnostic[]; // what the format could not say: shown before it is saved
}

export interface Export {
  readonly key: string;
  readonly label: string;
  readonly group: "model" | "run" | "picture" | "program";
  readonly ending: string;
  readonly make: (bench: Workbench) => Promise<Omit<MadeFile, "name">>;
}

const PNG_SCALE = 2;
const PNG_LARGEST = 8192; // pixels in either direction

/** One row for each kind of file; the page's list and the command palette are made from it. */
export const EXPORTS: readonly Export[] = [
  ...(["pen", "mdl", "xmile"] as const).map(
    (format): Export => ({ key: format, label: S.formats[format], group: "model", ending: `.${format}`, make: (bench) => converted(bench, format) }),
  ),
  { key: "csv", label: S.formats.csv, group: "run", ending: ".csv", make: async (bench) => ({ content: csv(bench), losses: [] }) },
  { key: "svg", label: S.formats.svg, group: "picture", ending: ".svg", make: async (bench) => ({ content: file(await drawing(bench), "image/svg+xml"), losses: [] }) },
  { key: "png", label: S.formats.png, group: "picture", ending: ".png", make: async (bench) => ({ content: await painted(await drawing(bench)), losses: [] }) },
  { key: "wasm", label: S.formats.wasm, group: "program", ending: ".wasm", make: async (bench) => ({ content: file(await bench.client.blob(model(bench)), "application/wasm"), losses: [] }) },
];

export async function made(bench: Workbench, row: Export): Promise<MadeFile> {
  return { name: `${baseName(bench)}${row.ending}`, ...(await row.make(bench)) };
}

/** Hands a file to the reader, as a download. */
export function save({ name, content }: Pick<MadeFile, "name" | "content">): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function csv(bench: Workbench): Blob {
  const run = bench.runs.shown.peek();
  if (!run) throw new FileError(P.nothingToSave, "");
  return file(csvOf(run.compiled, run.results), "text/csv");
}

/** A name that every system takes, whatever the model is called. */
function baseName(bench: Workbench): string {
  const source = bench.source.peek();
  const name = source?.sample ?? source?.name.replace(/\.[^.]*$/, "") ?? "";
  return name.replace(/[^\p{L}\p{N} ._-]+/gu, "-").replace(/^[ .-]+|[ .]+$/g, "").slice(0, 80) || "model";
}

function file(content: BlobPart, type: string): Blob {
  return new Blob([content], { type });
}

function model(bench: Workbench): string {
  const compiled = bench.compiled.peek();
  if (!compiled || bench.errors.peek().length > 0 || bench.compiles.busy.peek()) throw new FileError(P.fixBeforeSaving, P.fixBeforeSavingAdvice);
  return compiled.model;
}

/** The model's own text where it is in that format already: nothing of it is lost. */
async function converted(bench: Workbench, format: "pen" | "mdl" | "xmile"): Promise<Omit<MadeFile, "name">> {
  const source = bench.source.peek();
  const own = source?.format ?? bench.compiled.peek()?.document.format;
  if (source && own === format) return { content: file(source.text, "text/plain"), losses: [] };
  const { text, losses } = await bench.client.ask("convert", { model: model(bench), format });
  return { content: file(text, "text/plain"), losses };
}

async function drawing(bench: Workbench): Promise<string> {
  return (await bench.client.ask("draw", { model: model(bench) })).svg;
}

/** The picture's pixels. An image takes no script and loads nothing, whatever the model's names are. */
async function painted(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(PNG_SCALE, PNG_LARGEST / Math.max(image.width, image.height, 1));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new FileError(P.pictureFailed, P.pictureFailedAdvice);
  return blob;
}
