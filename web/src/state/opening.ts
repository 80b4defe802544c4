// Opening: samples, files, links, and what the last visit left.
import { S } from "../strings.js";
import type { Address, View } from "./asked.js";
import type { Source } from "./drafts.js";
import { Editing, viewOf } from "./editing.js";
import { readModelFile, unixLines } from "./files.js";
import { FIRST_SAMPLE, sampleBase } from "./samples.js";
import { batch } from "./signals.js";

const NEW_TEXT = `model Untitled
time 0 to 50 by 0.125 {year} save every 0.5

stock Level = 100
  in growth
flow growth = rate * Level
const rate = 0.03 {1/year} slider 0 to 0.1
`;

export abstract class Opening extends Editing {
  /** What the address asks for, the last visit's text, or the first sample. */
  async start(address: Address): Promise<void> {
    const list = this.samples.load();
    const draft = await this.drafts.restore();
    const changed = draft && draft.text !== draft.original ? draft : undefined;
    if (address.sample !== null) {
      if (changed) this.drafts.putAside(changed);
      await list;
      await this.openSample(address.sample);
    } else if (address.link !== null || (address.src !== null && !changed)) {
      if (await this.follow(address, changed)) return;
      const said = this.notice.peek();
      await this.#resume(draft, list);
      this.notice.value = said;
    } else {
      await this.#resume(draft, list);
      if (address.src !== null) await this.follow(address);
    }
  }

  async #resume(draft: Source | undefined, list: Promise<void>): Promise<void> {
    const unchanged = draft?.text === draft?.original;
    if (draft) await this.history.restore();
    if (!draft) {
      await list;
      const first = this.samples.list.peek()[0];
      const preferred = this.samples.list.peek().find((other) => other.name === FIRST_SAMPLE) ?? first;
      if (preferred) await this.openSample(preferred.name);
      else this.#openNothing();
    } else if (draft.sample && unchanged) {
      await this.openSample(draft.sample);
    } else if (draft.text.trim() === "") {
      this.#openNothing();
    } else {
      await this.openText(draft);
    }
  }

  /** Opens the model in a link or at an address; whether it did. `draft` is what the last visit left. */
  async follow(address: Address, draft?: Source): Promise<boolean> {
    try {
      const { follow } = await import("./following.js");
      return await follow(this, address, draft);
    } catch (error) {
      this.say(error, S.linkOpenFailed);
      return false;
    }
  }

  /** What a link to what is on show has to say beside the text. */
  view(): View {
    return { values: this.overrides.peek(), plotted: this.plotted.peek(), time: this.cursor.peek(), branch: this.branch.peek() };
  }

  async openSample(name: string, view: View | null = null): Promise<void> {
    this.#replaceSource(null, view);
    try {
      const compiled = await this.client.openPrecompiled(sampleBase(name));
      const { text, format } = compiled.document;
      const source: Source = { name: `${name}.${format || "pen"}`, text, format, sample: name, original: text };
      batch(() => {
        this.source.value = source;
        this.compiles.settle(compiled.diagnostics);
        this.#begin(source);
        this.accept(compiled);
      });
      this.drafts.keep(source);
    } catch (error) {
      this.say(error, S.sampleFailed(name));
    } finally {
      this.opening.value = false;
    }
  }

  async openFile(file: File): Promise<void> {
    try {
      const text = await readModelFile(file);
      await this.openText({ name: file.name, text, original: text });
    } catch (error) {
      this.say(error, S.fileUnreadable(file.name));
    }
  }

  async openText(given: Source, view: View | null = null): Promise<void> {
    const source = { ...given, text: unixLines(given.text), original: unixLines(given.original) };
    this.#replaceSource(source, view);
    this.#begin(source);
    this.drafts.keep(source);
    try {
      await this.compiles.now(source);
    } finally {
      this.opening.value = false;
    }
  }

  /** Runs what of the open text has no errors and needs nothing that has. */
  async openWhatWorks(): Promise<void> {
    const source = this.source.peek();
    if (source) await this.openText({ ...source, partial: true });
  }

  newModel(): void {
    void this.openText({ name: S.untitledFile, text: NEW_TEXT, format: "pen", original: "" });
    batch(() => {
      this.textOpen.value = true;
      this.tab.value = "text";
    });
  }

  #openNothing(): void {
    this.#replaceSource(null);
    this.#begin({ name: S.untitledFile, text: "", original: "" });
    this.compiles.settle([]);
    this.opening.value = false;
  }

  /** The history starts with the document, or goes on where the last visit left it. */
  #begin(source: Source): void {
    const left = this.history.open(source.name, { text: source.text, overrides: new Map(), plotted: [] });
    if (left) this.asked ??= viewOf(left);
  }

  #replaceSource(source: Source | null, view: View | null = null): void {
    this.asked = view;
    const before = this.source.peek();
    if (before) this.drafts.putAside(before);
    this.player.pause();
    batch(() => {
      this.opening.value = true;
      this.notice.value = null;
      this.source.value = source;
      this.compiled.value = null;
      this.compiles.settle([]);
      this.runs.clear();
      this.overrides.value = new Map();
      this.branch.value = null;
      this.plotted.value = [];
      this.groups.value = [];
      this.colours.clear();
      this.ghostLabel.value = "";
      this.selected.value = null;
      this.pictures.clear();
    });
    this.fresh = true;
  }
}
