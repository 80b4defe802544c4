// The shapes of the diagram, drawn once for each model.
import { nothing, svg } from "lit";
import type { SVGTemplateResult } from "lit";
import type { DiagramArrow, DiagramLabel, DiagramSymbol } from "../../../worker/tools.js";
import { arrowHead, arrowLine } from "./paths.js";

const LINE = 15;
const BASE = 11.5; // from the top of a line to what its letters stand on
const VALUED: ReadonlySet<string> = new Set(["flow", "auxiliary", "constant", "lookup"]);
const CLOUD = "M-8 8a5.5 5.5 0 0 1-2.6-10.3A6.6 6.6 0 0 1 .6-6.6 5.6 5.6 0 0 1 10.4-3a5.6 5.6 0 0 1-1.4 11z";
const VALVE = { across: "M-9-8 9 8V-8L-9 8z", upright: "M-8-9 8 9H-8L8-9z" };
const STEM = { across: "M0 0V-13M-5-13H5", upright: "M0 0H-13M-13-5V5" };

export function frameOf(title: string, box: number[]): SVGTemplateResult {
  const [left = 0, top = 0, right = 0, bottom = 0] = box;
  return svg`<g class="frame">
    <rect x=${left} y=${top} width=${right - left} height=${bottom - top} rx="10"></rect>
    <text x=${left + 12} y=${top + 18}>${title}</text>
  </g>`;
}

export function arrowOf(arrow: DiagramArrow, near: ReadonlySet<string>): SVGTemplateResult {
  const lifted = near.has(`${arrow.source}→${arrow.target}`);
  return svg`<g class="arrow ${lifted ? "lifted" : ""} ${arrow.initial ? "initial" : ""}">
    <path class="shaft" d=${arrowLine(arrow)}></path><path class="head" d=${arrowHead(arrow)}></path>
  </g>`;
}

export function shapeOf(symbol: DiagramSymbol): SVGTemplateResult {
  const { width, height } = symbol;
  const radius = Math.min(width, height) / 2;
  switch (symbol.kind) {
    case "stock":
      return svg`${symbol.arrayed ? svg`<rect class="box" x=${3 - width / 2} y=${-3 - height / 2} width=${width} height=${height} rx="2"></rect>` : nothing}
        <rect class="box" x=${-width / 2} y=${-height / 2} width=${width} height=${height} rx="2"></rect>
        <svg class="inside" x=${-width / 2} y=${-height / 2} width=${width} height=${height} overflow="visible">
          <rect class="fill" width=${width} height="0" y=${height}></rect>
          <rect class="surface" width=${width} height="1.5" y=${height}></rect>
          <rect class="tick" x=${width - 6} width="13" height="1.5" visibility="hidden"></rect>
        </svg>
        <rect class="ring" x=${-width / 2 - 4} y=${-height / 2 - 4} width=${width + 8} height=${height + 8} rx="5"></rect>`;
    case "module":
      return svg`<rect class="box" x=${-width / 2} y=${-height / 2} width=${width} height=${height} rx="8"></rect>
        <rect class="ring" x=${-width / 2 - 4} y=${-height / 2 - 4} width=${width + 8} height=${height + 8} rx="11"></rect>`;
    case "flow": {
      const way = symbol.upright ? "upright" : "across";
      return svg`<path class="stem" d=${STEM[way]}></path><path class="valve" d=${VALVE[way]}></path><rect class="ring" x="-14" y="-16" width="28" height="30" rx="6"></rect>`;
    }
    case "auxiliary":
    case "constant":
    case "lookup":
      return svg`${symbol.arrayed ? svg`<circle class="disc" cx="2.5" cy="-2.5" r=${radius}></circle>` : nothing}
        <circle class="disc" r=${radius}></circle>
        ${symbol.kind === "constant" ? svg`<path class="needle" d="M0 0L-3.2-4.2"></path>` : nothing}
        ${symbol.kind === "lookup" ? svg`<path class="needle" d="M-5.5 4C-1 4 0-4 5.5-4"></path>` : nothing}
        <circle class="ring" r=${radius + 4}></circle>`;
    case "alias":
      return svg`<rect class="second" x=${-width / 2} y=${-height / 2} width=${width} height=${height} rx="4"></rect>
        <rect class="ring" x=${-width / 2 - 3} y=${-height / 2 - 3} width=${width + 6} height=${height + 6} rx="6"></rect>`;
    case "cloud":
      return svg`<path class="cloudlet" d=${CLOUD}></path>`;
    default:
      return svg``;
  }
}

/** The name and the value in one block that keeps its size while the diagram grows: it hangs from the symbol's side. */
export function labelOf(symbol: DiagramSymbol, label: DiagramLabel): SVGTemplateResult {
  const valued = VALUED.has(symbol.kind) && !symbol.arrayed;
  const [, top = 0, , bottom = 0] = label.box;
  const lines = label.lines.length + (valued ? 1 : 0);
  const above = bottom <= symbol.y;
  const below = top >= symbol.y;
  const y = above ? bottom : below ? top : (top + bottom) / 2;
  const first = BASE - (above ? lines : below ? 0 : lines / 2) * LINE;
  return svg`<g transform="translate(${label.x - symbol.x} ${y - symbol.y})"><g class="words">
    <text class="name" text-anchor=${label.anchor}>
      ${label.lines.map((line, number) => svg`<tspan x="0" y=${first + number * LINE}>${line}</tspan>`)}
    </text>
    ${valued ? svg`<text class="value outer" text-anchor=${label.anchor} y=${first + (lines - 1) * LINE}></text>` : nothing}
  </g></g>`;
}
