"""Coverage-guided fuzzing of the readers and passes: `python tests/fuzz.py FOLDER_OF_SEEDS -max_total_time=300`.

Needs `pip install atheris`, which no other test does. Inputs that make anything but a model or a `PenstockError`
are left in the current folder, as are those that take over ten seconds or a gigabyte.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["penstock"]):
    from penstock.compiler import compile_text
    from penstock.errors import PenstockError
    from penstock.read import decode

NAMES = ("model.mdl", "model.xmile", "model.pen")


def one_input(data: bytes) -> None:
    """The beginning tells the format, or its first byte chooses one."""
    looks = [b"{UTF-8}", b"<", b"model"]
    fits = [name for name, start in zip(NAMES, looks, strict=True) if data.startswith(start)]
    name = fits[0] if fits else NAMES[data[0] % len(NAMES) if data else 0]
    try:
        compile_text(decode(data, name), name, partial=True)
    except PenstockError as refusal:
        str(refusal)
    except Exception:
        Path("crash").write_bytes(data)  # libFuzzer does not always get to it
        raise


def main() -> None:
    atheris.Setup([sys.argv[0], "-timeout=10", "-rss_limit_mb=1024", *sys.argv[1:]], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
