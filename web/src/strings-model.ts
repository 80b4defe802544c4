// What charts, diagram, sliders and time bar say: in the page and wherever else a model is shown.

export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;

export const M = {
  valueOf: (name: string) => `Value of ${name}`,
  wasValue: (value: string) => `was ${value}`,
  resetOne: (name: string, value: string) => `was ${value}: set ${name} back`,
  ghostOf: (name: string, value: number) => `before: ${name} ${Number(value.toPrecision(6))}`,
  noUnits: "Values",
  nothingPlotted: "Nothing is plotted. Choose variables in the list of variables.",
  chartRole: "chart",
  chartLabel: (title: string, names: readonly string[]) => `${title}: ${names.join(", ")}`,
  chartKeys: "Arrow keys move the time cursor, Page Up and Page Down by a tenth, Home and End to the ends; Space plays.",
  chartTable: (title: string) => `${title} over time`,
  keepGhost: "Keep the run before",
  keep: "Keep",
  table: "Table",
  runTable: (rows: number, columns: number) => `The run: ${plural(rows, "row")}, ${plural(columns, "variable")}`,
  noDiagram: "This model has no diagram yet.",
  diagramKeys: "Right and left arrow follow the links, up and down go from symbol to symbol; Enter opens, Escape closes; plus, minus and 0 set the size.",
  diagramToolKeys: "F2 renames, Delete deletes, Shift with an arrow moves, G draws it again, B goes through its arrows, square brackets lead the ends of a flow elsewhere; S, F, A, M and C take a tool, V puts it back; Control with A, C, X, V and D chooses all, copies, cuts, pastes and duplicates.",
  diagramLabel: (name: string) => `Diagram of ${name}`,
  symbolLabel: (
    name: string,
    kind: string,
    value = "",
    units = "",
    time = "",
    flows?: { readonly inflows: number; readonly outflows: number },
  ) =>
    [
      name,
      kind,
      value ? `${value}${units ? ` ${units}` : ""} at ${time}` : "",
      flows?.inflows ? plural(flows.inflows, "inflow") : "",
      flows?.outflows ? plural(flows.outflows, "outflow") : "",
    ]
      .filter(Boolean)
      .join(", "),
  zoom: "Size of the diagram",
  zoomIn: "Larger",
  zoomOut: "Smaller",
  zoomFit: "Show all",
  time: (units: string) => units || "time",
  atTime: (units: string, time: string) => `${units || "time"} ${time}`,
  timeLabel: "Time",
  play: "Play",
  pause: "Pause",
  loop: "Repeat when playing",
  speed: "Playing speed",
  times: (speed: number) => `${{ 0.25: "¼", 0.5: "½" }[speed] ?? speed}×`,
};
