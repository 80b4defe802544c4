// What charts, diagram, sliders, table and time bar use of the model on show. The workbench has it, and so has an embed
// (embed/bench.ts): a view that wants more says so here, and the compiler tells where it is missing.
import type { Workbench } from "./workbench.js";

export type Seen = Pick<
  Workbench,
  | ("variables" | "times" | "range" | "timeDecimals" | "timeUnits" | "row" | "breakdown" | "groups" | "plotted" | "colours" | "fan")
  | ("cursor" | "dragging" | "held" | "selected" | "lifted" | "loop" | "ghostLabel" | "settled" | "staleShown" | "theme" | "layout")
  | ("player" | "valueAt" | "valueOf" | "setValue" | "grab" | "letGo" | "scrub" | "stepBy" | "select" | "pin" | "python")
> & {
  readonly runs: Pick<Workbench["runs"], "shown" | "ghost" | "pinned">;
  readonly pictures: Pick<Workbench["pictures"], "shown">;
};
