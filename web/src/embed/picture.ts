// Diagram and charts as one SVG file: the diagram's own drawing with its colours written out, and the curves beside it.
import { formatMark, formatTimeMark, marks, scaleOf, timeMarks } from "../charts/scale.js";
import { inkOf } from "../charts/ink.js";
import type { ChartGroup } from "../state/variables.js";
import type { EmbedBench } from "./bench.js";
import type { Life } from "./life.js";

const WRITTEN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-dashoffset", "stroke-linejoin", "stroke-linecap", "paint-order", "visibility", "display", "opacity", "font-size", "font-weight", "text-anchor"];
const GAP = 24;
const LEFT = 52;
const RIGHT = 110;
const CHART = { width: 460, height: 260 };

export function pictureOf(embed: Life): string {
  const bench = embed.bench as EmbedBench;
  const root = embed.renderRoot as ShadowRoot;
  const diagram = root.querySelector("ps-diagram")?.shadowRoot?.querySelector("svg");
  const drawn = diagram ? written(diagram) : { text: "", width: 0, height: 0 };
  const groups = root.querySelector("ps-charts, ps-table") ? bench.groups.peek() : [];
  const frame = root.querySelector<HTMLElement>(".frame") as HTMLElement;
  const probe = frame.appendChild(document.createElement("span"));
  const ink = inkOf(probe);
  const page = getComputedStyle(frame).backgroundColor;
  probe.remove();
  const left = drawn.width ? drawn.width + GAP : 0;
  const charts = groups.map((group, at) => chart(group, bench, ink, left, at * (CHART.height + GAP)));
  const width = left + (groups.length > 0 ? CHART.width : 0);
  const height = Math.max(drawn.height, groups.length * (CHART.height + GAP));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="${page}"/>${drawn.text}${charts.join("")}</svg>`;
}

/** A drawing whose colours came from style sheets, with the colours in it. */
function written(svg: SVGSVGElement): { text: string; width: number; height: number } {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, at) => {
    const style = getComputedStyle(originals[at] as Element);
    for (const name of ["class", "role", "tabindex", "aria-label", "aria-pressed", "data-id", "data-name", "data-pipe"]) element.removeAttribute(name);
    if (element instanceof SVGGraphicsElement) for (const name of WRITTEN) element.setAttribute(name, style.getPropertyValue(name));
  });
  const { width, height } = svg.getBoundingClientRect();
  const parts = Array.from(copy.children, (child) => new XMLSerializer().serializeToString(child));
  return { text: `<g>${parts.join("")}</g>`, width, height };
}

function chart(group: ChartGroup, bench: EmbedBench, ink: ReturnType<typeof inkOf>, left: number, top: number): string {
  const results = bench.runs.shown.peek()!.results;
  const times = bench.times.peek();
  const series = group.names.map((name) => results.series(name));
  const scale = scaleOf(series);
  const { start, stop } = bench.range.peek();
  const [right, bottom] = [CHART.width - RIGHT, CHART.height - 24];
  const x = (time: number): string => (LEFT + ((time - start) / (stop - start || 1)) * (right - LEFT)).toFixed(2);
  const y = (value: number): string => (28 + (1 - (value - scale.low) / (scale.high - scale.low || 1)) * (bottom - 28)).toFixed(2);
  const rows = marks(scale).map((mark) => `<path d="M${LEFT} ${y(mark)}H${right}" stroke="${ink.grid}"/><text x="${LEFT - 6}" y="${y(mark)}" dy="4" text-anchor="end" fill="${ink.text}" font-size="11">${formatMark(mark)}</text>`);
  const columns = timeMarks(start, stop, 6).map((time) => `<text x="${x(time)}" y="${bottom + 16}" text-anchor="middle" fill="${ink.text}" font-size="11">${formatTimeMark(time)}</text>`);
  const lines = group.names.map((name, at) => {
    const colour = bench.colours.of.peek().get(name) ?? 0;
    const values = series[at] as Float64Array;
    let pen = "M";
    let path = "";
    values.forEach((value, row) => {
      if (Number.isFinite(value)) path += `${pen}${x(times[row] ?? 0)} ${y(value)}`;
      pen = Number.isFinite(value) ? "L" : "M";
    });
    const end = values.findLast((value) => Number.isFinite(value)) ?? 0;
    return `<path d="${path}" fill="none" stroke="${ink.lines[colour]}" stroke-width="2"/><text x="${right + 8}" y="${y(end)}" dy="4" fill="${ink.texts[colour]}" font-weight="600">${escaped(name)}</text>`;
  });
  return `<g transform="translate(${left} ${top})"><text x="0" y="16" font-weight="600" fill="${ink.text}">${escaped(group.units)}</text>${[...rows, ...columns, ...lines].join("")}</g>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
