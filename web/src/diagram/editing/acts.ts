// What editing in the diagram does, however it is asked for: names that are typed, deleting, copying, linking.
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { DiagramArrow, DiagramSymbol } from "../../../../worker/tools.js";
import { preview } from "../../inspector/edits.js";
import type { Outcome } from "../../inspector/edits.js";
import { D } from "../../strings-diagram.js";
import { S } from "../../strings.js";
import { styleVariables } from "../../views/variables-of-style.js";
import { add, alias, attach, broken, connect, eraseArrow, freeName, remove, rename } from "./actions.js";
import type { Ends, NewKind } from "./actions.js";
import { copy, paste } from "./clipboard.js";
import type { Naming } from "./name-box.js";
import { snapped } from "./places.js";
import type { Point } from "./places.js";
import type { End, Leading } from "./state.js";
import { ToolState } from "./state.js";

export abstract class ToolActs extends ToolState {

  protected nameBox(naming: Naming): TemplateResult {
    const { x, y, scale } = this.stage.look();
    return html`<ps-symbol-name
      .naming=${naming}
      .close=${this.stopNaming}
      ${styleVariables({ x: `${x + naming.at[0] * scale}px`, y: `${y + naming.at[1] * scale}px` })}
    ></ps-symbol-name>`;
  }

  protected stopNaming = (naming: Naming): void => {
    if (this.naming !== naming) return;
    this.naming = null;
    if (naming.back !== undefined) this.stage.focus(naming.back);
  };

  protected name(kind: NewKind, at: Point, ends: Ends = {}): void {
    const place: Point = [snapped(at[0]), snapped(at[1])];
    this.take("select");
    const done = async (name: string): Promise<Outcome> => {
      const outcome = await add(this.bench, this.diagram(), kind, name, place, ends);
      if (outcome.made) this.show(name);
      return outcome;
    };
    this.naming = { text: freeName(this.bench, kind), at: place, done, back: this.stage.focused()?.id };
  }

  /** What is new is chosen; where there is room its equation is open too. */
  protected show(name: string): void {
    if (this.bench.layout.peek() === "phone") this.chosen.named([name]);
    else this.bench.select(name);
  }

  protected rename(symbol: DiagramSymbol): void {
    const { bench } = this;
    const at: Point = [symbol.label ? (symbol.label.box[0] ?? 0) / 2 + (symbol.label.box[2] ?? 0) / 2 : symbol.x, symbol.label?.y ?? symbol.y];
    const done = (name: string): Promise<Outcome> =>
      name === symbol.name ? Promise.resolve({ made: true, text: "", consequences: [] }) : rename(bench, symbol.name, name);
    this.naming = { text: symbol.name, at, done, back: symbol.id };
  }


  protected readonly actions = {
    open: (): void => this.with((symbol) => this.bench.select(symbol.name, true)),
    rename: (): void => this.with((symbol) => this.rename(symbol)),
    alias: (): void => this.with((symbol) => void this.alias(symbol)),
    duplicate: (): void => void this.duplicate(this.chosen.symbols),
    remove: (): void => void this.delete(this.chosen.symbols),
  };

  protected with(work: (symbol: DiagramSymbol) => void): void {
    const [one] = this.chosen.symbols;
    if (one) work(one);
  }

  protected async delete(symbols: readonly DiagramSymbol[]): Promise<void> {
    const names = symbols.filter((symbol) => symbol.kind !== "alias").map((symbol) => symbol.name);
    const breaks = await broken(this.bench, names);
    const done = async (): Promise<void> => {
      this.doomed = null;
      this.chosen.set([]);
      this.bench.select(null);
      this.complain(await remove(this.bench, this.diagram(), symbols));
    };
    if (breaks.length === 0) return done();
    this.doomed = { title: S.deleteTitle(names), lead: S.deleteBreaks, act: S.delete, breaks, back: symbols[0]?.id, remove: () => void done() };
  }

  protected async eraseArrow(arrow: DiagramArrow): Promise<void> {
    const diagram = this.diagram();
    if (!diagram) return;
    const [from, to] = [this.symbol(arrow.source), this.symbol(arrow.target)];
    const done = async (): Promise<void> => {
      this.doomed = this.arrow = null;
      const outcome = await eraseArrow(this.bench, diagram, arrow);
      if (!outcome.made) this.complain(outcome.problems);
    };
    const [view, number] = arrow.place ?? [];
    const outcome = number === undefined ? null : await preview(this.bench, "erase", { arrows: [number], view: view ?? 0 });
    const breaks = outcome?.made ? outcome.consequences : [];
    if (breaks.length === 0) return done();
    this.doomed = { title: D.eraseTitle(from?.name ?? "", to?.name ?? ""), lead: D.eraseBreaks, act: D.erase, breaks, back: to?.id, remove: () => void done() };
  }

  protected keep = (): void => {
    const back = this.doomed?.back;
    this.doomed = null;
    if (back !== undefined) this.stage.focus(back);
  };

  protected async alias(symbol: DiagramSymbol): Promise<void> {
    const diagram = this.diagram();
    if (!diagram) return;
    const outcome = await alias(this.bench, diagram, symbol, [snapped(symbol.x + symbol.width / 2 + 64), snapped(symbol.y + 64)]);
    if (!outcome.made) this.complain(outcome.problems);
  }

  protected async duplicate(symbols: readonly DiagramSymbol[]): Promise<void> {
    if (await copy(this.bench, symbols)) await this.paste("");
  }

  protected async paste(text: string): Promise<void> {
    const pasted = await paste(this.bench, this.diagram(), text, this.middle());
    if (!pasted) this.said = D.nothingToPaste;
    else if (!pasted.made) this.complain(pasted.problems);
    else {
      this.chosen.named(pasted.names);
      this.said = D.pasted(pasted.names.length);
    }
  }

  protected pasted(event: ClipboardEvent): void {
    if (event.composedPath()[0] instanceof HTMLInputElement) return;
    event.preventDefault();
    void this.paste(event.clipboardData?.getData("text/plain") ?? "");
  }

  /** Keys with Ctrl or Cmd; whether the tools took one. */
  shortcut(event: KeyboardEvent): boolean {
    const here = this.stage.focused();
    const symbols = here && !this.chosen.has(here) ? [here] : this.chosen.symbols;
    switch (event.key.toLowerCase()) {
      case "a":
        this.chosen.set(this.chosen.all);
        this.said = D.chosenNow(this.chosen.symbols.length);
        return true;
      case "d":
        void this.duplicate(symbols);
        return true;
      case "c":
      case "x":
        void copy(this.bench, symbols).then((count) => {
          this.said = D.copiedNow(count);
          if (event.key.toLowerCase() === "x" && count) void this.delete(symbols);
        });
        return true;
      default:
        return false;
    }
  }

  protected spark(): void {
    this.sparked = this.sparks.toggle(this.chosen.symbols.length ? this.chosen.symbols : this.chosen.all);
    this.sparks.draw(this.diagram(), this.bench.runs.shown.peek(), this.bench.row.peek());
  }

  protected async attach({ flow, end }: Leading, to: End, at: Point): Promise<void> {
    const diagram = this.diagram();
    if (!diagram) return;
    if (to !== "outside" && to.kind !== "stock") return void (this.said = S.stocksTakeFlows);
    await this.done(attach(this.bench, diagram, flow, end, to === "outside" ? undefined : to.name, [snapped(at[0]), snapped(at[1])]));
  }

  protected async done(made: Promise<Outcome>): Promise<void> {
    const outcome = await made;
    if (!outcome.made) this.complain(outcome.problems);
  }

  protected link(from: End, to: End, at: Point): void {
    if (this.tool === "flow") {
      const stock = (end: End): string | undefined => (end !== "outside" && end.kind === "stock" ? end.name : undefined);
      const [source, target] = [stock(from), stock(to)];
      if (source !== undefined && source === target) return;
      this.name("flow", at, { ...(source === undefined ? {} : { source }), ...(target === undefined ? {} : { target }) });
    } else if (from !== "outside" && to !== "outside" && from.name !== to.name) {
      this.take("select");
      if (to.kind === "stock") this.said = S.stocksTakeFlows;
      else void connect(this.bench, from, to).then(this.complain);
    }
  }

  protected enter(end: End, at: Point = this.middle()): void {
    const [x, y] = at;
    if (this.tool !== "flow" && this.tool !== "connector") {
      if (this.tool !== "select") this.name(this.tool, [x, y]);
    } else if (this.start === null) {
      if (this.tool === "connector" && end === "outside") return;
      this.from(end);
    } else if (end !== this.start) {
      const ends = [this.start, end].map((symbol) => (symbol === "outside" ? { x, y } : symbol));
      this.link(this.start, end, [((ends[0]?.x ?? x) + (ends[1]?.x ?? x)) / 2, ((ends[0]?.y ?? y) + (ends[1]?.y ?? y)) / 2]);
    }
  }

  protected from(end: End): void {
    this.start = end;
    const name = end === "outside" ? "" : end.name;
    this.said = this.tool === "flow" ? S.flowFrom(name) : S.connectFrom(name);
  }
}
