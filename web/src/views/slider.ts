// One constant: name, value to type, unit, and a slider whose fill runs from the model's own value to the present one.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { SliderRow } from "../../../worker/abi.js";
import { formatInput, niceCeiling, parseInput } from "../state/format.js";
import type { Seen } from "../state/seen.js";
import { M as S } from "../strings-model.js";
import { shared } from "./styles.js";
import { styleVariables } from "./variables-of-style.js";
import { define, View } from "./view.js";

const STEPS = 200; // about so many positions where the author gave no step
const THUMB = 16;

export class Slider extends View<Seen> {
  static override properties = {
    ...View.properties,
    row: { attribute: false },
    units: { attribute: false },
    documentation: { attribute: false },
    wrong: { state: true },
  };
  declare row: SliderRow;
  declare units: string;
  declare documentation: string;
  declare wrong: boolean;

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        padding: 4px 0 9px;
        --thumb: ${THUMB}px;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 4px;
        min-height: 22px;
      }
      .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .value {
        width: 64px;
        field-sizing: content;
        min-width: var(--ps-value-width, 64px);
        max-width: 112px;
        flex: none;
        height: 22px;
        padding: 0 2px;
        border: 0;
        border-bottom: 1px dotted var(--ps-line-strong);
        background: none;
        font-weight: 600;
        text-align: right;
        border-radius: 0;
      }
      @supports (field-sizing: content) {
        .value {
          width: auto;
        }
      }
      .value:hover {
        border-bottom-style: solid;
      }
      .value[aria-invalid="true"] {
        border-bottom: 1px solid var(--ps-error);
        color: var(--ps-error);
      }
      .units {
        font: var(--ps-label);
        color: var(--ps-text-2);
        width: var(--ps-units-width, 52px);
        max-width: 52px;
        flex: none;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .track {
        position: relative;
        height: 28px;
      }
      .track::before,
      .fill {
        content: "";
        position: absolute;
        top: 12px;
        height: 4px;
        border-radius: 2px;
        background: var(--ps-track);
        pointer-events: none;
      }
      .track::before {
        left: 0;
        right: 0;
      }
      /* a share p of the range lies where the thumb's middle would be */
      .fill {
        background: var(--ps-accent);
        left: calc(var(--thumb) / 2 + var(--from) * (100% - var(--thumb)));
        width: calc((var(--to) - var(--from)) * (100% - var(--thumb)));
      }
      .base {
        position: absolute;
        top: 8px;
        width: 2px;
        height: 12px;
        margin-left: -1px;
        border-radius: 1px;
        background: var(--ps-edge);
        left: calc(var(--thumb) / 2 + var(--base) * (100% - var(--thumb)));
        pointer-events: none;
        opacity: 0;
      }
      .changed .base {
        opacity: 1;
      }
      input[type="range"] {
        appearance: none;
        -webkit-appearance: none;
        position: relative;
        width: 100%;
        height: 28px;
        margin: 0;
        background: none;
        cursor: pointer;
        touch-action: pan-y;
        border-radius: 4px;
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 28px;
      }
      input[type="range"]::-webkit-slider-thumb {
        -webkit-appearance: none;
        width: var(--thumb);
        height: var(--thumb);
        margin-top: calc((28px - var(--thumb)) / 2);
        border-radius: 50%;
        border: 1.5px solid var(--ps-edge);
        background: var(--ps-field);
        box-shadow: 0 1px 2px rgb(20 28 38 / 0.12);
      }
      input[type="range"]::-moz-range-thumb {
        box-sizing: border-box;
        width: var(--thumb);
        height: var(--thumb);
        border-radius: 50%;
        border: 1.5px solid var(--ps-edge);
        background: var(--ps-field);
      }
      .changed input[type="range"]::-webkit-slider-thumb {
        border: 2px solid var(--ps-accent);
      }
      .changed input[type="range"]::-moz-range-thumb {
        border: 2px solid var(--ps-accent);
      }
      input[type="range"]:focus-visible {
        outline: none;
      }
      input[type="range"]:focus-visible::-webkit-slider-thumb {
        outline: 2px solid var(--ps-accent);
        outline-offset: 2px;
      }
      input[type="range"]:focus-visible::-moz-range-thumb {
        outline: 2px solid var(--ps-accent);
        outline-offset: 2px;
      }
      input[type="range"]:active::-webkit-slider-thumb {
        background: var(--ps-accent);
        border-color: var(--ps-accent);
        box-shadow: 0 0 0 6px color-mix(in srgb, var(--ps-accent) 16%, transparent);
      }
      .range {
        display: flex;
        justify-content: space-between;
        font: var(--ps-tick);
        color: var(--ps-text-2);
        height: 14px;
        line-height: 14px;
        margin: -3px 0 -11px;
        position: relative;
        visibility: hidden;
      }
      :host(:focus-within) .range,
      :host(:hover) .range,
      .changed .range {
        visibility: visible;
      }
      .reset {
        position: absolute;
        left: 50%;
        translate: -50% 0;
        font: var(--ps-tick);
        color: var(--ps-accent);
        border-radius: 4px;
        padding: 0 4px;
      }
      .reset::after {
        content: "";
        position: absolute;
        inset: -4px;
      }
      .reset:hover {
        text-decoration: underline;
      }
      @media (pointer: coarse) {
        :host {
          --thumb: 26px;
        }
        .track,
        input[type="range"] {
          height: 40px;
        }
        .track::before,
        .fill {
          top: 18px;
        }
        .base {
          top: 13px;
          height: 14px;
        }
        input[type="range"]::-webkit-slider-runnable-track {
          height: 40px;
        }
        input[type="range"]::-webkit-slider-thumb {
          margin-top: 7px;
        }
        .value {
          height: 28px;
        }
      }
    `,
  ];

  override render(): TemplateResult {
    const { row, bench } = this;
    const value = bench.valueOf(row);
    // A value beyond the range, typed or from the text, widens it: the thumb must not lie.
    const low = Math.min(row.low, row.value, value);
    const high = Math.max(row.high, row.value, value);
    const share = (at: number): number => (high > low ? (at - low) / (high - low) : 0);
    const changed = value !== row.value;
    const step = row.step ?? niceCeiling((high - low || 1) / STEPS);
    const label = this.units ? `${row.name}, ${this.units}` : row.name;
    return html`<div class=${changed ? "changed" : ""}>
      <div class="head">
        <span class="name" dir="auto" title=${this.documentation || row.name}>${row.name}</span>
        <input
          class="value"
          inputmode="decimal"
          autocomplete="off"
          spellcheck="false"
          data-testid="slider-value"
          data-name=${row.name}
          aria-label=${S.valueOf(label)}
          aria-invalid=${this.wrong ? "true" : "false"}
          .value=${live(formatInput(value))}
          @change=${this.#typed}
          @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
          @keydown=${this.#valueKey}
        />
        <span class="units" dir="auto" title=${this.units}>${this.units}</span>
      </div>
      <div
        class="track"
        ${styleVariables({ base: share(row.value), from: share(Math.min(value, row.value)), to: share(Math.max(value, row.value)) })}
      >
        <span class="fill"></span>
        <span class="base"></span>
        <input
          type="range"
          data-testid="slider"
          data-name=${row.name}
          aria-label=${row.name}
          aria-valuetext=${`${formatInput(value)} ${this.units}`}
          min=${low}
          max=${high}
          step=${step}
          .value=${live(String(value))}
          @pointerdown=${() => this.bench.grab(row.name)}
          @pointerup=${() => this.bench.letGo()}
          @pointercancel=${() => this.bench.letGo()}
          @input=${this.#moved}
          @dblclick=${this.#reset}
          @keydown=${this.#sliderKey}
        />
      </div>
      <div class="range">
        <span aria-hidden="true">${formatInput(low)}</span>
        ${
          changed
            ? html`<button class="reset" data-testid="slider-reset" aria-label=${S.resetOne(row.name, formatInput(row.value))} @click=${this.#reset}>
                ${S.wasValue(formatInput(row.value))}
              </button>`
            : null
        }
        <span aria-hidden="true">${formatInput(high)}</span>
      </div>
    </div>`;
  }

  #moved = (event: Event): void => {
    this.wrong = false;
    this.bench.setValue(this.row.name, Number((event.target as HTMLInputElement).value));
  };

  #typed = (event: Event): void => {
    const value = parseInput((event.target as HTMLInputElement).value);
    this.wrong = !Number.isFinite(value);
    if (!this.wrong) this.bench.setValue(this.row.name, value);
  };

  #valueKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    this.wrong = false;
    (event.target as HTMLInputElement).value = formatInput(this.bench.valueOf(this.row));
  };

  #sliderKey = (event: KeyboardEvent): void => {
    if (event.key === "Delete" || event.key === "Backspace") this.#reset();
  };

  #reset = (): void => {
    this.wrong = false;
    this.bench.setValue(this.row.name, this.row.value);
  };
}

define("ps-slider", Slider);
