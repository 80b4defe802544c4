"""Penstock: a system dynamics workbench. Models in, WebAssembly and exact results out."""

__version__ = "0.1.0"
