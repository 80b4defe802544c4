"""External data through one asynchronous interface: memory, then disk, then files or, if allowed, the network."""

from .backends import Folder, Http
from .layers import Event, Resolver
from .methods import METHODS, ResolverError, Series, Table
from .needs import compile_resolved, needs
from .overlay import Overlay

__all__ = [
    "METHODS",
    "Event",
    "Folder",
    "Http",
    "Overlay",
    "Resolver",
    "ResolverError",
    "Series",
    "Table",
    "compile_resolved",
    "needs",
]
