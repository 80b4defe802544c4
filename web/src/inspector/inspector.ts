// One variable in full: what it is, what it is now, and why. Opens over the left rail for `bench.selected`.
import { html, svg } from "lit";
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { canonical } from "../../../worker/canonical.js";
import type { Diagnostic } from "../../../worker/protocol.js";
import type { LoopRow, Written } from "../../../worker/tools.js";
import type { DescribedVariable } from "../../../worker/abi.js";
import { formatConstant, formatTime, formatValue, parseInput } from "../state/format.js";
import type { Run } from "../state/runs.js";
import { shownUnits } from "../state/variables.js";
import { I } from "../strings-inspector.js";
import { S } from "../strings.js";
import { icons } from "../views/icons.js";
import { shared } from "../views/styles.js";
import { define, View } from "../views/view.js";
import { edit } from "./edits.js";
import type { Outcome } from "./edits.js";
import "./equation.js";
import "./field.js";
import { inquiryOf } from "./inquiry.js";
import { kindIcon } from "./kind-icons.js";
import { around, endsOf } from "./links.js";
import type { Linked } from "./links.js";
import "./points.js";
import { extentOf, SPARK, sparkline } from "./spark.js";
import { equationsOf, stepsOf } from "./steps.js";
import { inspectorStyles } from "./styles.js";

const MOST_ROWS = 40;
const MOST_STEPS = 40;
const MOST_EQUATIONS = 12;
const MOST_LOOPS = 12;

export class Inspector extends View {
  static override styles = [shared, inspectorStyles];

  #shown = "";

  override render(): TemplateResult {
    const { bench } = this;
    const selected = bench.selected.value;
    const compiled = bench.compiled.value;
    this.toggleAttribute("narrow", bench.layout.value === "phone");
    if (selected === null || !compiled) return html``;
    const base = canonical(selected.replace(/\[.*/, ""));
    const facts = inquiryOf(bench).byName.value.get(base);
    const described = compiled.document.variables.find((variable) => canonical(variable.name) === base);
    const about = described ?? (facts && { ...facts, equation: "" }); // graphical functions have no values to describe
    const columns = this.#columns(selected);
    const kind = facts?.kind ?? about?.kind ?? "";
    return html`
      ${this.#header(columns.length === 1 ? (columns[0] ?? selected) : (about?.name ?? selected), kind, columns, about)}
      <div class="scroll" tabindex="-1">
        ${columns.length > 1 ? this.#elements(columns) : null} ${this.#equations(about, kind)}
        ${this.#fields(about, columns, kind)}
        ${facts?.group ? html`<section><h3>${I.group}</h3><p class="box" dir="auto">${facts.group}</p></section>` : null}
        ${this.#steps()} ${this.#around(about?.name ?? selected)} ${this.#loops(base)}
      </div>
    `;
  }

  override updated(): void {
    const selected = this.bench.selected.peek() ?? "";
    if (selected === this.#shown) return;
    this.#shown = selected;
    const scroll = this.renderRoot.querySelector(".scroll");
    if (scroll) scroll.scrollTop = 0;
  }

  override firstUpdated(): void {
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.bench.select(null);
    });
    this.watch(() => {
      const asked = this.bench.inspectorFocus.value;
      if (asked) requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>("h2")?.focus());
    });
  }

  #header(name: string, kind: string, columns: readonly string[], about: DescribedVariable | undefined): TemplateResult {
    const { bench } = this;
    const run = bench.runs.shown.value;
    const [column] = columns;
    const units = shownUnits(about?.units);
    return html`<header class=${this.#colour(columns)}>
      ${kindIcon(kind)}
      <div class="titled">
        <h2 dir="auto" tabindex="-1" data-testid="inspected">${name}</h2>
        ${kind ? html`<span class="chip">${kind}</span>` : null}
      </div>
      <span class="head-value" data-testid="inspected-value">
        ${column !== undefined && columns.length === 1 && run ? html`<strong>${valueText(run, column, bench.row.value, kind)}</strong>${units}` : null}
      </span>
      <button class="button quiet square" data-testid="close-inspector" aria-label=${I.closeInspector} title=${I.closeInspector} @click=${() => bench.select(null)}>
        ${icons.close}
      </button>
    </header>`;
  }

  /** The columns of the results that a name stands for: one, or all elements of an array. */
  #columns(name: string): readonly string[] {
    const ident = canonical(name);
    const all = this.bench.variables.value;
    const exact = all.filter((variable) => canonical(variable.name) === ident);
    return (exact.length > 0 ? exact : all.filter((variable) => canonical(variable.base) === ident)).map((variable) => variable.name);
  }

  #colour(columns: readonly string[]): string {
    const [name = ""] = columns;
    const colour = this.bench.plotted.value.includes(name) ? this.bench.colours.of.value.get(name) : undefined;
    return columns.length === 1 && colour !== undefined ? `c${colour + 1}` : "";
  }

  #range(columns: readonly string[]): string {
    const run = this.bench.runs.shown.value;
    const extents = run ? columns.flatMap((name) => [extentOf(run, name) ?? []].flat()) : [];
    if (extents.length === 0) return I.noValues;
    const [low, high] = [Math.min(...extents), Math.max(...extents)];
    return low === high ? formatConstant(low) : I.fromTo(formatConstant(low), formatConstant(high));
  }

  // Equation ----------------------------------------------------------------------------------------------

  #equations(about: DescribedVariable | undefined, kind: string): TemplateResult | readonly TemplateResult[] | null {
    if (!about) return null;
    const ends = kind === "flow" ? endsOf(about.name, this.bench.pictures.shown.value) : null;
    const beside = ends ? html`<span dir="auto">${I.flowsFromTo(ends.from, ends.to)}</span>` : null;
    const written = inquiryOf(this.bench).written.value;
    if (!written || canonical(written.name) !== canonical(about.name)) {
      if (!about.equation) return null;
      return html`<section>
        <h3><span>${I.part("value", kind)}</span>${beside}</h3>
        <pre data-testid="equation" tabindex="0" dir="auto">${rightSide(about)}</pre>
      </section>`;
    }
    return written.equations.slice(0, MOST_EQUATIONS).map((row) => {
      const label = row.text === "" && row.points ? I.points : I.part(row.part, kind);
      const element = row.name === written.name ? "" : row.name.slice(written.name.length);
      return html`<section>
        <h3><span>${label}</span>${element ? html`<span dir="auto">${element}</span>` : beside}</h3>
        ${row.text === "" && row.points ? null : html`<ps-equation .bench=${this.bench} .row=${row} .label=${I.equationOf(row.name, label)}></ps-equation>`}
        ${row.points ? html`<ps-points .bench=${this.bench} .row=${row}></ps-points>` : null}
      </section>`;
    });
  }

  #fields(about: DescribedVariable | undefined, columns: readonly string[], kind: string): TemplateResult {
    const { bench } = this;
    const written = inquiryOf(bench).written.value;
    const range = html`<div><h3>${I.rangeSeen}</h3><p class="box" data-testid="range">${this.#range(columns)}</p></div>`;
    if (!written || !about || canonical(written.name) !== canonical(about.name)) {
      return html`<section class="pair">
          <div><h3>${S.units}</h3><p class="box ${about?.units ? "" : "none"}" dir="auto">${about?.units || I.noUnitsGiven}</p></div>
          ${range}
        </section>
        ${about?.documentation ? html`<section><h3>${I.documentation}</h3><p class="box" dir="auto">${about.documentation}</p></section>` : null}`;
    }
    const { name, units, inferred_units: inferred, documentation } = written;
    const setUnits = (text: string): Promise<Outcome> => edit(bench, "setUnits", { name, units: text }, S.steps.units(name));
    const setWords = (text: string): Promise<Outcome> => edit(bench, "setDocumentation", { name, text }, S.steps.documentation(name));
    return html`<section class="pair">
        <div>
          <h3>${S.units}</h3>
          <ps-field .bench=${bench} field="units ${name}" testid="units" .label=${I.unitsOf(name)} .value=${units} .placeholder=${I.noUnitsGiven} .commit=${setUnits}></ps-field>
          ${
            units === "" && inferred !== ""
              ? html`<button class="link" data-testid="take-units" title=${I.unitsFit} @click=${() => void setUnits(inferred)}>${I.takeUnits(inferred)}</button>`
              : null
          }
        </div>
        ${range}
      </section>
      ${kind === "constant" ? this.#limits(written) : null}
      <section>
        <h3>${I.documentation}</h3>
        <ps-field .bench=${bench} field="documentation ${name}" testid="documentation" multiline .label=${I.documentationOf(name)} .value=${documentation} .placeholder=${I.noDocumentation} .commit=${setWords}></ps-field>
      </section>`;
  }

  /** The range of a slider: three numbers, each of which may be left out. */
  #limits({ name, limits, step }: Written): TemplateResult {
    const { bench } = this;
    const now = { low: limits[0] ?? null, high: limits[1] ?? null, step };
    const field = (which: "low" | "high" | "step"): TemplateResult => {
      const commit = (text: string): Promise<Outcome> => {
        const given = text.trim() === "" ? null : parseInput(text);
        if (given !== null && !Number.isFinite(given)) return Promise.resolve({ made: false, problems: [noNumber(text)] });
        const asked = Object.fromEntries(Object.entries({ ...now, [which]: given }).filter(([, value]) => value !== null));
        return edit(bench, "setRange", { name, ...asked }, S.steps.range(name));
      };
      const value = now[which] === null ? "" : String(now[which]);
      return html`<div>
        <h3>${I.limit[which]}</h3>
        <ps-field .bench=${bench} field="${which} ${name}" testid=${`range-${which}`} .label=${I.limitOf(which, name)} .value=${value} .commit=${commit}></ps-field>
      </div>`;
    };
    return html`<section class="pair three">${field("low")}${field("high")}${field("step")}</section>`;
  }

  #steps(): TemplateResult | null {
    const { bench } = this;
    const trace = inquiryOf(bench).current;
    const time = bench.times.value[bench.row.value] ?? 0;
    if (!trace) return null;
    const steps = equationsOf(trace)
      .filter((equation) => equation.when === "step")
      .flatMap((equation) => stepsOf(equation, trace, time));
    if (steps.length === 0) return null;
    return html`<section>
      <h3><span>${I.stepByStep}</span><span>${this.#moment()}</span></h3>
      <ol class="steps" data-testid="steps">
        ${steps.slice(0, MOST_STEPS).map(
          (step) =>
            html`<li class=${step.taken ? "" : "idle"}>
              <code title=${step.text} dir="ltr">${step.text}</code>
              <span class="value">${step.taken ? formatConstant(step.value) : I.notTaken}</span>
            </li>`,
        )}
      </ol>
      ${steps.length > MOST_STEPS ? html`<p class="note">${I.moreSteps(steps.length - MOST_STEPS)}</p>` : null}
    </section>`;
  }

  // Causes and effects ------------------------------------------------------------------------------------

  #elements(columns: readonly string[]): TemplateResult {
    return html`<section>
      <h3><span>${I.elements}</span><span>${this.#moment()}</span></h3>
      <ul class="rows">${columns.slice(0, MOST_ROWS).map((name) => this.#row({ name, polarity: "?", initial: false }))}</ul>
      ${columns.length > MOST_ROWS ? html`<p class="note">${S.moreVariables(columns.length - MOST_ROWS)}</p>` : null}
    </section>`;
  }

  #around(name: string): TemplateResult {
    const { bench } = this;
    const { causes, effects } = around(name, inquiryOf(bench).graph.value, bench.pictures.shown.value);
    return html`${this.#linked(I.causes, "causes", causes)}${this.#linked(I.effects, "effects", effects)}`;
  }

  #linked(title: string, id: string, rows: readonly Linked[]): TemplateResult | null {
    if (rows.length === 0) return null;
    return html`<section aria-labelledby=${id}>
      <h3><span id=${id}>${title}</span><span>${this.#moment()}</span></h3>
      <ul class="rows" data-testid=${id}>
        ${repeat(
          rows.slice(0, MOST_ROWS),
          (row) => row.name,
          (row) => this.#row(row),
        )}
      </ul>
      ${rows.length > MOST_ROWS ? html`<p class="note">${S.moreVariables(rows.length - MOST_ROWS)}</p>` : null}
    </section>`;
  }

  #row(linked: Linked): TemplateResult {
    const { bench } = this;
    const run = bench.runs.shown.value;
    const columns = this.#columns(linked.name);
    const [column] = columns;
    const variable = column === undefined ? undefined : bench.variables.value.find((other) => other.name === column);
    const value = run && column !== undefined && columns.length === 1 ? valueText(run, column, bench.row.value, variable?.kind ?? "") : "";
    const units = variable?.units ?? "";
    return html`<li class=${this.#colour(columns)}>
      <button
        class="row"
        data-name=${linked.name}
        @click=${() => bench.select(linked.name)}
        @pointerenter=${() => (bench.lifted.value = column ?? null)}
        @pointerleave=${() => (bench.lifted.value = null)}
      >
        <span class="name" title=${linked.name}>
          <span dir="auto">${linked.name}</span>
          ${linked.polarity === "?" ? null : html`<span class="sign" title=${I.polarityHelp[linked.polarity]}>${linked.polarity === "-" ? "−" : "+"}</span>`}
          ${linked.initial ? html`<span class="sign">${I.onlyAtStart}</span>` : null}
        </span>
        <svg class="spark" viewBox="0 0 ${SPARK.width} ${SPARK.height}" width=${SPARK.width} height=${SPARK.height} aria-hidden="true">
          ${run && column !== undefined && columns.length === 1 ? sparkline(run, column, bench.row.value) : svg``}
        </svg>
        ${
          columns.length > 1
            ? html`<span class="value several">${I.elementCount(columns.length)}</span>`
            : html`<span class="value" title=${units}>${value}</span>`
        }
      </button>
    </li>`;
  }

  #moment(): string {
    const { bench } = this;
    return S.atTime(bench.timeUnits.value, formatTime(bench.times.value[bench.row.value] ?? 0, bench.timeDecimals.value));
  }

  // Feedback ----------------------------------------------------------------------------------------------

  #loops(ident: string): TemplateResult | null {
    const { bench } = this;
    const found = inquiryOf(bench).loops.value;
    const through = found?.loops.filter((loop) => loop.variables.some((name) => canonical(name) === ident)) ?? [];
    if (!found || (through.length === 0 && found.complete)) return null;
    return html`<section aria-labelledby="loops">
      <h3><span id="loops">${I.loops}</span><span>${through.length || ""}</span></h3>
      <ul class="rows loops" data-testid="loops">
        ${through.slice(0, MOST_LOOPS).map((loop) => this.#loop(loop))}
      </ul>
      ${through.length > MOST_LOOPS ? html`<p class="note">${I.moreLoops(through.length - MOST_LOOPS)}</p>` : null}
      ${found.complete ? null : html`<p class="note">${I.loopsIncomplete(found.limit)}</p>`}
    </section>`;
  }

  #loop(loop: LoopRow): TemplateResult {
    const { bench } = this;
    const lit = bench.loop.value?.join("\n") === loop.variables.join("\n");
    const [mark = loop.polarity] = loop.name.split(" ");
    return html`<li>
      <button
        class="row"
        aria-pressed=${lit ? "true" : "false"}
        title=${I.loopHelp[loop.polarity]}
        @click=${() => (bench.loop.value = lit ? null : loop.variables)}
      >
        <span class="loop-mark">${mark}</span>
        <span class="way" dir="auto">${I.way(loop.variables)}<span class="unseen">${I.loopKind(loop.polarity, loop.delays)}</span></span>
      </button>
    </li>`;
  }
}

function valueText(run: Run, name: string, row: number, kind: string): string {
  if (!run.results.names.includes(name)) return "";
  const value = run.results.at(name, Math.min(row, run.results.rows - 1));
  return kind === "constant" ? formatConstant(value) : formatValue(value);
}

function noNumber(text: string): Diagnostic {
  return { code: "", severity: "error", message: I.noNumber(text), advice: "", place: null, range: null };
}

/** The equation without the name that it is for. */
function rightSide({ name, equation }: DescribedVariable): string {
  if (equation.includes("\n") || !equation.startsWith(name)) return equation;
  return equation.slice(name.length).replace(/^\s*=\s*/, "");
}

define("ps-inspector", Inspector);
