// The start page: the samples as cards that show what they do, files, links, and what was put aside.
import { css, html } from "lit";
import type { TemplateResult } from "lit";
import type { Diagram } from "../../../worker/tools.js";
import { addressOf } from "../state/asked.js";
import type { Source } from "../state/drafts.js";
import { ENDINGS } from "../state/files.js";
import { cards, sampleBase } from "../state/samples.js";
import type { Card, Sample } from "../state/samples.js";
import { P } from "../strings-panels.js";
import { S } from "../strings.js";
import "./banners.js";
import "./card-picture.js";
import { chooseFile } from "./file-drop.js";
import { galleryStyles } from "./gallery-looks.js";
import { icons } from "./icons.js";
import { shared } from "./styles.js";
import { define, View } from "./view.js";

const FEATURED = ["sir", "predator-prey", "bass-diffusion"];

export class Gallery extends View {
  static override properties = { ...View.properties, cards: { state: true }, diagrams: { state: true } };
  declare cards: ReadonlyMap<string, Card>;
  declare diagrams: ReadonlyMap<string, Diagram>;

  static override styles = [shared, galleryStyles, css`:host { display: block; overflow: auto; }`];

  constructor() {
    super();
    this.cards = new Map();
    this.diagrams = new Map();
  }

  override render(): TemplateResult {
    const { bench } = this;
    const all = bench.samples.list.value;
    const featured = FEATURED.flatMap((name) => all.filter((sample) => sample.name === name));
    const others = all.filter((sample) => !featured.includes(sample));
    return html`<div class="page" data-testid="empty" @keydown=${this.#key}>
      <div class="main">
        <ps-banners .bench=${bench}></ps-banners>
        <header>
          <h2 tabindex="-1">${S.startTitle}</h2>
          ${bench.source.value ? html`<button class="button quiet" data-testid="leave-gallery" @click=${this.#leave}>${icons.close}${P.backTo(bench.title.value)}</button>` : null}
        </header>
        <p class="lead">${bench.samples.problem.value ?? P.startLead}</p>
        <ul class="large">
          ${featured.map((sample) => html`<li>${this.#large(sample)}</li>`)}
        </ul>
        ${others.length ? html`<h3>${P.moreModels}</h3>` : null}
        <ul class="small">
          ${others.map((sample) => html`<li>${this.#small(sample)}</li>`)}
          <li>
            <button class="card new" data-testid="new-card" @click=${() => this.#go(() => bench.newModel())}>${icons.plus}${S.newModel}</button>
          </li>
        </ul>
      </div>
      <aside>
        <section class="drop">
          ${icons.file}
          <h3>${P.dropTitle}</h3>
          <p class="label">${P.dropKinds(ENDINGS)}</p>
          <button class="button primary" @click=${() => chooseFile(bench)}>${icons.folder}${S.openFile}</button>
        </section>
        ${this.#recent()}
        <section>
          <h3><label for="link">${P.fromLink}</label></h3>
          <form class="link-field" @submit=${this.#follow}>
            <input id="link" data-testid="paste-link" autocomplete="off" spellcheck="false" placeholder=${P.pasteLink} />
            <button class="button square" aria-label=${P.open}>${icons.go}</button>
          </form>
        </section>
        <section class="learn">
          <h3>${P.learn}</h3>
          <a href="manual/tutorial.html">${P.tutorial}</a>
          <a href="manual/index.html">${P.manual}</a>
        </section>
      </aside>
    </div>`;
  }

  override firstUpdated(): void {
    if (this.bench.source.peek()) this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
    void cards().then(
      (found) => (this.cards = found),
      () => {}, // the cards go without their curves
    );
    for (const name of FEATURED) {
      void fetch(`${sampleBase(name)}.diagram.json`)
        .then((reply) => (reply.ok ? (reply.json() as Promise<Diagram>) : Promise.reject(new Error(String(reply.status)))))
        .then(
          (diagram) => (this.diagrams = new Map([...this.diagrams, [name, diagram]])),
          () => {},
        );
    }
  }

  #large(sample: Sample): TemplateResult {
    const card = this.cards.get(sample.name);
    return html`<article class="card">
      <ps-card-picture .card=${card} .diagram=${this.diagrams.get(sample.name)} animated></ps-card-picture>
      <button class="text" data-testid="card-${sample.name}" @click=${() => this.#go(() => void this.bench.openSample(sample.name))}>
        <b>${sample.title}</b>
        <span>${sample.description}</span>
        <small>${card ? P.cardFacts(card.stocks, card.sliders, card.span, card.units) : " "}</small>
      </button>
    </article>`;
  }

  #small(sample: Sample): TemplateResult {
    return html`<button class="card row" data-testid="card-${sample.name}" @click=${() => this.#go(() => void this.bench.openSample(sample.name))}>
      <ps-card-picture .card=${this.cards.get(sample.name)}></ps-card-picture>
      <span class="text"><b>${sample.title}</b><span>${sample.description}</span></span>
    </button>`;
  }

  #recent(): TemplateResult | null {
    const recent = this.bench.drafts.recent.value;
    if (recent.length === 0) return null;
    return html`<section>
      <h3>${S.recent}</h3>
      <ul class="recent">
        ${recent.map(
          (source: Source) =>
            html`<li>
              <button @click=${() => this.#go(() => void this.bench.openText(source))}>
                ${icons.file}<span dir="auto">${source.name}</span><small>${P.lines(source.text.split("\n").length)}</small>
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #go(act: () => void): void {
    this.bench.panel.value = "";
    act();
  }

  #leave = (): void => {
    this.bench.panel.value = "";
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.bench.source.peek()) this.#leave();
  };

  #follow = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = this.renderRoot.querySelector<HTMLInputElement>("#link")?.value.trim() ?? "";
    if (!text) return;
    const { sample, link, src } = addressOf(text.slice(Math.max(0, text.indexOf("#"))));
    const asked = link !== null || src !== null ? { sample, link, src } : { sample: null, link: null, src: text };
    void this.bench.follow(asked).then((opened) => opened && this.#leave());
  };
}

define("ps-gallery", Gallery);
