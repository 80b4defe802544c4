// The charts of the plotted variables, one above the other, all with the same time.
import type { Seen } from "../state/seen.js";
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { M as S } from "../strings-model.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import "./chart.js";
import { inkOf } from "./ink.js";
import type { Ink } from "./ink.js";

export class Charts extends View<Seen> {
  static override properties = { ...View.properties, ink: { state: true } };
  declare ink: Ink | undefined;

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        overflow-y: auto;
      }
      ps-chart {
        flex: 1 0 var(--ps-chart-least, 200px);
      }
      ps-chart + ps-chart {
        border-top: 1px solid var(--ps-line);
      }
      .nothing {
        margin: auto;
        padding: 24px;
        max-width: 36ch;
        text-align: center;
        color: var(--ps-text-2);
      }
      .probe {
        position: absolute;
        visibility: hidden;
      }
    `,
  ];

  readonly #dark = matchMedia("(prefers-color-scheme: dark)");

  override render(): TemplateResult {
    const groups = this.bench.groups.value;
    return html`<span class="probe" aria-hidden="true"></span>${
      groups.length === 0
        ? html`<p class="nothing">${S.nothingPlotted}</p>`
        : repeat(
            groups,
            (group) => group.key,
            (group) => html`<ps-chart .bench=${this.bench} .group=${group} .ink=${this.ink}></ps-chart>`,
          )
    }`;
  }

  override firstUpdated(): void {
    this.watch(() => {
      void this.bench.theme.value;
      queueMicrotask(this.#readInk); // once the attribute is set
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dark.addEventListener("change", this.#readInk);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dark.removeEventListener("change", this.#readInk);
  }

  #readInk = (): void => {
    requestAnimationFrame(() => {
      const probe = this.renderRoot.querySelector<HTMLElement>(".probe");
      if (probe) this.ink = inkOf(probe);
    });
  };
}

define("ps-charts", Charts);
