// Line breaks: an editor counts each as one unit, a file may have "\r\n". Places go in and out; what is not edited stays.
import type { ChangeSet } from "@codemirror/state";

export class Breaks {
  readonly #pairs: number[] = []; // where each "\r\n" begins in the file

  constructor(readonly text: string) {
    for (let at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n", at + 2)) this.#pairs.push(at);
  }

  /** The text as the editor has it. */
  get inner(): string {
    return this.text.replace(/\r\n?/g, "\n");
  }

  /** A place of the file, in the editor. */
  inside(at: number): number {
    return at - this.#pairs.filter((pair) => pair < at).length;
  }

  /** A place of the editor, in the file. */
  outside(at: number): number {
    return at + this.#pairs.filter((pair, before) => pair - before < at).length;
  }

  /** The file after changes in the editor: what comes in takes the file's kind of break. */
  edited(changes: ChangeSet): string {
    const own = this.#pairs.length > 0 ? "\r\n" : "\n";
    let text = "";
    let from = 0;
    changes.iterChanges((start, end, _start, _end, inserted) => {
      text += this.text.slice(from, this.outside(start)) + inserted.toString().replaceAll("\n", own);
      from = this.outside(end);
    });
    return text + this.text.slice(from);
  }
}
