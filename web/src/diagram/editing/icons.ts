// Drawings of 16 by 16 that only the diagram's tools use.
import { html, svg } from "lit";
import type { TemplateResult } from "lit";

const icon = (paths: TemplateResult): TemplateResult => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${paths}</svg>`;

export const editIcons = {
  module: icon(svg`<rect x="2.5" y="3.5" width="11" height="9" rx="2.5" /><path d="M1 8h3M12 8h3" />`),
  pencil: icon(svg`<path d="M3 13l.8-3.2L11 2.6l2.4 2.4-7.2 7.2zM9.4 4.2l2.4 2.4" />`),
  spark: icon(svg`<path d="M2 11.5c3 0 3-7 5.5-7S10 10 14 9" /><path d="M2 14h12" />`),
  ghost: icon(svg`<rect x="2.5" y="2.5" width="7" height="6" rx="1" /><rect x="6.5" y="7.5" width="7" height="6" rx="1" stroke-dasharray="2 1.6" />`),
  bin: icon(svg`<path d="M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M7 7v4M9 7v4" />`),
  equation: icon(svg`<path d="M3 6h10M3 10h10" />`),
};
