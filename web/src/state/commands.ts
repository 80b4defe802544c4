// What the reader can do by name. A row each: the palette lists them.
import { open, showTable } from "../views/panels.js";
import { chooseFile } from "../views/file-drop.js";
import { P } from "../strings-panels.js";
import { S } from "../strings.js";
import { U } from "../strings-uncertainty.js";
import { EXPORTS, made, save } from "./exports.js";
import { uncertain } from "./uncertain.js";
import type { Workbench } from "./workbench.js";

export interface Command {
  readonly label: string;
  readonly act: () => void;
}

export function commandsOf(bench: Workbench): Command[] {
  const running = bench.runs.shown.value !== null;
  const row = (label: string, act: () => void, when = true): Command[] => (when ? [{ label, act }] : []);
  const { commands } = P;
  return [
    ...row(commands.play, () => bench.player.toggle(), running),
    ...row(commands.share, () => void open(bench, "share"), bench.source.value !== null),
    ...row(commands.gallery, () => void open(bench, "gallery")),
    ...row(commands.openFile, () => chooseFile(bench)),
    ...row(commands.newModel, () => bench.newModel()),
    ...row(commands.keepRun, () => bench.pin(bench.runs.shown.peek()), running),
    ...row(commands.keepGhost, () => bench.pin(bench.runs.ghost.peek()), bench.runs.ghost.value !== null),
    ...row(commands.branch, () => bench.branchHere(), running && bench.branch.value === null),
    ...row(commands.endBranch, () => bench.endBranch(), bench.branch.value !== null),
    ...row(U.open, () => showUncertainty(bench), running),
    ...row(commands.reset, () => bench.resetValues(), bench.overrides.value.size > 0),
    ...row(commands.undo, () => bench.undo(), bench.history.undoes.value !== null),
    ...row(commands.redo, () => bench.redo(), bench.history.redoes.value !== null),
    ...row(bench.textOpen.value ? S.hideText : S.showText, () => (bench.textOpen.value = !bench.textOpen.peek()), bench.source.value !== null),
    ...row(bench.tableOpen.value ? S.showCharts : S.showTable, () => void showTable(bench), running),
    ...(["wasm", "vm", "both"] as const).flatMap((engine) => row(commands.engine(engine), () => bench.setEngine(engine), bench.engine.value !== engine)),
    ...(["auto", "light", "dark"] as const).flatMap((theme) => row(commands.theme[theme], () => (bench.theme.value = theme), bench.theme.value !== theme)),
    ...EXPORTS.flatMap((kind) => row(P.saveAs(kind.label, kind.ending), () => void saved(bench, kind), running)),
  ];
}

function showUncertainty(bench: Workbench): void {
  bench.tab.value = "controls";
  uncertain.value = true;
}

/** Losses have to be seen before a file is saved: the panel shows them. */
async function saved(bench: Workbench, kind: (typeof EXPORTS)[number]): Promise<void> {
  try {
    const file = await made(bench, kind);
    if (file.losses.length > 0) void open(bench, "share");
    else save(file);
  } catch (error) {
    bench.notice.value = { kind: "error", text: error instanceof Error ? error.message : P.pictureFailed, advice: "" };
  }
}
