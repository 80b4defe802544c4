"""Blobs whose runs stand side by side in SIMD lanes."""

from .forms import LANES
from .module import ARENA_BYTES as ROOM
from .module import lane_blob, lane_layout

__all__ = ["LANES", "ROOM", "lane_blob", "lane_layout"]
