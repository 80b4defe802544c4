// The toolbars of the diagram: the tools, and what can be done with what is chosen.
import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { DiagramSymbol } from "../../../../worker/tools.js";
import { kindIcon } from "../../inspector/kind-icons.js";
import type { Workbench } from "../../state/workbench.js";
import { D } from "../../strings-diagram.js";
import { S } from "../../strings.js";
import { icons } from "../../views/icons.js";
import { undoButtons } from "../../views/undo-buttons.js";
import type { NewKind } from "./actions.js";
import { editIcons } from "./icons.js";

export type Tool = "select" | NewKind | "connector";

export const TOOLS: readonly { readonly tool: Tool; readonly key: string; readonly name: string; readonly icon: TemplateResult }[] = [
  { tool: "select", key: "v", name: S.tool.select, icon: icons.pointer },
  { tool: "stock", key: "s", name: S.tool.stock, icon: kindIcon("stock") },
  { tool: "flow", key: "f", name: S.tool.flow, icon: kindIcon("flow") },
  { tool: "auxiliary", key: "a", name: S.tool.auxiliary, icon: kindIcon("auxiliary") },
  { tool: "module", key: "m", name: D.module, icon: editIcons.module },
  { tool: "connector", key: "c", name: S.tool.connector, icon: icons.arrow },
];

export interface ToolBar {
  readonly bench: Workbench;
  readonly tool: Tool;
  readonly phone: boolean;
  readonly open: boolean;
  readonly sparks: boolean;
  readonly take: (tool: Tool) => void;
  readonly key: (event: KeyboardEvent) => void;
  readonly toggle: () => void;
  readonly spark: () => void;
}

export function toolBar({ bench, tool: taken, phone, open, sparks, take, key: onKey, toggle, spark }: ToolBar): TemplateResult {
  const words = open ? D.closeTools : D.editTools;
  const edit = html`<button data-testid="edit-diagram" aria-label=${words} title=${words} aria-expanded=${open ? "true" : "false"} @click=${toggle}>
    ${open ? icons.check : editIcons.pencil}
  </button>`;
  if (phone && !open) return html`<div class="bar">${edit}${undoButtons(bench)}</div>`;
  return html`<div class="bar" role="toolbar" aria-label=${S.tools} @keydown=${onKey}>
    ${TOOLS.filter(({ tool }) => !(phone && tool === "select")).map(
      ({ tool, key, name, icon }) =>
        html`<button
          data-testid="tool-${tool}"
          aria-label=${name}
          title=${S.toolHelp(name, key)}
          aria-keyshortcuts=${key}
          aria-pressed=${tool === taken ? "true" : "false"}
          tabindex=${tool === taken ? "0" : "-1"}
          @click=${() => take(phone && tool === taken ? "select" : tool)}
        >
          ${icon}
        </button>`,
    )}
    ${
      phone
        ? html`${undoButtons(bench)}${edit}`
        : html`<span class="gap"></span><button
              data-testid="sparks"
              aria-label=${D.sparks}
              title=${D.sparks}
              aria-keyshortcuts="k"
              aria-pressed=${sparks ? "true" : "false"}
              @click=${spark}
            >
              ${editIcons.spark}
            </button>`
    }
  </div>`;
}

export interface Actions {
  readonly open: () => void;
  readonly rename: () => void;
  readonly alias: () => void;
  readonly duplicate: () => void;
  readonly remove: () => void;
}

/** For one symbol or several; an alias has no name of its own. With `done` it takes the place of the tools. */
export function actionsBar(symbols: readonly DiagramSymbol[], act: Actions, done?: () => void): TemplateResult | typeof nothing {
  const [one] = symbols;
  if (!one) return nothing;
  const button = (id: string, words: string, icon: TemplateResult, on: () => void): TemplateResult =>
    html`<button data-testid="act-${id}" aria-label=${words} title=${words} @click=${on}>${icon}</button>`;
  const single = symbols.length === 1;
  const drawn = one.kind !== "alias" && one.kind !== "module";
  return html`<div class=${done ? "bar" : "bar actions"} role="toolbar" aria-label=${D.actions}>
    ${single ? nothing : html`<span class="count">${D.several(symbols.length)}</span>`}
    ${single ? button("open", D.open, editIcons.equation, act.open) : nothing}
    ${single ? button("rename", D.renameIt, editIcons.pencil, act.rename) : nothing}
    ${single && drawn ? button("alias", D.ghost, editIcons.ghost, act.alias) : nothing}
    ${single && !drawn ? nothing : button("duplicate", D.duplicate, icons.copy, act.duplicate)}
    ${button("delete", D.remove, editIcons.bin, act.remove)} ${done ? button("done", D.nothing, icons.close, done) : nothing}
  </div>`;
}
