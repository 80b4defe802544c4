// What editing draws over the diagram, in pixels of the screen: what is being drawn, guides, handles, signs of links.
import { html, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";
import type { Diagram, DiagramArrow, DiagramSymbol } from "../../../../worker/tools.js";
import type { Look } from "../camera.js";
import { D } from "../../strings-diagram.js";
import { alongArrow, middleOfArrow } from "./geometry.js";
import type { Point } from "./places.js";

const REACH = { fine: 11, coarse: 22 }; // half of what a handle takes
const SIGN = { back: 13, aside: 9 }; // where a link's sign stands, from the point of its head

export interface Handle {
  readonly what: "source" | "target" | "bend";
  readonly at: Point;
  readonly name: string;
}

export interface Over {
  readonly line: readonly [Point, Point] | null;
  readonly lineIs: string;
  readonly marquee: readonly [Point, Point] | null;
  readonly guides: readonly (readonly [Point, Point])[];
  readonly arrow: DiagramArrow | null; // that is chosen
  readonly handles: readonly Handle[];
  readonly signs: readonly { readonly at: Point; readonly sign: string }[];
}

/** The ends of a flow's pipe. */
export function endHandles(diagram: Diagram, flow: DiagramSymbol): Handle[] {
  const pipe = diagram.pipes.find((other) => other.flow === flow.id);
  const [first, last] = [pipe?.points[0], pipe?.points.at(-1)];
  if (!first || !last) return [];
  const at = ([x = 0, y = 0]: number[]): Point => [x, y];
  return [
    { what: "source", at: at(first), name: D.end(flow.name, "source") },
    { what: "target", at: at(last), name: D.end(flow.name, "target") },
  ];
}

export function bendHandle(arrow: DiagramArrow, name: string): Handle {
  return { what: "bend", at: middleOfArrow(arrow), name };
}

/** The signs of the links at some symbols, beside the heads of their arrows. */
export function signsAt(diagram: Diagram, ids: ReadonlySet<number>, signOf: (source: number, target: number) => string): Over["signs"] {
  return diagram.arrows.flatMap((arrow) => {
    if (!ids.has(arrow.source) && !ids.has(arrow.target)) return [];
    const sign = signOf(arrow.source, arrow.target);
    const [x = 0, y = 0] = arrow.points.at(-1) ?? [];
    const [hx = 0, hy = 0] = arrow.heading;
    return sign ? [{ sign, at: [x - SIGN.back * hx - SIGN.aside * hy, y - SIGN.back * hy + SIGN.aside * hx] as const }] : [];
  });
}

export function overlay(over: Over, look: Look, grab: (event: PointerEvent, handle: Handle) => void): TemplateResult | typeof nothing {
  const on = ([x, y]: Point): Point => [look.x + x * look.scale, look.y + y * look.scale];
  const line = ([from, to]: readonly [Point, Point], kind: string): SVGTemplateResult => {
    const [[ax, ay], [bx, by]] = [on(from), on(to)];
    return svg`<line x1=${ax} y1=${ay} x2=${bx} y2=${by} class=${kind}></line>`;
  };
  const coarse = matchMedia("(pointer: coarse)").matches;
  const reach = coarse ? REACH.coarse : REACH.fine;
  return html`<svg class="rubber" aria-hidden="true">
    ${over.arrow ? svg`<path class="picked" d=${`M${alongArrow(over.arrow, 24).map((point) => on(point).join(" ")).join("L")}`}></path>` : nothing}
    ${over.guides.map((guide) => line(guide, "guide"))} ${over.line ? line(over.line, over.lineIs) : nothing}
    ${over.marquee ? boxOf(on(over.marquee[0]), on(over.marquee[1])) : nothing}
    ${over.signs.map(({ at, sign }) => {
      const [x, y] = on(at);
      return svg`<text class="sign" x=${x} y=${y + 5} text-anchor="middle">${sign}</text>`;
    })}
    ${over.handles.map((handle) => {
      const [x, y] = on(handle.at);
      return svg`<g class="handle" data-handle=${handle.what} @pointerdown=${(event: PointerEvent) => grab(event, handle)}>
        <title>${handle.name}</title>
        <circle class="reach" cx=${x} cy=${y} r=${reach}></circle><circle class="grip" cx=${x} cy=${y} r="5"></circle>
      </g>`;
    })}
  </svg>`;
}

function boxOf([ax, ay]: Point, [bx, by]: Point): SVGTemplateResult {
  return svg`<rect class="marquee" x=${Math.min(ax, bx)} y=${Math.min(ay, by)} width=${Math.abs(bx - ax)} height=${Math.abs(by - ay)}></rect>`;
}
