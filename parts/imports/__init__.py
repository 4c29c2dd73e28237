"""Lists of parts with prices and of labour operations, by the machinery of the machines."""

from parts.imports.catalogue import Parts
from parts.imports.labour import Operations

__all__ = ["Operations", "Parts"]
