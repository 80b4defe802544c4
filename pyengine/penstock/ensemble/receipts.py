"""Receipts: proof of what was run, with what, and what came of it, that anybody can check with a hash function.

A receipt is JSON. Its `digest` is SHA-256 over all its other fields but the signature, written as JSON with sorted
keys and without spaces; an Ed25519 signature, where there is one, is over the digest's 32 bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .. import __version__
from ..abi import ABI
from ..errors import PenstockError, error
from ..results import needed

FORMAT = "penstock-receipt-1"
FIELDS = ("format", "model", "engine", "parameters", "seed", "results", "chunks")


def receipt(
    model: str,
    engine: str,
    parameters: Mapping[str, Any],
    seed: int,
    results: bytes,
    chunks: Mapping[int, str],
) -> dict[str, Any]:
    """A receipt over a model's hash, an engine's name, parameters as plain values, a seed, and results as bytes."""
    made: dict[str, Any] = {
        "format": FORMAT,
        "model": model,
        "engine": {"name": engine, "penstock": __version__, "abi": ABI},
        "parameters": dict(parameters),
        "seed": seed,
        "results": hashlib.sha256(results).hexdigest(),
        "chunks": {str(number): digest for number, digest in sorted(chunks.items())},
    }
    made["digest"] = _digest(made)
    return made


def signed(made: Mapping[str, Any], private_key: bytes) -> dict[str, Any]:
    """The receipt with a signature by an Ed25519 key of 32 bytes. Raises PEN518 without `cryptography`, PEN534."""
    ed25519 = needed("cryptography.hazmat.primitives.asymmetric.ed25519")
    key = _made(ed25519.Ed25519PrivateKey, private_key)
    public = key.public_key().public_bytes_raw()
    signature = key.sign(bytes.fromhex(made["digest"]))
    return {**made, "public_key": public.hex(), "signature": signature.hex()}


def verify(made: object, results: bytes | None = None, public_key: bytes | None = None) -> None:
    """Check a receipt: all its fields against its digest, results against their hash, a signature against its key.

    With a `public_key` the receipt must be signed by that one. Raises PEN534 with what does not hold, PEN518.
    """
    if not isinstance(made, Mapping) or made.get("format") != FORMAT:
        raise _broken("it is no receipt of Penstock", f'Its format should be "{FORMAT}".')
    strange = set(made) - {*FIELDS, "digest", "public_key", "signature"}
    missing = {*FIELDS, "digest"} - set(made)
    if strange or missing:
        raise _broken(f"its fields are not those of a receipt: {', '.join(sorted(strange | missing))}")
    if made["digest"] != _digest(made):
        raise _broken("its content was changed after it was made")
    if results is not None and made["results"] != hashlib.sha256(results).hexdigest():
        raise _broken("the results are not those it was made for")
    if public_key is not None or "signature" in made or "public_key" in made:
        _check_signature(made, public_key)


def text_of(made: Mapping[str, Any]) -> str:
    """The one text that a receipt is written as."""
    return json.dumps(made, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read(text: str) -> dict[str, Any]:
    """A receipt from its text, which must be the very one that `text_of` writes. Raises PEN534."""
    try:
        made = json.loads(text)
    except ValueError as problem:
        raise _broken(f"it is not JSON: {problem}") from None
    if not isinstance(made, dict):
        raise _broken("it is no receipt of Penstock", "Name the file that was written as one.")
    try:
        same = text_of(made) == text
    except ValueError:
        same = False
    if not same:
        raise _broken("its text was changed after it was written")
    return made


def _check_signature(made: Mapping[str, Any], public_key: bytes | None) -> None:
    if "signature" not in made or "public_key" not in made:
        raise _broken("it is not signed", "Ask for a receipt that is.")
    try:
        named, signature = bytes.fromhex(made["public_key"]), bytes.fromhex(made["signature"])
    except (TypeError, ValueError):
        raise _broken("its signature cannot be read") from None
    if (named.hex(), signature.hex()) != (made["public_key"], made["signature"]):
        raise _broken("its signature was changed after it was made")
    if public_key is not None and named != public_key:
        raise _broken("it is signed by another key")
    ed25519 = needed("cryptography.hazmat.primitives.asymmetric.ed25519")
    invalid = needed("cryptography.exceptions").InvalidSignature
    try:
        _made(ed25519.Ed25519PublicKey, named).verify(signature, bytes.fromhex(made["digest"]))
    except invalid:
        raise _broken("its signature is not by the key that it names") from None


def _made(kind: Any, key: bytes) -> Any:
    make = getattr(kind, "from_private_bytes", None) or kind.from_public_bytes
    try:
        return make(key)
    except ValueError as problem:
        raise _broken(f"the key cannot be used: {problem}", "Keys are 32 bytes.") from None


def _digest(made: Mapping[str, Any]) -> str:
    covered = {name: made[name] for name in FIELDS}
    text = json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _broken(reason: str, advice: str = "Do not rely on it; make the runs again.") -> PenstockError:
    return error("PEN534", reason=reason, advice=advice)
