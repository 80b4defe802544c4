"""The headless host: what it allows, what it counts, how it refuses, and that nothing gets past it."""

import json
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
import wasmtime

from engine.models import EVERYTHING, SIR, TEACUP, compiled
from penstock.cli import main
from penstock.errors import PenstockError
from penstock.hosts import flags
from penstock.hosts.doctor import FEATURES, module_with
from penstock.hosts.limits import KINDS, Limits, Metadata, kind_of
from penstock.hosts.metered import run_metered
from penstock.hosts.process import process
from penstock.hosts.wasmtime import Boxed
from penstock.run import simulate
from penstock.wasm import binary

ROOT = Path(__file__).resolve().parents[2]


def boxed(text: str, limits: Limits | None = None, **exports: str) -> Boxed:
    return Boxed(bytes(wasmtime.wat2wasm(text)), limits or Limits(), exports)


def refusal(action: Callable[[], object]) -> tuple[str | None, str]:
    """The kind of a host's error, and what it says."""
    with pytest.raises(PenstockError) as caught:
        action()
    assert caught.value.diagnostics[0].advice
    return kind_of(caught.value), str(caught.value)


# --- fuel


@pytest.mark.smoke
@pytest.mark.parametrize("text", [TEACUP, SIR, EVERYTHING])
def test_a_run_needs_one_amount_of_fuel_and_fails_with_one_less(text: str) -> None:
    model = compiled(text)
    results, first = run_metered(model)
    used = first["fuel_used"]
    assert used is not None
    assert first["fuel_given"] is not None
    assert used < first["fuel_given"]
    assert results.data.tobytes() == simulate(model).data.tobytes()
    again, exact = run_metered(model, limits=Limits(fuel=used))
    assert exact["fuel_used"] == exact["fuel_given"] == used
    assert again.data.tobytes() == results.data.tobytes()
    kind, said = refusal(lambda: run_metered(model, limits=Limits(fuel=used - 1)))
    assert kind == "FuelExhausted"
    assert str(used - 1) in said


def test_fuel_counts_instructions() -> None:
    """15 of them each turn, as was measured for other versions of wasmtime: 20 turns more cost 300 more."""
    body = "(local.set 1 (i32.add (local.get 1) (i32.mul (local.get 0) (i32.const 3))))"
    text = (
        '(module (func (export "f") (param i32) (result i32) (local i32) (loop '
        + body
        + "(local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0))) (local.get 1)))"
    )
    used = []
    for turns in (10, 30, 50):
        box = boxed(text)
        box.call("f", turns)
        used.append(box.fuel_used)
    assert used[1] - used[0] == used[2] - used[1]
    assert (used[1] - used[0]) % 20 == 0
    assert 8 <= (used[1] - used[0]) / 20 <= 15


def test_a_budget_that_a_limit_made_smaller_is_reported() -> None:
    _, free = run_metered(compiled(SIR))
    _, less = run_metered(compiled(SIR), limits=Limits(most_fuel=999_999))
    assert free["clamped"] == []
    assert less["clamped"] == ["fuel"]
    assert less["fuel_given"] == 999_999


def test_what_a_run_needs_before_its_first_step_does_not_count_against_its_steps() -> None:
    """A million and more instructions go into what does not change."""
    rows = ", ".join(f"r{number}" for number in range(300))
    text = (
        f"time 0 to 1 by 1\ndim row = {rows}\nconst a[row] = 1\naux b[row] = sum(exp(a[*]))\naux c = time\n"
    )
    _, metadata = run_metered(compiled(text))
    assert (metadata["fuel_used"] or 0) > 1_000_000


@pytest.mark.parametrize("limits", [Limits(fuel=1_000_000), Limits(seconds=0.2)])
def test_an_endless_loop_ends(limits: Limits) -> None:
    box = boxed('(module (func (export "f") (loop (br 0))))', replace(limits, most_fuel=1 << 61))
    kind, _ = refusal(lambda: box.call("f"))
    assert kind == ("WallTimeout" if limits.seconds else "FuelExhausted")


def test_time_is_for_all_calls_together() -> None:
    """Sixty calls of a fiftieth of a second each are more than half a second."""
    turns = "(local i32) (local.set 0 (i32.const 40000000)) (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1)))"
    box = boxed(f'(module (func (export "f") {turns} (br_if 0 (local.get 0)))))', Limits(seconds=0.5))
    began = monotonic()

    def many() -> None:
        for _ in range(60):
            box.call("f")

    assert refusal(many)[0] == "WallTimeout"
    assert 0.4 < monotonic() - began < 5


# --- memory and sizes


def test_memory_grows_up_to_the_cap_and_no_further() -> None:
    text = (
        '(module (memory (export "memory") 1) (func (export "f") (result i32) (memory.grow (i32.const 1))))'
    )
    box = boxed(text, Limits(memory_bytes=3 << 16))
    assert [box.call("f") for _ in range(4)] == [1, 2, -1, -1]
    assert box.pages == 3


def test_a_module_that_begins_beyond_the_cap_is_refused() -> None:
    kind, said = refusal(lambda: boxed("(module (memory 17))", Limits(memory_bytes=16 << 16)))
    assert kind == "MemoryLimit"
    assert str(17 << 16) in said


def test_a_run_beyond_its_cap_says_so() -> None:
    model = compiled(SIR)
    _, metadata = run_metered(model)
    pages = metadata["pages_peak"]
    assert pages is not None
    kind, _ = refusal(
        lambda: run_metered(
            model, specs={"dt": 2**-9, "save_step": 2**-9}, limits=Limits(memory_bytes=1 << 18)
        )
    )
    assert kind == "MemoryLimit"


def test_a_module_that_is_too_large_is_refused_unread() -> None:
    kind, _ = refusal(lambda: Boxed(bytes(11 << 20), Limits(), {}))
    assert kind == "TooLarge"


# --- features, imports, exports


@pytest.mark.smoke
@pytest.mark.parametrize("feature", FEATURES)
def test_a_forbidden_feature_is_refused_by_name(feature: str) -> None:
    blob = module_with(feature)
    if feature not in ("component model", "wide arithmetic", "custom page sizes", "threads", "exceptions"):
        wasmtime.Module(wasmtime.Engine(), blob)  # valid where it is allowed
    kind, said = refusal(lambda: Boxed(blob, Limits(), {}))
    assert kind == "ForbiddenFeature"
    assert feature in said


def test_externref_is_refused_wherever_it_stands() -> None:
    for text in (
        "(module (table 1 externref))",
        "(module (func (param externref)))",
        "(module (func (result externref) (ref.null extern)))",
        "(module (func (local externref)))",
        "(module (global externref (ref.null extern)))",
    ):
        assert refusal(lambda text=text: boxed(text))[0] == "ForbiddenFeature", text


def test_any_import_is_refused_and_named() -> None:
    kind, said = refusal(lambda: boxed('(module (import "wasi_snapshot_preview1" "fd_write" (func)))'))
    assert kind == "ForbiddenImport"
    assert "wasi_snapshot_preview1.fd_write" in said


def test_a_missing_export_is_refused_before_anything_runs() -> None:
    trap = '(module (func $s unreachable) (start $s) (func (export "f") (param i32)))'
    assert refusal(lambda: boxed(trap, g=""))[0] == "MissingExport"
    kind, said = refusal(lambda: boxed(trap, f="(f64) -> i32"))
    assert kind == "MissingExport"
    assert "(f64) -> i32, found (i32) -> nothing" in said


@pytest.mark.parametrize(
    ("body", "trap"),
    [
        ("unreachable", "unreachable"),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "integer division by zero"),
        ("(drop (i64.load (i32.const -1)))", "memory out of bounds"),
        ("(drop (i32.trunc_f64_s (f64.const nan)))", "bad conversion to integer"),
        ("(call $f)", "stack overflow"),
    ],
)
def test_a_trap_is_an_error_that_names_it(body: str, trap: str) -> None:
    box = boxed(f'(module (memory 1) (func $f (export "f") {body}))')
    kind, said = refusal(lambda: box.call("f"))
    assert kind == "Trap"
    assert trap in said


# --- flags


def test_flags_that_abort_the_process_are_found_out_in_a_child_process() -> None:
    """SIMD off with relaxed SIMD on aborts; so does an engine without reference types."""
    for hostile in (["wasm_simd"], ["wasm_reference_types"]):
        verdict = flags.tried(hostile)
        assert re.match(r"exit status -\d+: ", verdict["reason"]), verdict


def test_the_strict_settings_are_all_known_and_taken_here() -> None:
    verdict = flags.tried([*flags.OFF, "wasm_a_flag_that_never_was"])
    assert verdict["reason"] == ""
    assert verdict["unknown"] == ["wasm_a_flag_that_never_was"]


def test_the_trial_is_made_once_and_a_damaged_note_of_it_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_CACHE", str(tmp_path))
    trials: list[object] = []
    tried = flags.tried
    monkeypatch.setattr(flags, "tried", lambda off: trials.append(off) or tried(off))
    for content, count in ((None, 1), (None, 1), ("{", 2), ('{"version": "1"}', 3)):
        monkeypatch.delenv("PENSTOCK_WASMTIME_TRIED", raising=False)
        note = next(tmp_path.rglob("*.json"), None)
        if content is not None and note is not None:
            note.write_text(content)
        assert flags.verdict.__wrapped__()["reason"] == ""
        assert len(trials) == count


def test_an_installation_that_cannot_be_strict_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = flags.Verdict(version="0", flags=[], unknown=[], reason="exit status -6")
    monkeypatch.setattr(flags, "verdict", lambda: broken)
    monkeypatch.setattr(flags, "engine", flags.engine.__wrapped__)
    with pytest.raises(PenstockError, match="PEN505"):
        flags.engine(fuel=True)
    results, metadata = run_metered(compiled(SIR), fallback="vm")
    assert (metadata["engine"], metadata["fallback_from"]) == ("vm", "wasm")
    assert results.engine == "vm"


# --- what is reported


def test_metadata_have_all_their_keys_whichever_engine_ran() -> None:
    model = compiled(TEACUP)
    for engine in ("wasm", "vm"):
        _, metadata = run_metered(model, engine=engine, overrides={"Room Temperature": 20}, specs={"stop": 3})
        assert set(metadata) == set(Metadata.__annotations__)
        assert metadata["steps"] == 24
        assert metadata["input_bytes"] == 16
        assert metadata["output_bytes"] == 8 * (25 * 3 + 2)  # time, temperature and loss; two constants
        json.dumps(metadata, allow_nan=False)


def test_nothing_falls_back_unasked_and_what_does_is_marked() -> None:
    model, limits = compiled(TEACUP), Limits(fuel=100)
    assert refusal(lambda: run_metered(model, limits=limits))[0] == "FuelExhausted"
    results, metadata = run_metered(model, limits=limits, fallback="vm")
    assert (metadata["engine"], metadata["fallback_from"], results.engine) == ("vm", "wasm", "vm")
    assert results.data.tobytes() == simulate(model).data.tobytes()


def test_an_error_of_the_model_is_no_reason_to_fall_back() -> None:
    with pytest.raises(PenstockError, match="PEN312"):
        run_metered(compiled(TEACUP), specs={"stop": -1}, fallback="vm")


# --- the command line


def test_run_goes_through_the_host(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, report = tmp_path / "teacup.pen", tmp_path / "run.json"
    file.write_text(TEACUP)
    assert main(["run", str(file), "--metadata", str(report)]) == 0
    metadata = json.loads(report.read_text())
    plain = capsys.readouterr().out
    assert main(["run", str(file), "--fuel", str(metadata["fuel_used"] - 1)]) == 1
    assert "PEN526" in capsys.readouterr().err
    assert main(["run", str(file), "--fuel", "1", "--fallback", "vm"]) == 0
    told = capsys.readouterr()
    assert told.out == plain
    assert "engine vm ran" in told.err
    assert main(["run", str(file), "--engine", "vm", "--fuel", "1"]) == 1


def test_doctor_finds_this_installation_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "all refused" in said
    assert "agree to the bit" in said


# --- the plain C interface


ECHO = """(module (memory (export "memory") 1) (global $next (mut i32) (i32.const 16))
  (func (export "allocate") (param i32) (result i32)
    (global.get $next) (global.set $next (i32.add (global.get $next) (local.get 0))))
  (func (export "deallocate") (param i32 i32))
  (func (export "process") (param i32 i32 i32) (result i32)
    (i32.store (local.get 2) {length}) {result}))"""


def test_process_takes_bytes_and_gives_bytes() -> None:
    blob = bytes(wasmtime.wat2wasm(ECHO.format(length="(local.get 1)", result="(local.get 0)")))
    output, metadata = process(blob, b"pen and stock")
    assert output == b"pen and stock"
    assert (metadata["input_bytes"], metadata["output_bytes"]) == (13, 13)


@pytest.mark.parametrize(
    ("length", "result", "kind"),
    [
        ("(local.get 1)", "(i32.const 0)", "BadOutput"),
        ("(i32.const 65530)", "(i32.const 100)", "BadOutput"),
        ("(i32.const 4)", "(i32.const -2)", "BadOutput"),
        ("(i32.const -1)", "(i32.const 100)", "TooLarge"),
    ],
)
def test_what_process_returns_is_checked(length: str, result: str, kind: str) -> None:
    blob = bytes(wasmtime.wat2wasm(ECHO.format(length=length, result=result)))
    assert refusal(lambda: process(blob, b"abc"))[0] == kind


def test_an_input_that_is_too_large_is_refused() -> None:
    assert refusal(lambda: process(b"", bytes(11 << 20)))[0] == "TooLarge"


# --- hostile blobs


def test_hostile_blobs_neither_hang_nor_crash_nor_escape(scale: Callable[[int, int], int]) -> None:
    """In a process of its own: the line that is missing names the blob that took it down."""
    count = scale(400, 10_000)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("hostile.py")), str(count), "1"],
        capture_output=True,
        text=True,
        timeout=60 + count / 50,
        check=False,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.returncode == 0, (lines[-1:], done.stderr[-2000:])
    assert [int(line[0]) for line in lines] == list(range(count))
    seen = {line[2] for line in lines}
    assert seen <= {*KINDS, "ran"}
    assert {"InvalidModule", "ForbiddenImport", "FuelExhausted", "MemoryLimit", "Trap"} <= seen


def bomb() -> bytes:
    """30,000 loops, one inside the other: 90 kB that take wasmtime 50's compiler the better part of a minute."""
    body = b"\0" + b"\x03\x40" * 30_000 + b"\x0b" * 30_001
    code = binary.vec([binary.u32(len(body)) + body])
    return binary.module(
        [
            binary.section(1, binary.vec([b"\x60\0\0"])),
            binary.section(3, binary.vec([b"\0"])),
            binary.section(10, code),
        ]
    )


def test_a_module_that_takes_the_compiler_minutes_is_stopped() -> None:
    assert refusal(lambda: Boxed(bomb(), Limits(compile_seconds=1), {}, apart=True))[0] == "WallTimeout"


def test_what_is_compiled_apart_runs_and_is_refused_as_here() -> None:
    blob = compiled(TEACUP).blob
    status, columns, rows = struct.unpack_from("<3I", process(blob, struct.pack("<I", 0))[0])
    assert (status, columns, rows) == (0, 5, 241)
    output = process(blob, struct.pack("<I", 0))[0]
    found = struct.unpack_from(f"<{columns * rows}d", output, 12)
    place = {row["name"]: row["column"] for row in compiled(TEACUP).layout["variables"]}["Teacup Temperature"]
    assert list(found[place * rows :][:rows]) == list(simulate(compiled(TEACUP))["Teacup Temperature"])
    with_simd = b"\0asm\x01\0\0\0" + bytes.fromhex(FEATURES["simd"].replace(" ", ""))
    kind, said = refusal(lambda: process(with_simd, b""))
    assert (kind, "simd" in said) == ("ForbiddenFeature", True)
    timed, _ = process(blob, struct.pack("<I", 0), Limits(seconds=60))
    assert timed == output
