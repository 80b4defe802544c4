"""What can be wrong with a model or a request: one row per code, one exception for all of them.

A `PenstockError` is always the user's to mend and says where and how; a fault of ours is an
`AssertionError`, never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .place import NOWHERE, Span

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the catalogue; `message` and `advice` are format strings over the same fields."""

    code: str
    message: str
    advice: str
    severity: Severity = "error"


GROUPS: Mapping[str, str] = {
    "PEN0": "Files",
    "PEN1": "Syntax",
    "PEN2": "Names, arguments, structure",
    "PEN3": "Lookups, time, data",
    "PEN4": "What is not supported",
    "PEN5": "Runs and requests",
    "PEN6": "What a format cannot say",
    "PEN7": "Units",
    "PEN8": "Hints",
    "PEN9": "Edits",
}
"""What the codes are about, by how they begin."""

CODES: Mapping[str, Code] = {
    row.code: row
    for row in (
        # Files: PEN0xx
        Code("PEN001", "{name} cannot be read: {reason}", "Check the path and the permissions of the file."),
        Code(
            "PEN002",
            "{name} is {megabytes:.0f} MB; models of up to {limit} MB are read",
            "Split the model, or move its data into separate files.",
        ),
        Code(
            "PEN003",
            "the format of {name} is not known",
            "Penstock reads .mdl (Vensim), .xmile, .xml, .stmx, .itmx (XMILE) and .pen files.",
        ),
        Code("PEN004", "the file is not text: {reason}", "Save the model as a text file in UTF-8."),
        Code(
            "PEN005",
            "the XML is not well-formed: {reason}",
            "Export the model again from the tool that made it.",
        ),
        Code(
            "PEN006",
            "the XML declares entities or a document type, which Penstock does not read",
            "Remove the DOCTYPE; model files do not need one.",
        ),
        Code(
            "PEN007",
            "the file is not XMILE: its root element is <{found}>",
            "An XMILE file starts with <xmile>.",
        ),
        Code(
            "PEN008",
            "XML elements are nested deeper than {limit} levels",
            "Export the model again from the tool that made it.",
        ),
        Code("PEN015", "{name} cannot be written: {reason}", "Check the path and the permissions."),
        Code("PEN009", "the file holds no model", "Write at least one variable."),
        Code("PEN016", "the data file {name} cannot be read: {reason}", "{advice}"),
        # Syntax: PEN1xx
        Code("PEN101", "expected {expected}, found {found}", "{advice}"),
        Code(
            "PEN102",
            "the expression is nested deeper than {limit} levels",
            "Move an inner part into an auxiliary of its own.",
        ),
        Code("PEN103", "{what} is opened here and never closed", "Add the closing {closing}."),
        Code("PEN104", "the number {text} cannot be read", "Write it as 12, 0.5 or 1e-3."),
        Code("PEN105", "the declaration {text} is not known", "{advice}"),
        Code("PEN106", "{what} is given twice", "Keep one of the two."),
        Code(
            "PEN107",
            "the expression chains more than {limit} operators",
            "Move parts of it into auxiliaries of their own, or sum over an array.",
        ),
        Code(
            "PEN108",
            "{name} stands in the documentation of the variable before it and is no equation",
            "End the variable before it with |, if this is meant to be one.",
            severity="warning",
        ),
        # Names, arguments, structure: PEN2xx
        Code("PEN201", "the name {name} is not defined", "{advice}"),
        Code(
            "PEN202",
            "{name} is defined twice",
            "Rename one of the two; case, spaces and underscores do not count.",
        ),
        Code("PEN203", "the function {name} is not known", "{advice}"),
        Code("PEN204", "{name} takes {expected}, got {found}", "{advice}"),
        Code("PEN205", "{name} depends on itself: {path}", "{advice}"),
        Code("PEN206", "{name} is a {kind} and cannot be used as a {wanted}", "{advice}"),
        Code("PEN207", "{name} needs {expected}, got {found}", "{advice}"),
        Code("PEN208", "{name} has no equation", "Give it one, or remove the variable."),
        Code("PEN209", "{what} must be known before the run, but {name} changes during it", "{advice}"),
        Code(
            "PEN210",
            "{flow} of stock {stock} is not a flow of this model",
            "Declare it, or take it off the stock.",
        ),
        Code("PEN211", "the element or dimension {name} is not defined", "{advice}"),
        Code("PEN212", "{found} values for {expected}", "{advice}"),
        Code("PEN213", "{name} is defined for element {element} twice", "Remove one of the two equations."),
        Code(
            "PEN214",
            "{name} has no equation for element {element}, so that it is no number here",
            "Add an equation, or extend a range.",
            severity="warning",
        ),
        # Lookups and time: PEN3xx
        Code(
            "PEN301",
            "the x values of lookup {name} do not ascend: {before} is followed by {after}",
            "Sort the points by x.",
        ),
        Code("PEN302", "lookup {name} has {xs} x values and {ys} y values", "Give one y for each x."),
        Code("PEN303", "lookup {name} has no points", "Give it at least one point."),
        Code("PEN311", "dt is {dt}, which is not above zero", "Give a time step above zero."),
        Code("PEN312", "stop time {stop} lies before start time {start}", "Swap the two."),
        Code(
            "PEN313",
            "the save step {save_step} is no multiple of dt {dt}",
            "Choose a save step that is a whole number of time steps.",
        ),
        Code(
            "PEN314",
            "the run would save {rows} rows of {columns} columns, {megabytes:.0f} MB; the limit is {limit} MB",
            "Choose a larger save step or save fewer variables.",
        ),
        Code("PEN315", "{what} is {value}, which is not a finite number", "Give a finite number."),
        Code(
            "PEN316",
            "a delay or a queue of the model needs more memory than there is",
            "Shorten the delay, or choose a larger time step.",
        ),
        # Data: PEN32x
        Code("PEN321", "{name} has no data: {reason}", "{advice}"),
        Code(
            "PEN322",
            "cell {cell} of {file} holds {found}, and {name} needs a number there",
            "Correct the cell, or the address in the equation.",
        ),
        Code("PEN323", "{file} has no {what} {name}", "{advice}"),
        Code(
            "PEN324",
            "{text} is no {wanted}",
            "Cells are written as B2, rows as 2, columns as B; workbooks may name ranges.",
        ),
        Code("PEN325", "{name} has two values for {at} in {file}", "Keep one of the two."),
        Code(
            "PEN326",
            "{name} has no data for {elements}",
            "These elements are :NA: all along.",
            severity="warning",
        ),
        # Support: PEN4xx
        Code("PEN401", "{construct} is not supported", "{advice}"),
        Code("PEN402", "the integration method {method} is not supported", "Use one of {known}."),
        Code(
            "PEN404",
            "{name} is left out: it needs {needs}",
            "It comes back as soon as that is mended.",
            severity="warning",
        ),
        Code(
            "PEN405",
            "the {what} of the model needs {name}, which cannot be used",
            "Nothing runs without it: mend it, or give the setting a number.",
        ),
        Code(
            "PEN406", "the model's runs cannot stand side by side in lanes: {reason}", "Run them one by one."
        ),
        Code("PEN403", "{construct} is not read and has no effect", "{advice}", severity="warning"),
        # Runs and requests: PEN5xx
        Code("PEN501", "the engine {engine} is not known", "Use one of {known}."),
        Code("PEN502", "{name} cannot be set: {reason}", "{advice}"),
        Code(
            "PEN503",
            "{name} cannot be set once the run has begun",
            "Reset the run first; constants can be set at any time.",
        ),
        Code("PEN504", "{value} is not a value for {name}", "{advice}"),
        Code("PEN505", "engine {engine} cannot run here: {reason}", "{advice}"),
        Code("PEN506", "the run has been disposed of", "Create a new one."),
        Code(
            "PEN507",
            "the blob cannot be used: {reason}",
            "Compile the model again with this version of Penstock.",
        ),
        Code("PEN508", "the message {type} is not known", "Page and worker must come from the same build."),
        Code(
            "PEN509",
            "protocol version {found} is not understood",
            "Reload the page; this side speaks version {expected}.",
        ),
        Code(
            "PEN510",
            "the message {type} is malformed: {reason}",
            "Page and worker must come from the same build.",
        ),
        Code("PEN511", "the model {model} is not loaded", "Compile or load it first."),
        Code("PEN512", "the request was cancelled", "Send it again if its result is still wanted."),
        Code(
            "PEN513",
            "the {worker} worker stopped: {reason}",
            "It is being restarted; the last result stays on the page.",
        ),
        Code("PEN514", "{what} {value} was not understood", "{advice}"),
        Code("PEN515", "the call {call} is not known", "{advice}"),
        Code("PEN516", "{call} cannot be answered: {reason}", "{advice}"),
        Code("PEN517", "the answer to {call} would have more than {limit} values", "{advice}"),
        Code("PEN518", "{name} is not there: {reason}", "Install it: pip install {name}."),
        Code(
            "PEN519",
            "this installation has no {name}, which live models in pages need",
            "Install a release of Penstock; in a checkout, build it: python build.py site.",
        ),
        Code(
            "PEN520",
            "the bytes are no snapshot of {name}",
            "A snapshot fits the model and the method that it was taken of.",
        ),
        # Hosts: PEN52x
        Code("PEN521", "the blob is not a valid module: {reason}", "Compile the model again."),
        Code(
            "PEN522",
            "the blob uses {feature}, which the host does not allow",
            "Build it for WebAssembly 1.0 with bulk memory and no other feature.",
        ),
        Code(
            "PEN523",
            "the blob imports {name}, and the host has nothing to import",
            "Link in all that it calls; WASI is not there.",
        ),
        Code(
            "PEN524", "the blob's export {name} should be {wanted}, found {found}", "Compile the model again."
        ),
        Code(
            "PEN525",
            "{what} has {size} bytes; the limit is {limit}",
            "Raise the limit if this is meant to be so.",
        ),
        Code(
            "PEN526",
            "the blob has used up its fuel of {given}",
            "Give it more (--fuel), if it is not in an endless loop.",
        ),
        Code(
            "PEN527",
            "the blob was stopped after {seconds} seconds",
            "Give it more time (--seconds), if it is not in an endless loop.",
        ),
        Code(
            "PEN528",
            "the blob needs {needed} bytes of memory; the limit is {limit}",
            "Raise the limit (--memory), or save fewer rows.",
        ),
        Code(
            "PEN529",
            "the blob stopped by itself: {trap}",
            "Compile the model again; if it stays so, report it.",
        ),
        Code("PEN530", "what the blob returned cannot be used: {reason}", "Compile the model again."),
        Code(
            "PEN550",
            "{name} is not TOML: {reason}",
            "See https://toml.io for how tables and values are written.",
        ),
        Code("PEN551", "{path} {problem}", "{advice}"),
        Code("PEN552", "the scenario cannot run: {reason}", "{advice}"),
        Code("PEN553", "the checkpoint {name} cannot be used: {reason}", "{advice}"),
        # Many runs: PEN53x
        Code("PEN531", "{name} cannot be drawn from {text}: {reason}", "{advice}"),
        Code("PEN532", "the study cannot run: {reason}", "{advice}"),
        Code("PEN533", "{name} cannot be fitted: {reason}", "{advice}"),
        Code("PEN534", "the receipt does not hold: {reason}", "{advice}"),
        Code("PEN535", "step {step} of the batch failed: {reason}", "{advice}"),
        Code("PEN536", "data {name} cannot be had: {reason}", "{advice}"),
        # Writing: PEN6xx
        Code(
            "PEN601",
            "{format} cannot say {what}, which is left out",
            "A .pen file can say it.",
            severity="warning",
        ),
        Code(
            "PEN602",
            "{format} cannot say {what}, which is written as {instead}",
            "A .pen file can say it.",
            severity="warning",
        ),
        Code(
            "PEN603",
            "{what} could not be read, and is left out",
            "Mend it in the file that was read, and write that again.",
            severity="warning",
        ),
        # Units: PEN7xx
        Code(
            "PEN701",
            "the units {text} of {name} cannot be read: {reason}",
            "Write units as products and quotients of names, like widgets/(year*person).",
            severity="warning",
        ),
        Code(
            "PEN702",
            "{what} puts {found} beside {expected}",
            "{advice}",
            severity="warning",
        ),
        Code(
            "PEN703", "{name} is in {expected}, and its equation in {found}", "{advice}", severity="warning"
        ),
        Code(
            "PEN704",
            "{function} takes {expected} for {parameter}, got {found}",
            "{advice}",
            severity="warning",
        ),
        Code(
            "PEN705",
            "{stock} changes by {expected}, and {name} is in {found}",
            "{advice}",
            severity="warning",
        ),
        Code(
            "PEN706",
            "{name} is in {given}, and {count} places need {needed}",
            "Correct its units, or these equations: {equations}.",
            severity="warning",
        ),
        Code(
            "PEN707",
            "{left} and {right} are different units, and {count} them for one",
            "Write one of the two everywhere, or define them as names of the same unit: {how}.",
            severity="warning",
        ),
        Code(
            "PEN708",
            "{name} has no units; {units} would fit the rest of the model",
            "Give it these units if that is what you mean.",
            severity="hint",
        ),
        # Hints: PEN8xx
        Code("PEN801", "nothing uses the {kind} {name}", "Use it, or remove it.", severity="hint"),
        Code(
            "PEN802",
            "the flow {name} fills or drains no stock",
            "Give it to a stock, or make it an auxiliary.",
            severity="hint",
        ),
        Code(
            "PEN803",
            "{name} is also {meaning}, which readers may take it for",
            "Another name would be clearer.",
            severity="hint",
        ),
        Code(
            "PEN804",
            "the stock {name} has no flows, so it keeps its initial value",
            "Give it a flow, or make it a constant.",
            severity="hint",
        ),
        Code(
            "PEN805",
            "dt is {dt}, coarse for {name}, which at the start closes gaps with a time constant of {time_constant}",
            "{advice}",
            severity="hint",
        ),
        Code(
            "PEN806",
            "whether dt is fine enough was not looked into for {count} more stocks: the model is large",
            "Halve dt and compare the results.",
            severity="hint",
        ),
        # Edits: PEN9xx
        Code(
            "PEN901",
            "the patch cannot be applied: {reason}",
            "Make the edit again, on the text as it is now.",
        ),
        Code("PEN902", "{edit} is refused: {reason}", "{advice}"),
        Code(
            "PEN903",
            "{edit} cannot be made safely: {reason}",
            "Make this change in the text by hand; nothing has been changed.",
        ),
        Code("PEN904", "{user} uses {name}", "{advice}", severity="warning"),
        Code("PEN905", "{what}", "{advice}", severity="hint"),
        Code(
            "PEN599",
            "internal fault: {reason}",
            "This is a fault of Penstock, not of the model. Please report it together with the model.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a code of the table, its text, where it is and what to do about it."""

    code: str
    message: str
    advice: str
    span: Span = NOWHERE
    severity: Severity = "error"
    fixes: tuple[str, ...] = ()
    """Texts of which each may be what was meant in the place of the span's."""

    def __str__(self) -> str:
        """The form that the command line prints: place, code and message, the line, the advice."""
        lines = [f"{self.code} {self.message}"]
        if self.span is not NOWHERE:
            line, column = self.span.line_column()
            lines = [f"{self.span.source.name}:{line}:{column}: {lines[0]}", self.span.caret_lines()]
        if self.advice:
            lines.append(f"    {self.advice}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The same for editors: line and column from 1, `range` in UTF-16 units; both null for no place."""
        place = range_ = None
        if self.span is not NOWHERE:
            line, column = self.span.line_column()
            place = {"source": self.span.source.name, "line": line, "column": column}
            range_ = list(self.span.utf16_range())
        told = {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "advice": self.advice,
            "place": place,
            "range": range_,
        }
        return {**told, "fixes": list(self.fixes)} if self.fixes else told


class PenstockError(Exception):
    """The errors of one phase, all of them; never empty."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        assert self.diagnostics
        super().__init__("\n".join(map(str, self.diagnostics)))

    def __reduce__(self) -> tuple[type[PenstockError], tuple[tuple[Diagnostic, ...]]]:
        """Pickled with what it was made from: errors cross processes."""
        return type(self), (self.diagnostics,)


def finding(code: str, span: Span = NOWHERE, **fields: Any) -> Diagnostic:
    """A diagnostic from its row. A row whose advice is ``{advice}`` takes it as a field."""
    row = CODES[code]
    return Diagnostic(code, row.message.format(**fields), row.advice.format(**fields), span, row.severity)


def error(code: str, span: Span = NOWHERE, **fields: Any) -> PenstockError:
    """A `PenstockError` of one finding, ready to raise."""
    return PenstockError([finding(code, span, **fields)])


def raise_if_any(findings: Iterable[Diagnostic]) -> None:
    """Raise the errors among the findings together; warnings alone raise nothing."""
    errors = [item for item in findings if item.severity == "error"]
    if errors:
        raise PenstockError(errors)
