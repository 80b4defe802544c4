// How an embed looks at each stage: poster, button or message over the frame, and in it the model's views.
import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import "../charts/charts.js";
import "../charts/table.js";
import "../diagram/diagram.js";
import { formatMs } from "../state/format.js";
import { shownUnits } from "../state/variables.js";
import { icons } from "../views/icons.js";
import "../views/slider.js";
import "../views/time-bar.js";
import type { EmbedBench } from "./bench.js";
import type { Life } from "./life.js";
import { controlsOf } from "./wishes.js";
import { E } from "./words.js";

/** Symbols beyond which a diagram of this size says nothing, unless it is asked for. */
const LARGE = 80;

const out = html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5" /></svg>`;

export function face(embed: Life): TemplateResult {
  const { bench, stage, look, narrow } = embed;
  const ready = stage.is === "ready" && bench !== undefined;
  const name = embed.bundle?.document.name ?? "";
  return html`<div class="frame ${look} ${narrow ? "narrow" : ""}" lang="en" role="group" aria-label=${E.model(name)} aria-busy=${stage.is === "loading" ? "true" : "false"}>
    ${ready ? model(embed, bench) : nothing}
    <div class="cover ${stage.is === "failed" ? "wrong" : ""}" ?hidden=${ready || stage.is === "workbench"}>
      <slot>${embed.poster ? html`<img src=${embed.poster} alt=${name} />` : nothing}</slot>
      ${over(embed)}
    </div>
    ${stage.is === "workbench" ? html`<iframe src=${stage.address} title=${E.workbench} allow="clipboard-write"></iframe>` : nothing}
  </div>`;
}

/** What stands over the poster. */
function over(embed: Life): TemplateResult | typeof nothing {
  const { stage } = embed;
  if (stage.is === "loading") return html`<p class="said wait label" role="status">${E.loading}</p>`;
  if (stage.is === "failed") return html`<div class="said" role="alert"><b>${E.failed}</b><span>${stage.text}</span><span class="dim">${stage.advice}</span></div>`;
  if (stage.is !== "click") return nothing;
  const button = html`<button class="button primary ${stage.why ? "" : "start"}" data-testid="start" @click=${() => embed.start()}>${stage.why ? nothing : icons.play}${stage.label}</button>`;
  return stage.why ? html`<div class="said"><span>${stage.why}</span>${button}</div>` : button;
}

function model(embed: Life, bench: EmbedBench): TemplateResult {
  const drawn = bench.pictures.shown.value;
  const { view = (drawn?.symbols.length ?? 0) > LARGE ? "chart" : "both", controls: wish } = embed.wishes;
  const controls = controlsOf(wish);
  const diagram = (view === "both" || view === "diagram") && drawn !== null;
  const sliders = controls.size === 0 && wish === "none" ? [] : bench.sliders;
  const described = new Map(bench.compiled.document.variables.map((variable) => [variable.name, variable]));
  return html`
    <div class="views">
      ${diagram ? html`<ps-diagram part="diagram" inline .bench=${bench}></ps-diagram>` : nothing}
      ${view === "table" ? html`<ps-table part="chart" .bench=${bench}></ps-table>` : view !== "diagram" || !diagram ? html`<ps-charts part="chart" .bench=${bench}></ps-charts>` : nothing}
      ${about(embed, bench)}
    </div>
    ${
      sliders.length === 0
        ? nothing
        : html`<div class="sliders" role="group" aria-label=${E.sliders}>
            ${repeat(
              sliders,
              (row) => row.name,
              (row) =>
                html`<ps-slider part="slider" .bench=${bench} .row=${row} .units=${shownUnits(described.get(row.name)?.units)} .documentation=${described.get(row.name)?.documentation ?? ""}></ps-slider>`,
            )}
          </div>`
    }
    ${controls.size === 0 ? nothing : bar(embed, bench, controls)}
  `;
}

/** The equation of what the reader chose, or what of the author's wishes cannot be. */
function about(embed: Life, bench: EmbedBench): TemplateResult | typeof nothing {
  const selected = bench.selected.value;
  if (selected !== null) {
    const base = bench.named(selected)[0];
    const variable = bench.variables.value.find(({ name }) => name === base);
    const rows = variable && [variable.equation, [shownUnits(variable.units), variable.documentation].filter(Boolean).join(" · ")];
    return html`<div class="note">
      <div><b>${selected}</b>${rows ? html`<br /><code>${rows[0]}</code>${rows[1] ? html`<br /><span class="dim">${rows[1]}</span>` : nothing}` : nothing}</div>
      <button class="button quiet square" aria-label=${E.close} @click=${() => bench.select(null)}>${icons.close}</button>
    </div>`;
  }
  return embed.complaint ? html`<div class="note warn" role="status"><div>${embed.complaint}</div></div>` : nothing;
}

function bar(embed: Life, bench: EmbedBench, controls: ReadonlySet<string>): TemplateResult {
  const ms = bench.runs.shown.value?.results.ms;
  const changed = bench.overrides.value.size > 0;
  const tool = (name: string, icon: TemplateResult, label: string, act: () => void, disabled = false): TemplateResult =>
    html`<button class="button square ${name}" data-testid=${name} aria-label=${label} title=${label} ?disabled=${disabled} @click=${act}>${icon}</button>`;
  const edits = embed.workbench !== null && !embed.wishes.readonly;
  return html`<div class="bar ${controls.has("time") ? "" : "notime"}" part="toolbar">
    ${controls.has("time") || controls.has("play") ? html`<ps-time-bar .bench=${bench}></ps-time-bar>` : nothing}
    <div class="tools">
      ${controls.has("engine") && ms !== undefined ? html`<span class="engine" data-testid="engine" title=${E.engine}>${E.ranIn(formatMs(ms))}</span>` : nothing}
      ${controls.has("reset") && bench.sliders.length > 0 ? tool("reset", icons.undo, E.reset, () => bench.resetValues(), !changed) : nothing}
      ${controls.has("share") && edits ? tool("edit", out, E.edit, () => void openWorkbench(embed)) : nothing}
      ${controls.has("fullscreen") && document.fullscreenEnabled ? tool("fullscreen", icons.fit, E.fullscreen, () => void fullscreen(embed)) : nothing}
    </div>
  </div>`;
}

async function openWorkbench(embed: Life): Promise<void> {
  const link = await embed.link();
  if (link) open(link, "_blank", "noopener");
}

function fullscreen(embed: Life): Promise<void> {
  return document.fullscreenElement === embed ? document.exitFullscreen() : embed.requestFullscreen();
}
