"""CBOR items in JSON, without loss: every item is an object with one key that says what it is."""

from __future__ import annotations

from typing import Any

from .failure import Item


def to_typed(item: Item) -> Any:
    """An item as JSON; integers as decimal texts, because JSON readers round large numbers."""
    if item is None or type(item) is bool:
        return {"simple": {None: "null", False: "false", True: "true"}[item]}
    if type(item) is int:
        return {"int": str(item)}
    if type(item) is bytes:
        return {"bytes": item.hex()}
    if type(item) is str:
        return {"text": item}
    if type(item) is list:
        return {"array": [to_typed(one) for one in item]}
    return {"map": [[to_typed(key), to_typed(value)] for key, value in item.items()]}


def from_typed(typed: Any) -> Item:
    """The item again. `float` and `tag` exist so that an encoder can be asked for what it must refuse."""
    [(sort, value)] = typed.items()
    if sort == "simple":
        return {"null": None, "false": False, "true": True}[value]
    if sort == "int":
        return int(value)
    if sort == "bytes":
        return bytes.fromhex(value)
    if sort == "float":
        return float(value)
    if sort == "array":
        return [from_typed(one) for one in value]
    if sort == "map":
        return {from_typed(key): from_typed(inner) for key, inner in value}
    return value
