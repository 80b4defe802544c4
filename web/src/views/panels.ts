// The panels that open over the page. None is loaded before it is wanted.
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Panel, Workbench } from "../state/workbench.js";
import { S } from "../strings.js";

const PANELS: Record<Exclude<Panel, "">, { load: () => Promise<unknown>; show: (bench: Workbench) => TemplateResult | null }> = {
  share: { load: () => import("./share.js"), show: (bench) => html`<ps-share .bench=${bench}></ps-share>` },
  find: { load: () => import("./find.js"), show: (bench) => html`<ps-find .bench=${bench}></ps-find>` },
  gallery: { load: () => import("./gallery.js"), show: () => null }, // in the diagram's place
};

export async function open(bench: Workbench, panel: Exclude<Panel, "">): Promise<void> {
  try {
    await PANELS[panel].load();
    bench.panel.value = panel;
  } catch {
    bench.notice.value = { kind: "error", text: S.panelFailed, advice: "" };
  }
}

/** The run's numbers in the charts' place, or the charts again. */
export async function showTable(bench: Workbench): Promise<void> {
  try {
    await import("../charts/table.js");
    bench.tableOpen.value = !bench.tableOpen.peek();
  } catch {
    bench.notice.value = { kind: "error", text: S.panelFailed, advice: "" };
  }
}

const PARTS = {
  "ps-text": () => import("../text/text-pane.js"),
  "ps-grip": () => import("./grip.js"),
  "ps-runs": () => import("./runs.js"),
  "ps-variables": () => import("./variables.js"),
};
const wanted = new Map<string, Promise<unknown>>();

/** Loads an element that is in the document already, or will be. */
export function need(bench: Workbench, part: keyof typeof PARTS): void {
  if (wanted.has(part)) return;
  const loading = PARTS[part]().catch(() => {
    wanted.delete(part);
    bench.notice.value = { kind: "error", text: S.panelFailed, advice: "" };
  });
  wanted.set(part, loading);
}

export function panelOf(bench: Workbench): TemplateResult | null {
  const panel = bench.panel.value;
  return panel ? PANELS[panel].show(bench) : null;
}
