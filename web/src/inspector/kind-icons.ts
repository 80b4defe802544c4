// The symbols of the diagram as icons of 16 by 16.
import { html, svg } from "lit";
import type { TemplateResult } from "lit";

const DRAWN: Record<string, TemplateResult> = {
  stock: svg`<rect x="2" y="4" width="12" height="8" rx="1"></rect>`,
  flow: svg`<path d="M3.5 6 12.5 12V6l-9 6zM8 9V3.5M5.5 3.5h5M.8 9h2.7M12.5 9h2.7"></path>`,
  auxiliary: svg`<circle cx="8" cy="8" r="5.2"></circle>`,
  constant: svg`<circle cx="8" cy="8" r="5.2"></circle><path d="M8 8 5.8 5.2"></path>`,
  lookup: svg`<circle cx="8" cy="8" r="5.2"></circle><path d="M4.8 10.2C7.6 10.2 8.4 5.8 11.2 5.8"></path>`,
};

export function kindIcon(kind: string): TemplateResult {
  return html`<svg class="icon kind-icon" viewBox="0 0 16 16" aria-hidden="true">${DRAWN[kind] ?? DRAWN["auxiliary"]}</svg>`;
}
