"""The plain C interface of blobs, by a host that knows nothing of Penstock: bytes in, bytes out, and never a trap."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

from engine.bits import assert_same
from engine.models import EVERYTHING, SIR, TEACUP, compiled
from engine.plain_host import Host
from engine.test_lockstep import VARYING_CLOCK
from engine.test_snapshots import KEEPING
from penstock.abi import PROCESS, RUN_ERROR, SET_VALUE
from penstock.compiler import Compiled
from penstock.run import Simulation

Scale = Callable[[int, int], int]

TEXTS = {
    "teacup": TEACUP,
    "sir": SIR,
    "everything": EVERYTHING,
    "keeping": KEEPING,
    "varying clock": VARYING_CLOCK,
}
HOST = Path(__file__).with_name("plain_host.py")


def request(values: Mapping[int, float]) -> bytes:
    return struct.pack("<I", len(values)) + b"".join(struct.pack("<Id", *item) for item in values.items())


def reply(data: bytes) -> tuple[int, list[Sequence[float]]]:
    """The status and the columns; what the header says is all that there is."""
    status, columns, rows = struct.unpack_from("<3I", data)
    assert len(data) == 12 + 8 * columns * rows
    values = struct.unpack_from(f"<{columns * rows}d", data, 12)
    return status, [values[column * rows : (column + 1) * rows] for column in range(columns)]


def of_simulation(model: Compiled, values: Mapping[int, float]) -> list[Sequence[float]]:
    simulation = Simulation(model, "vm")
    for number, value in values.items():
        assert simulation.engine.set_value(number, value) == 0
    simulation.run()
    return [simulation.engine.column(column) for column in range(model.program.n_columns)]


@pytest.mark.parametrize("title", TEXTS)
def test_a_request_is_answered_with_the_columns_of_the_run(title: str) -> None:
    model = compiled(TEXTS[title])
    host = Host(model.blob)
    numbers = {row["kind"]: row["input"] for row in model.layout["inputs"]}
    wanted: list[Mapping[int, float]] = [
        {},
        {0: 2.5},
        {numbers["stop"]: 4.0, 0: 3.0},
        {},
        {numbers["seed"]: 7.0},
    ]
    for values in wanted:
        status, columns = reply(host.call(request(values)))
        assert status == 0
        for found, expected in zip(columns, of_simulation(model, values), strict=True):
            assert_same(found, expected, f"{title} with {values}")


def test_a_script_of_forty_lines_runs_a_model_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "teacup.wasm"
    file.write_bytes(compiled(TEACUP).blob)
    assert len(HOST.read_text(encoding="utf-8").splitlines()) <= 40
    assert "penstock" not in HOST.read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(HOST), str(file), "0=20"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    found = json.loads(done.stdout)
    names = {row["name"]: row["column"] for row in compiled(TEACUP).layout["variables"]}
    tea = found["columns"][names["Teacup Temperature"]]
    assert found["status"] == 0
    assert tea[0] == 180.0
    assert abs(tea[-1] - (20 + 160 * (1 - 0.125 / 10) ** 240)) < 1e-9


def test_the_manual_shows_this_very_host() -> None:
    manual = Path(__file__).parents[2] / "web/manual/blob.md"
    assert f"```python\n{HOST.read_text(encoding='utf-8')}```" in manual.read_text(encoding="utf-8")


def test_what_is_wrong_is_said_in_the_status() -> None:
    model = compiled(TEACUP)
    host = Host(model.blob)
    numbers = {row["kind"]: row["input"] for row in model.layout["inputs"]}
    refused, failed = PROCESS["REFUSED"], PROCESS["FAILED"]
    for data, expected in (
        (b"", PROCESS["BAD_REQUEST"]),
        (b"\1", PROCESS["BAD_REQUEST"]),
        (request({0: 1.0})[:-1], PROCESS["BAD_REQUEST"]),
        (request({0: 1.0}) + b"\0", PROCESS["BAD_REQUEST"]),
        (struct.pack("<I", 0xFFFFFFFF), PROCESS["BAD_REQUEST"]),
        (
            struct.pack("<I", 0x15555556) + bytes(4),
            PROCESS["BAD_REQUEST"],
        ),  # twelve times that is 8 in 32 bits
        (request({9999: 1.0}), refused | SET_VALUE["NOT_SETTABLE"]),
        (request({0xFFFFFFFF: 1.0}), refused | SET_VALUE["NOT_SETTABLE"]),
        (request({0: float("nan")}), refused | SET_VALUE["BAD_VALUE"]),
        (request({0: 1.0, 9999: 2.0, 1: 3.0}), refused | SET_VALUE["NOT_SETTABLE"]),
        (request({numbers["stop"]: -5.0}), failed | RUN_ERROR["STOP_BEFORE_START"]),
        (request({numbers["dt"]: 1e-9, numbers["save_step"]: 1e-9}), failed | RUN_ERROR["TOO_MANY_ROWS"]),
    ):
        assert reply(host.call(data)) == (expected, [()] * model.program.n_columns)
    status, columns = reply(host.call(request({})))
    assert status == 0
    assert_same(columns[1], of_simulation(model, {})[1])


def test_any_bytes_are_answered(scale: Scale) -> None:
    rng = Random(1)
    hosts = [Host(compiled(TEXTS[title]).blob) for title in ("teacup", "keeping")]
    for _ in range(scale(200, 20_000)):
        n = rng.randrange(6)
        data = request({rng.randrange(12): rng.choice([0.0, 1.0, -1.0, 0.25, 7.5]) for _ in range(n)})
        for _ in range(rng.randrange(3)):
            at = rng.randrange(len(data) + 1)
            data = data[:at] + rng.randbytes(rng.randrange(3)) + data[at + rng.randrange(3) :]
        status, columns = reply(rng.choice(hosts).call(data))
        assert (status == 0) == any(columns)


@pytest.mark.parametrize("title", ["teacup", "keeping", "varying clock"])
def test_a_thousand_requests_leave_memory_as_it_is(title: str) -> None:
    host = Host(compiled(TEXTS[title]).blob)
    pages = set()
    for number in range(1000):
        host.call(request({0: float(number % 7 + 1)}))
        host.call(b"bad")
        pages.add(host.exports["memory"].size(host.store))
    assert len(pages) == 1


def test_requests_larger_than_any_sensible_one_are_taken_or_there_is_no_memory_for_them() -> None:
    host = Host(compiled(TEACUP).blob)
    many = 100_000
    entries = struct.pack("<Id", 0, 20.0) * many
    status, columns = reply(host.call(struct.pack("<I", many) + entries))
    assert status == 0
    assert_same(columns[1], of_simulation(compiled(TEACUP), {0: 20.0})[1])
    for size in (1 << 30, (1 << 31) - 1, -1):
        assert host.exports["allocate"](host.store, size) == 0


def test_what_was_allocated_does_not_overlap_and_is_free_again_when_all_is_given_back() -> None:
    host = Host(compiled(TEACUP).blob)
    allocate, deallocate = host.exports["allocate"], host.exports["deallocate"]
    first = [allocate(host.store, size) for size in (1, 8, 4, 13)]
    assert first == sorted(first)
    assert all(b - a >= size for a, b, size in zip(first, first[1:], (1, 8, 4), strict=False))
    for place in first:
        deallocate(host.store, place, 1)
    deallocate(host.store, 0, 0)
    assert allocate(host.store, 4) == first[0]
