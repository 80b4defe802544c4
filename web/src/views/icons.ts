// Drawings of 16 by 16; decoration only, the words stand beside them or in a label.
import { html, svg } from "lit";
import type { TemplateResult } from "lit";

const icon = (paths: TemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${paths}</svg>`;

export const icons = {
  logo: icon(svg`<path d="M4 5.5 12 11V5.5L4 11zM8 8.2V3M6 3h4M.8 6.7H3M.8 9.8H3M13 6.7h2.2M13 9.8h2.2" />`),
  down: icon(svg`<path d="m4.5 6.5 3.5 3.5 3.5-3.5" />`),
  check: icon(svg`<path d="m3.5 8.5 3 3 6-7" />`),
  warning: icon(svg`<path d="M8 2.5 14 13H2zM8 6.5v3M8 11.3v.1" />`),
  error: icon(svg`<circle cx="8" cy="8" r="6" /><path d="M8 5v3.5M8 10.9v.1" />`),
  info: icon(svg`<circle cx="8" cy="8" r="6" /><path d="M8 7.5V11M8 5v.1" />`),
  close: icon(svg`<path d="m4 4 8 8M12 4l-8 8" />`),
  play: icon(svg`<path d="M5.5 3.5v9l7-4.5z" fill="currentColor" />`),
  pause: icon(svg`<path d="M5.5 4v8M10.5 4v8" stroke-width="2.5" />`),
  loop: icon(svg`<path d="M3 8V7a2.5 2.5 0 0 1 2.5-2.5H13M11 2.5l2 2-2 2M13 8v1a2.5 2.5 0 0 1-2.5 2.5H3M5 13.5l-2-2 2-2" />`),
  file: icon(svg`<path d="M9 2H4.5A1.5 1.5 0 0 0 3 3.5v9A1.5 1.5 0 0 0 4.5 14h7a1.5 1.5 0 0 0 1.5-1.5V6zM9 2v4h4" />`),
  folder: icon(svg`<path d="M2 4.5A1.5 1.5 0 0 1 3.5 3h3L8 5h4.5A1.5 1.5 0 0 1 14 6.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 11.5z" />`),
  fit: icon(svg`<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />`),
  diagram: icon(svg`<path d="M2 6h4.5v4H2zM6.5 8H11M11 5.5v5M13.5 5.5v5M11 8l2.5-2.5M11 8l2.5 2.5" />`),
  table: icon(svg`<path d="M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 6.5v6" />`),
  save: icon(svg`<path d="M8 2.5v8M5 7.5l3 3 3-3M3 13.5h10" />`),
  copy: icon(svg`<path d="M6 5.5h7v8H6zM10 5.5v-3H3v8h3" />`),
  fork: icon(svg`<path d="M2 11h4c4 0 3-6 8-6M6 11h8M11.5 2.5 14 5l-2.5 2.5" />`),
  pin: icon(svg`<path d="M6 2.5h4M6.8 2.5v4L4.5 9.5h7L9.2 6.5v-4M8 9.5v4" />`),
  search: icon(svg`<circle cx="7" cy="7" r="4" /><path d="m10 10 3.5 3.5" />`),
  go: icon(svg`<path d="M3 12c0-5 3-6.5 9.5-6.5M9.5 2.5l3 3-3 3" />`),
  offline: icon(svg`<path d="M5 12.5a3 3 0 0 1-.3-6M7 4.2A4 4 0 0 1 11.6 7a2.8 2.8 0 0 1 1.6 4.6M2.5 2.5l11 11" />`),
  share: icon(svg`<path d="M8 9.5v-7M5.5 5 8 2.5 10.5 5M5 7.5H3.5v6h9v-6H11" />`),
  plus: icon(svg`<path d="M8 3v10M3 8h10" />`),
  controls: icon(svg`<path d="M2.5 4.5h5.7M11.8 4.5h1.7M2.5 11.5h1.7M7.8 11.5h5.7" /><circle cx="10" cy="4.5" r="1.8" /><circle cx="6" cy="11.5" r="1.8" />`),
  list: icon(svg`<path d="M3 4h.1M3 8h.1M3 12h.1M6 4h7M6 8h7M6 12h7" />`),
  text: icon(svg`<path d="M3 4h10M3 7h7M3 10h9M3 13h5" />`),
  pointer: icon(svg`<path d="M4 2.5 12.5 8 8.4 8.9 6.2 13z" />`),
  arrow: icon(svg`<path d="M3 13C4 7 7 4.5 13 3.5M9.5 2l3.5 1.5L11 6.8" />`),
  undo: icon(svg`<path d="M4 6.5h5.5a3 3 0 0 1 0 6H6M4 6.5 6.5 4M4 6.5 6.5 9" />`),
  redo: icon(svg`<path d="M12 6.5H6.5a3 3 0 0 0 0 6H10M12 6.5 9.5 4M12 6.5 9.5 9" />`),
  sun: icon(svg`<circle cx="8" cy="8" r="2.8" /><path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9" />`),
  moon: icon(svg`<path d="M13 9.8A5.5 5.5 0 0 1 6.2 3a5.5 5.5 0 1 0 6.8 6.8z" />`),
  half: icon(svg`<circle cx="8" cy="8" r="5.5" /><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />`),
};
