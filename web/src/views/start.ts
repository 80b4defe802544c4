// What stands in the centre when there is no run: samples to begin with, a skeleton, or what is missing.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import { S } from "../strings.js";
import { chooseFile } from "./file-drop.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

export class Start extends View {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        overflow: auto;
      }
      .middle {
        margin: auto;
        padding: 24px 16px;
        width: 100%;
        max-width: 680px;
        text-align: center;
      }
      h2 {
        font: var(--ps-title);
      }
      .lead {
        color: var(--ps-text-2);
        margin: 4px 0 20px;
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: center;
      }
      .big > .icon {
        width: 24px;
        height: 24px;
        margin: 0 auto 8px;
        color: var(--ps-error);
      }
      .skeleton {
        flex: 1;
        display: grid;
        grid-template-rows: repeat(4, 1fr);
        margin: 52px 104px 28px 54px;
        border-bottom: 1px solid var(--ps-line-strong);
      }
      .skeleton i {
        border-top: 1px solid var(--ps-line-soft);
      }
      .status {
        position: absolute;
        left: 0;
        right: 0;
        top: 42%;
        text-align: center;
        color: var(--ps-text-2);
      }
      .loading {
        position: relative;
        flex: 1;
        display: flex;
      }
      .progress {
        display: block;
        width: 200px;
        height: 4px;
        margin: 12px auto 0;
        border-radius: 2px;
        background: linear-gradient(var(--ps-accent), var(--ps-accent)) 0 / calc(var(--done) * 100%) 100% no-repeat var(--ps-track);
      }
    `,
  ];

  override render(): TemplateResult | null {
    switch (this.bench.phase.value) {
      case "loading":
        return this.#loading();
      case "broken":
        return this.#broken();
      default:
        return this.#empty();
    }
  }

  #loading(): TemplateResult {
    const { python } = this.bench;
    const state = python.value;
    const waiting = this.bench.compiles.busy.value && state.phase === "booting";
    return html`<div class="loading" data-testid="loading">
      <div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i></div>
      <p class="status" role="status">${waiting ? S.startingPython : S.loading}</p>
    </div>`;
  }

  #broken(): TemplateResult {
    const { bench } = this;
    const [first] = bench.errors.value;
    return html`<div class="middle big" data-testid="broken">
      ${icons.error}
      <h2 dir="auto">${S.doesNotRun(bench.source.value?.name ?? "")}</h2>
      <p class="lead" dir="auto">${first ? `${first.message}. ${first.advice}` : S.noReason}</p>
      <p class="actions">
        ${first?.fixes?.map((fix) => html`<button class="button" data-testid="start-fix" @click=${() => bench.fix(first, fix)}>${S.changeTo(fix)}</button>`)}
        ${first?.range ? html`<button class="button primary" @click=${() => bench.show(first)}>${S.showProblem}</button>` : null}
        ${bench.source.value?.partial
          ? null
          : html`<button class="button" data-testid="open-what-works" @click=${() => void bench.openWhatWorks()}>${S.openWhatWorks}</button>`}
        <button class="button" @click=${() => chooseFile(bench)}>${icons.folder}${S.openAnother}</button>
      </p>
    </div>`;
  }

  /** The start page is loaded when it is first needed; until then, and without it, there are two ways on. */
  #empty(): TemplateResult {
    const { bench } = this;
    if (customElements.get("ps-gallery")) return html`<ps-gallery .bench=${bench}></ps-gallery>`;
    void import("./gallery.js").then(
      () => this.requestUpdate(),
      () => {},
    );
    return html`<div class="middle">
      <ps-banners .bench=${bench}></ps-banners>
      <h2>${S.startTitle}</h2>
      <p class="lead">${bench.samples.problem.value}</p>
      <p class="actions">
        <button class="button primary" @click=${() => bench.newModel()}>${icons.plus}${S.newModel}</button>
        <button class="button" @click=${() => chooseFile(bench)}>${icons.folder}${S.openFile}</button>
      </p>
    </div>`;
  }
}

define("ps-start", Start);
