"""A model packed for another process: its program and its blob as bytes, and their hash."""

from __future__ import annotations

import hashlib
import pickle
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from .. import __version__
from ..compiler import Compiled
from ..errors import PenstockError
from ..model import Model
from ..place import Source


@dataclass(frozen=True, slots=True)
class Parcel:
    """`data` is a pickle that only `opened` reads; it is to come from nobody but `packed`."""

    model: str  # the model's content hash
    data: bytes
    digest: str  # SHA-256 of the data


@lru_cache(maxsize=8)
def packed(compiled: Compiled, lanes: bool = False) -> Parcel:
    """What runs need, and no more: neither equations nor views. With `lanes`, the blob that takes several runs at a
    time goes along, where the model can have one."""
    model = Model(name=compiled.model.name, variables=(), specs=compiled.model.specs)
    light = replace(
        compiled,
        model=model,
        source=Source(compiled.source.name, ""),
        flat=model,
        schedule=None,  # type: ignore[arg-type]
        warnings=(),
        missing=(),
    )
    light.__dict__["blob"] = compiled.blob
    if lanes:
        with suppress(PenstockError):
            light.__dict__["lane_blob"] = compiled.lane_blob
    data = pickle.dumps((__version__, light), protocol=5)
    return Parcel(compiled.model_hash, data, hashlib.sha256(data).hexdigest())


@lru_cache(maxsize=4)
def opened(parcel: Parcel) -> Compiled:
    """The model again; what is in it can be run and has no text. A changed parcel is a fault of who carried it."""
    if hashlib.sha256(parcel.data).hexdigest() != parcel.digest:
        raise ValueError("the parcel is not what was sent")
    version, compiled = pickle.loads(parcel.data)
    if version != __version__:
        raise ValueError(f"the parcel is of Penstock {version}, and this worker is {__version__}")
    assert isinstance(compiled, Compiled)
    return compiled
