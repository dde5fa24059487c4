"""The shipped programs as data files, and the schema that holds them to their shape."""

from collaboratives.blueprints.loader import BlueprintError, keys, load, parse
from collaboratives.blueprints.schema import Blueprint

__all__ = ["Blueprint", "BlueprintError", "keys", "load", "parse"]
