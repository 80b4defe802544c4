// The words of editing in the diagram, which comes after the first paint.
import { plural } from "./strings.js";

export const D = {
  module: "Module",
  editTools: "Edit the diagram",
  closeTools: "Done editing",
  actions: "With what is chosen",
  several: (count: number) => `${count} chosen`,
  open: "Open its equation",
  renameIt: "Rename (F2)",
  ghost: "Draw it again here (G)",
  duplicate: "Duplicate (Ctrl D)",
  remove: "Delete (Del)",
  nothing: "Choose nothing",
  sparks: "Curves in the diagram (K)",
  newModule: (number: number) => `Module ${number}`,
  pasted: (count: number) => `${plural(count, "symbol")} pasted`,
  copiedNow: (count: number) => `${plural(count, "symbol")} copied`,
  nothingToPaste: "There is nothing to paste. Copy symbols of a diagram first.",
  chosenNow: (count: number) => (count === 0 ? "Nothing chosen" : `${plural(count, "symbol")} chosen`),
  end: (name: string, end: "source" | "target") =>
    end === "source" ? `Where ${name} comes from` : `Where ${name} goes to`,
  endFrom: (name: string, end: "source" | "target") =>
    `${end === "source" ? `Where ${name} comes from` : `Where ${name} goes to`}: choose a stock and press Enter, Space for outside, Escape to stop.`,
  arrow: (from: string, to: string) => `Arrow from ${from} to ${to}`,
  arrowKeys: (from: string, to: string) =>
    `Arrow from ${from} to ${to}. Up and down bend it, Delete takes it off the diagram, B goes to the next, Escape leaves.`,
  noArrows: (name: string) => `No arrow at ${name}.`,
  eraseTitle: (from: string, to: string) => `Take the arrow from ${from} to ${to} off?`,
  eraseBreaks: "Only the drawing changes; the equation goes on as it is:",
  erase: "Take it off",
  steps: {
    alias: (name: string) => `${name} drawn again`,
    bend: "bend of an arrow",
    arrow: (from: string, to: string) => `arrow from ${from} to ${to}`,
    erase: "erased from the diagram",
    attach: (name: string) => `new end of ${name}`,
    paste: "pasted symbols",
  },
} as const;
