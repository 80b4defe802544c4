"""Blobs whose runs stand side by side in SIMD lanes."""

from .module import lane_blob, lane_layout

__all__ = ["lane_blob", "lane_layout"]
