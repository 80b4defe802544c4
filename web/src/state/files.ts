// Reads a file that the reader chose or dropped. Nothing is read before its size is known to be sensible.
import { S } from "../strings.js";

export const MAX_BYTES = 16 * 1024 * 1024;
export const ENDINGS = [".pen", ".mdl", ".xmile", ".xml", ".stmx", ".itmx"];

export class FileError extends Error {
  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

/** The file's text; throws FileError when it cannot be a model. */
export async function readModelFile(file: File): Promise<string> {
  if (file.size > MAX_BYTES) throw new FileError(S.fileTooLarge(file.name, file.size, MAX_BYTES), S.fileTooLargeAdvice);
  if (file.size === 0) throw new FileError(S.fileEmpty(file.name), S.fileEmptyAdvice);
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    throw new FileError(S.fileUnreadable(file.name), S.fileUnreadableAdvice);
  }
  const text = decoded(new Uint8Array(bytes));
  if (text.includes("\0")) throw new FileError(S.fileNotText(file.name), S.fileNotTextAdvice(ENDINGS));
  return text;
}

/** UTF-8 or UTF-16 where the bytes say so, otherwise Windows-1252; line ends as `\n`. */
export function decoded(bytes: Uint8Array): string {
  return unixLines(decodedAs(bytes));
}

/** An editor counts a line's end as one character: with two, every mark after it would stand in the wrong place. */
export function unixLines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function decodedAs(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
