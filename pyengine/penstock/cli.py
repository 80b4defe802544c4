"""The command line: `penstock run`, `compile`, `check` and `bench`.

Exit status: 0 fine, 1 an error in the model or the request, 70 a fault of ours.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from . import __version__
from .compiler import Compiled, compile_file
from .errors import PenstockError, error
from .methods import METHODS
from .program import SETTINGS
from .protocol import DEFAULT_ENGINE, ENGINES
from .results import Results, element_names
from .run import slices

FAULT = 70
_AT_COMMAS = re.compile(r",(?![^\[]*\])")  # not at those between subscripts
PROGRESS_SECONDS = 0.5


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return _COMMANDS[arguments.command](arguments)
    except PenstockError as problem:
        print(problem, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except Exception:
        traceback.print_exc()
        print(
            f"This is a fault of Penstock {__version__}, not of your model. Please report it.",
            file=sys.stderr,
        )
        return FAULT


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Usage errors are the user's, so they exit with 1 like all of those."""
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="penstock", description="System dynamics models, compiled.")
    parser.add_argument("--version", action="version", version=f"penstock {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="simulate a model and write its results as CSV")
    run.add_argument("model", type=Path)
    run.add_argument("--engine", choices=ENGINES, default=DEFAULT_ENGINE)
    run.add_argument("--out", type=Path, help="file to write; standard output where left out")
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="override a constant or initial value",
    )
    run.add_argument("--save", metavar="NAME,…", help="variables to write; all where left out")
    _add_data(run)
    for name in SETTINGS:
        kind, metavar = (int, "N") if name == "seed" else (float, "H" if name == "dt" else "T")
        run.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar=metavar)
    run.add_argument("--method", choices=METHODS)

    compile_ = commands.add_parser("compile", help="write a model's blob, a WebAssembly module")
    compile_.add_argument("model", type=Path)
    compile_.add_argument("--out", type=Path)
    compile_.add_argument("--method", choices=METHODS)
    _add_data(compile_)
    compile_.add_argument("--simd", action="store_true", help="lanes of parameter sets")
    compile_.add_argument("--wat", action="store_true", help="print it as text")

    check = commands.add_parser("check", help="report what is wrong with a model")
    check.add_argument("model", type=Path)
    _add_data(check)
    check.add_argument("--format", choices=("text", "json"), default="text")

    bench = commands.add_parser("bench", help="time compiling and running on both engines")
    bench.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    bench.add_argument("--json", action="store_true")
    return parser


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", default="", metavar="FILE,…", help="data files of the run: .dat, .csv, .tab"
    )


def _compiled(arguments: argparse.Namespace) -> Compiled:
    """The model of a command; an empty text for the data files means none."""
    data = [file for file in arguments.data.split(",") if file]
    return compile_file(arguments.model, getattr(arguments, "method", None), data=data)


def _run(arguments: argparse.Namespace) -> int:
    compiled = _compiled(arguments)
    _warn(compiled)
    steps = slices(
        compiled,
        engine=arguments.engine,
        overrides=dict(_assignment(text) for text in arguments.set),
        specs={name: getattr(arguments, name) for name in SETTINGS},
        save=_AT_COMMAS.split(arguments.save) if arguments.save else None,
        seconds=PROGRESS_SECONDS,
    )
    results = _with_progress(steps)
    if arguments.out is None:
        _write(compiled, results, sys.stdout)
    else:
        try:
            with arguments.out.open("w", newline="", encoding="utf-8") as file:
                _write(compiled, results, file)
        except OSError as problem:
            raise error("PEN015", name=arguments.out, reason=problem.strerror or problem) from None
    return 0


def _with_progress(steps: Generator[None, None, Results]) -> Results:
    """The outcome of a run; on a terminal, a sign of life while it lasts."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if sys.stderr.isatty():
            print("\rsimulating …", end="", file=sys.stderr, flush=True)


def _write(compiled: Compiled, results: Results, file: TextIO) -> None:
    """Columns in the order of the model's file; elements without an equation have none."""
    wanted = set(results.names)
    results.write_csv(file, [name for name in _file_order(compiled) if name in wanted])


def _file_order(compiled: Compiled) -> list[str]:
    program = compiled.program
    return [
        label
        for row in program.variables
        for missing in [frozenset(row.get("missing", ()))]
        for number, label in enumerate(element_names(row["name"], row.get("dims", ()), program.dims))
        if number not in missing
    ]


def _assignment(text: str) -> tuple[str, float]:
    name, separator, value = text.rpartition("=")
    try:
        if not separator:
            raise ValueError
        return name.strip(), float(value)
    except ValueError:
        raise error(
            "PEN514", what="--set", value=text, advice="Write --set NAME=VALUE, as in --set tau=5."
        ) from None


def _compile(arguments: argparse.Namespace) -> int:
    if arguments.simd:
        raise error("PEN401", construct="a SIMD blob (--simd)", advice="Compile without it.")
    if arguments.out is None and not arguments.wat:
        raise error("PEN514", what="compile", value="without --out", advice="Say --out FILE.wasm, or --wat.")
    compiled = _compiled(arguments)
    _warn(compiled)
    if arguments.out is not None:
        try:
            arguments.out.write_bytes(compiled.blob)
        except OSError as problem:
            raise error("PEN015", name=arguments.out, reason=problem.strerror or problem) from None
    if arguments.wat:
        from .wasm.text import text

        print(text(compiled.blob))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    try:
        diagnostics = _compiled(arguments).warnings
    except PenstockError as problem:
        diagnostics = problem.diagnostics
    if arguments.format == "json":
        print(json.dumps([item.to_json() for item in diagnostics], ensure_ascii=False, indent=1))
    else:
        for item in diagnostics:
            print(item, file=sys.stderr)
    return int(any(item.severity == "error" for item in diagnostics))


def _warn(compiled: Compiled) -> None:
    for warning in compiled.warnings:
        print(warning, file=sys.stderr)


def _bench(arguments: argparse.Namespace) -> int:
    from .bench import bench, table

    rows = [bench(path) for path in arguments.models]
    print(json.dumps(rows, indent=1) if arguments.json else table(rows))
    return 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "compile": _compile,
    "check": _check,
    "bench": _bench,
}
