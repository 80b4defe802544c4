// The diagram: drawn once for each model, painted anew with every run and every time.
import { css, html, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";
import type { Diagram, DiagramPipe, DiagramSymbol } from "../../../worker/tools.js";
import { canonical } from "../../../worker/canonical.js";
import { formatTime, formatValue } from "../state/format.js";
import { paintNoMore, paintSoon } from "../state/frames.js";
import { untracked } from "../state/signals.js";
import type { Seen } from "../state/seen.js";
import { M as S } from "../strings-model.js";
import { icons } from "../views/icons.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import { Camera } from "./camera.js";
import type { Cull } from "./cull.js";
import type { Stage } from "./editing/state.js";
import type { DiagramTools } from "./editing/tools.js";
import { alongLoop, linksOf } from "./links.js";
import type { Links } from "./links.js";
import { diagramStyles } from "./looks.js";
import { paintPipe, paintSymbol } from "./paint.js";
import type { Parts, PipeParts } from "./paint.js";
import { pipeHeads, pipeLine } from "./paths.js";
import { arrowOf, frameOf, labelOf, shapeOf } from "./shapes.js";

const LARGE = 300; // symbols from which on only what can be seen is painted
const CLICK = 4; // pixels that a press may move and still be a click

interface Live {
  readonly symbols: readonly { symbol: DiagramSymbol; name: string; parts: Parts }[];
  readonly pipes: readonly { pipe: DiagramPipe; name: string; parts: PipeParts }[];
}

export class DiagramView extends View<Seen> {
  static override properties = { ...View.properties, editable: { state: true } };
  declare editable: boolean; // Python and the tools are there

  static override styles = [shared, diagramStyles, css`:host { display: block; }`];

  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #camera: Camera | undefined;
  #links: Links | undefined;
  #drawn: Diagram | undefined;
  #cull: Cull | undefined;
  #moved: readonly [number, number] | null = null; // how far a newer drawing of the model is from the one before
  #live: Live | undefined;
  #words = ""; // how names are scaled, so that they keep their size
  #focused: number | undefined;
  #pressed: { x: number; y: number; moved: boolean } | undefined;
  #first: PointerEvent | undefined; // of the fingers that are down
  #resize: ResizeObserver | undefined;

  override render(): TemplateResult {
    const diagram = this.bench.pictures.shown.value;
    if (!diagram) return html`<p class="none">${S.noDiagram}</p>`;
    if (diagram !== this.#drawn) {
      this.#moved = this.#tools?.leave(diagram) ?? null;
      if (this.#drawn?.name !== diagram.name) this.#camera?.fit();
      this.#drawn = diagram;
      this.#links = linksOf(diagram);
      this.#focused = undefined;
    }
    const colours = this.bench.colours.of.value;
    const selected = this.bench.selected.value;
    const held = this.bench.held.value;
    const loop = this.bench.loop.value?.map(canonical);
    const lifted = new Set(loop ?? [selected, held].filter((name) => name !== null).map(canonical));
    const near = loop ? alongLoop(diagram, loop) : this.#near(diagram, lifted);
    return html`
      <div
        class="stage ${lifted.size ? "lifting" : ""}"
        @wheel=${this.#wheel}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @keydown=${this.#key}
      >
        <svg role="group" aria-label=${S.diagramLabel(diagram.name)} aria-describedby="keys">
          <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <path d="M0 0V6" stroke="currentColor" stroke-width="1.5"></path>
            </pattern>
          </defs>
          <g class="world">
            ${diagram.frames.map((frame) => frameOf(frame.title, frame.box))}
            ${diagram.arrows.map((arrow) => arrowOf(arrow, near))}
            ${diagram.pipes.map((pipe) => this.#pipe(pipe, diagram, colours))}
            ${diagram.symbols.map((symbol) => this.#symbol(symbol, colours, lifted, near))}
          </g>
        </svg>
        <p id="keys" hidden>${S.diagramKeys} ${this.editable ? S.diagramToolKeys : ""}</p>
      </div>
      ${this.editable ? html`<ps-diagram-tools .bench=${this.bench} .stage=${this.#stage}></ps-diagram-tools>` : nothing}
      <div class="zoom" role="toolbar" aria-label=${S.zoom}>
        <button aria-label=${S.zoomOut} title=${S.zoomOut} @click=${() => this.#camera?.zoom(-1)}>−</button>
        <output data-testid="zoom"></output>
        <button aria-label=${S.zoomIn} title=${S.zoomIn} @click=${() => this.#camera?.zoom(1)}>+</button>
        <button aria-label=${S.zoomFit} title=${S.zoomFit} @click=${() => this.#camera?.fit()}>${icons.fit}</button>
      </div>
    `;
  }

  override updated(): void {
    const stage = this.renderRoot.querySelector<HTMLElement>(".stage");
    if (!stage || !this.#drawn) {
      this.#live = undefined;
      return;
    }
    if (!this.#camera || this.#camera.element !== stage) {
      this.#camera = new Camera(stage, () => this.#drawn ?? { width: 0, height: 0 }, this.hasAttribute("inline") ? 10 : undefined);
      this.#resize?.disconnect();
      this.#resize = new ResizeObserver(() => this.#camera?.settle());
      this.#resize.observe(stage);
      this.watch(() => {
        void this.#camera?.look.value;
        this.#point();
      });
    }
    this.#gather();
    void this.#thin(this.#drawn);
    this.#tools?.arrive();
    this.#words = "";
    if (this.#moved) this.#camera.hold(...this.#moved);
    else this.#camera.settle();
    this.#moved = null;
    this.#point();
    this.#paint();
  }

  override firstUpdated(): void {
    this.watch(() => {
      if (this.bench.python.value.phase === "ready" && !this.editable) void this.#loadTools();
    });
    this.watch(() => {
      void this.bench.runs.shown.value;
      void this.bench.runs.ghost.value;
      void this.bench.row.value;
      paintSoon(this.#paint);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    paintNoMore(this.#paint);
  }

  // Drawing, once for each diagram ------------------------------------------------------------------------

  #pipe(pipe: DiagramPipe, diagram: Diagram, colours: ReadonlyMap<string, number>): SVGTemplateResult {
    const line = pipeLine(pipe);
    const [ahead, back] = pipeHeads(pipe);
    const flow = diagram.symbols.find((symbol) => symbol.id === pipe.flow);
    return svg`<g class="pipe ${colourOf(flow?.name, colours)}" data-pipe=${pipe.flow}>
      <path class="wall" d=${line}></path><path class="bore" d=${line}></path>
      <path class="fluid" stroke-width="0" d=${line}></path><path class="drops" stroke-width="0" d=${line}></path>
      <path class="ahead" d=${ahead}></path><path class="back" visibility="hidden" d=${back}></path>
    </g>`;
  }

  #symbol(symbol: DiagramSymbol, colours: ReadonlyMap<string, number>, lifted: ReadonlySet<string>, near: ReadonlySet<string>): SVGTemplateResult {
    const walked = symbol.kind !== "cloud" && symbol.kind !== "comment";
    const first = this.#links?.order[0]?.id;
    const here = symbol.name !== "" && lifted.has(canonical(symbol.name));
    const classes = `symbol ${symbol.kind} ${colourOf(symbol.name, colours)} ${here ? "lifted" : ""} ${near.has(String(symbol.id)) ? "near" : ""}`;
    // Words stand beside what has the focus: its label says them already, with the kind and the moment.
    return svg`<g class=${classes} data-id=${symbol.id} data-name=${symbol.name} transform="translate(${symbol.x} ${symbol.y})">
      <g
        class="knob"
        role=${walked ? "button" : nothing}
        aria-label=${walked ? S.symbolLabel(symbol.name, symbol.kind) : nothing}
        aria-pressed=${walked ? (here ? "true" : "false") : nothing}
        tabindex=${walked ? (symbol.id === (this.#focused ?? first) ? "0" : "-1") : nothing}
        @focus=${walked ? () => this.#focus(symbol) : nothing}
      >
        ${shapeOf(symbol)}
      </g>
      <g aria-hidden="true">
        ${symbol.kind === "stock" ? svg`<text class="value inner" text-anchor="middle" y="5"></text>` : nothing}
        ${symbol.label ? labelOf(symbol, symbol.label) : nothing}
      </g>
    </g>`;
  }

  /** Of a large drawing only what can be seen is painted. */
  async #thin(diagram: Diagram): Promise<void> {
    this.#cull = undefined;
    if (diagram.symbols.length < LARGE) return;
    const { Cull } = await import("./cull.js");
    if (diagram !== this.#drawn) return;
    this.#cull = new Cull(this.renderRoot, diagram);
    this.#point();
  }

  /** The symbols and arrows that touch what is lifted. */
  #near(diagram: Diagram, lifted: ReadonlySet<string>): ReadonlySet<string> {
    const near = new Set<string>();
    if (lifted.size === 0) return near;
    const ids = new Set(diagram.symbols.filter((symbol) => lifted.has(canonical(symbol.name))).map((symbol) => symbol.id));
    for (const { source, target } of diagram.arrows) {
      if (!ids.has(source) && !ids.has(target)) continue;
      near.add(`${source}→${target}`).add(String(source)).add(String(target));
    }
    for (const { flow, source, target } of diagram.pipes) {
      if (![flow, source, target].some((id) => id !== null && ids.has(id))) continue;
      for (const id of [flow, source, target]) if (id !== null) near.add(String(id));
    }
    return near;
  }

  // Painting, with every frame ----------------------------------------------------------------------------

  #gather(): void {
    const run = this.bench.runs.shown.peek();
    const names = new Map((run?.results.names ?? []).map((name) => [canonical(name), name]));
    const found = (key: string): Map<string | null, Element> =>
      new Map([...this.renderRoot.querySelectorAll(`[${key}]`)].map((element) => [element.getAttribute(key), element]));
    const [groups, tubes] = [found("data-id"), found("data-pipe")];
    const diagram = this.#drawn as Diagram;
    const nameOf = new Map(diagram.symbols.map((symbol) => [symbol.id, names.get(canonical(symbol.name))]));
    this.#live = {
      symbols: diagram.symbols.flatMap((symbol) => {
        const name = nameOf.get(symbol.id);
        const element = groups.get(String(symbol.id));
        if (name === undefined || element === undefined || symbol.kind === "alias" || symbol.kind === "comment") return [];
        const part = (query: string): Element | null => element.querySelector(query);
        return [{ symbol, name, parts: { value: part(".value"), fill: part(".fill"), surface: part(".surface"), tick: part(".tick"), needle: part(".needle") } }];
      }),
      pipes: diagram.pipes.flatMap((pipe) => {
        const name = nameOf.get(pipe.flow);
        const element = tubes.get(String(pipe.flow));
        if (name === undefined || element === undefined) return [];
        const part = (query: string): Element | null => element.querySelector(query);
        return [{ pipe, name, parts: { fluid: part(".fluid"), drops: part(".drops"), ahead: part(".ahead"), back: part(".back") } }];
      }),
    };
  }

  #paint = (): void => {
    const run = this.bench.runs.shown.peek();
    const live = this.#live;
    if (!run || !live) return;
    const known = new Set(run.results.names);
    const row = Math.min(this.bench.row.peek(), run.results.rows - 1);
    const ghost = this.bench.runs.ghost.peek();
    for (const { symbol, name, parts } of live.symbols) if (known.has(name)) paintSymbol(parts, symbol, run, ghost, name, row);
    for (const { pipe, name, parts } of live.pipes) if (known.has(name)) paintPipe(parts, pipe, run, name, row, this.#still.matches);
  };

  #point(): void {
    const look = this.#camera?.look.peek();
    if (!look) return;
    this.renderRoot.querySelector(".world")?.setAttribute("transform", `translate(${look.x} ${look.y}) scale(${look.scale})`);
    const words = `scale(${1 / Math.max(1, look.scale)})`;
    if (words !== this.#words) {
      this.#words = words;
      for (const label of this.renderRoot.querySelectorAll(".words")) label.setAttribute("transform", words);
    }
    this.renderRoot.querySelector(".stage")?.classList.toggle("far", look.scale < 0.85);
    this.#cull?.apply(look, this.clientWidth, this.clientHeight);
    const output = this.renderRoot.querySelector("output");
    if (output) output.textContent = `${Math.round(look.scale * 100)}%`;
  }

  // Pointer and keys --------------------------------------------------------------------------------------

  /** Inside somebody's text the wheel scrolls that; with Control it zooms here too. */
  #wheel = (event: WheelEvent): void => {
    if (!this.hasAttribute("inline") || event.ctrlKey || event.metaKey) this.#camera?.wheel(event);
  };

  #down = (event: PointerEvent): void => {
    if (event.button > 0) return;
    const first = this.#first;
    this.#first = event;
    // A second finger: whatever the first began, both now move the drawing.
    if (first && first.pointerId !== event.pointerId) {
      if (this.#tools?.drop()) this.#camera?.down(first);
    } else if (this.#tools?.down(event)) {
      this.#pressed = { x: event.clientX, y: event.clientY, moved: false };
      return (event.currentTarget as Element).setPointerCapture(event.pointerId);
    }
    this.#pressed = { x: event.clientX, y: event.clientY, moved: first !== undefined };
    this.#camera?.down(event);
  };

  #move = (event: PointerEvent): void => {
    if (this.#tools?.move(event)) return;
    const pressed = this.#pressed;
    if (!pressed) return;
    pressed.moved ||= Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > CLICK;
    if (pressed.moved) this.#camera?.move(event);
  };

  #up = (event: PointerEvent): void => {
    const clicked = this.#pressed && !this.#pressed.moved && event.type === "pointerup";
    this.#pressed = this.#first = undefined;
    this.#camera?.up(event);
    if ((clicked || this.#tools?.busy) && this.#tools?.up(event)) return;
    if (!clicked) return;
    const symbol = this.#symbolAt(event.clientX, event.clientY);
    if (symbol) this.#go(symbol.id);
    this.bench.select(symbol ? symbol.name : null);
  };

  /** The stage holds the pointer, so an event does not say what lies below it. */
  #symbolAt(x: number, y: number): DiagramSymbol | undefined {
    return this.#symbolOf((this.renderRoot as ShadowRoot).elementFromPoint(x, y)?.closest("[data-id]"));
  }

  #symbolOf(element: Element | null | undefined): DiagramSymbol | undefined {
    const id = Number(element?.getAttribute("data-id") ?? Number.NaN);
    return this.#links?.order.find((symbol) => symbol.id === id);
  }

  #key = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    if (event.ctrlKey || event.metaKey) return void (this.#tools?.shortcut(event) && event.preventDefault());
    if (this.#tools?.key(event)) return event.preventDefault();
    const here = this.#here();
    const links = this.#links;
    if (!links) return;
    const order = links.order.map((symbol) => symbol.id);
    const at = here ? order.indexOf(here.id) : -1;
    const act: Record<string, () => void> = {
      ArrowRight: () => this.#go(here && links.outOf.get(here.id)?.[0]),
      ArrowLeft: () => this.#go(here && links.into.get(here.id)?.[0]),
      ArrowDown: () => this.#go(order[(at + 1) % order.length]),
      ArrowUp: () => this.#go(order[(at - 1 + order.length) % order.length]),
      Home: () => this.#go(order[0]),
      End: () => this.#go(order.at(-1)),
      Enter: () => here && this.bench.select(here.name, true),
      " ": () => here && this.bench.select(here.name, true),
      Escape: () => this.bench.select(null),
      "+": () => this.#camera?.zoom(1),
      "=": () => this.#camera?.zoom(1),
      "-": () => this.#camera?.zoom(-1),
      "0": () => this.#camera?.fit(),
    };
    const found = act[event.key];
    if (!found) return;
    event.preventDefault();
    found();
  };

  #here(): DiagramSymbol | undefined {
    return this.#symbolOf((this.renderRoot as ShadowRoot).activeElement?.closest("[data-id]"));
  }

  // Editing -----------------------------------------------------------------------------------------------

  get #tools(): DiagramTools | null {
    return this.editable ? this.renderRoot.querySelector<DiagramTools>("ps-diagram-tools") : null;
  }

  readonly #stage: Stage = {
    diagram: () => this.#drawn ?? null,
    look: () => this.#camera?.look.value ?? { x: 0, y: 0, scale: 1 },
    box: () => this.getBoundingClientRect(),
    root: () => this.renderRoot as ShadowRoot,
    symbolAt: (x, y) => this.#symbolAt(x, y),
    focused: () => this.#here() ?? this.#links?.order.find((symbol) => symbol.id === this.#focused),
    focus: (id) => this.#go(id),
    inset: (top) => this.#camera?.cover(top),
  };

  async #loadTools(): Promise<void> {
    try {
      await import("./editing/tools.js");
      this.editable = true;
    } catch (error) {
      console.warn(error); // the text can still be edited
    }
  }

  #go(id: number | undefined): void {
    if (id !== undefined) this.#knob(id)?.focus({ preventScroll: true });
  }

  #knob(id: number | undefined): SVGGElement | null {
    return this.renderRoot.querySelector(`[data-id="${id}"] > .knob`);
  }

  /** The focused symbol is in view and says what it holds now. */
  #focus(symbol: DiagramSymbol): void {
    const before = this.#focused ?? this.#links?.order[0]?.id;
    this.#knob(before)?.setAttribute("tabindex", "-1");
    this.#focused = symbol.id;
    const element = this.#knob(symbol.id);
    element?.setAttribute("tabindex", "0");
    element?.setAttribute("aria-label", this.#said(symbol));
    this.#camera?.reveal(symbol.x - symbol.width / 2, symbol.y - symbol.height / 2, symbol.x + symbol.width / 2, symbol.y + symbol.height / 2);
  }

  #said(symbol: DiagramSymbol): string {
    return untracked(() => {
      const { bench } = this;
      const run = bench.runs.shown.value;
      const ident = canonical(symbol.name);
      const variable = bench.variables.value.find((other) => canonical(other.name) === ident);
      const value = variable && run ? formatValue(bench.valueAt(run, variable.name)) : "";
      const time = S.atTime(bench.timeUnits.value, formatTime(bench.cursor.value, bench.timeDecimals.value));
      return S.symbolLabel(symbol.name, symbol.kind, value, variable?.units ?? "", time, this.#links?.flows.get(symbol.id));
    });
  }
}

function colourOf(name: string | undefined, colours: ReadonlyMap<string, number>): string {
  const colour = name === undefined ? undefined : colours.get(name);
  return colour === undefined ? "plain" : `c${colour + 1}`;
}

define("ps-diagram", DiagramView);
