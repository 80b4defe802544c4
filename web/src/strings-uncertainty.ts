// The words of the panel for many runs.
import { plural } from "./strings.js";

const whole = (count: number) => count.toLocaleString("en-US");

export const U = {
  title: "Uncertainty",
  open: "Uncertainty…",
  openHelp: "Run the model many times with constants drawn at random, and see how far the outcome spreads",
  close: "Close and remove the fan",
  lead: "Which constants are not known exactly?",
  varying: "Constants that vary",
  add: "Add a constant…",
  remove: (name: string) => `Keep ${name} as it is`,
  how: (name: string) => `How ${name} varies`,
  by: { percent: "± %", uniform: "from – to", triangular: "triangle" },
  percentOf: (name: string) => `Percent of ${name} to either side`,
  lowOf: (name: string) => `Least ${name}`,
  highOf: (name: string) => `Greatest ${name}`,
  runs: "Runs",
  seed: "Seed",
  seedHelp: "The same seed draws the same values again",
  start: (runs: number) => `Make ${whole(runs)} runs`,
  again: "Run again",
  stop: "Stop",
  progress: (done: number, all: number) => `${whole(done)} of ${whole(all)} runs`,
  done: (runs: number) => `${plural(runs, "run")} made. Move a slider: they follow.`,
  stopped: (runs: number, all: number) => `Stopped after ${whole(runs)} of ${whole(all)} runs.`,
  legend: (runs: number) => `${plural(runs, "run")}`,
  legendHelp: "The darker band holds half of the runs, both together nine in ten; the dotted line is their median",
  spoken: (output: string, when: string) => `${output}, ${when}`,
  rows: { outer: "90 % of runs", inner: "50 % of runs", median: "Median", mean: "Mean" },
  between: (low: string, high: string) => `${low} – ${high}`,
  failed: (count: number, reason: string) => `${plural(count, "run")} could not be made: ${reason}`,
  problem: (reason: string) => `The runs could not be made: ${reason}.`,
  nothingPlotted: "Plot a variable first: the fan is drawn around its curve.",
  workers: "Workers",
  workersHead: ["Worker", "State", "Chunk"],
  speed: (rate: number, replaced: number) =>
    `A worker makes about ${whole(Math.round(rate))} runs a second.${replaced ? ` ${plural(replaced, "worker")} had to be replaced.` : ""}`,
};
