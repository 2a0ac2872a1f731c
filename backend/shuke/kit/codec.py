"""JSON in and out: msgspec for typed values, plain objects where a column holds them."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder()


def dumps(value: Any) -> str:
    """JSON text of a value; dataclasses, UUIDs, dates and Decimals included."""
    return _encoder.encode(value).decode()


def loads(text: str | bytes) -> Any:
    """Plain objects of a JSON text."""
    return _decoder.decode(text)


def load(text: str | bytes, kind: type[T]) -> T:
    """A typed value of a JSON text. Raises msgspec.ValidationError where it does not fit."""
    return msgspec.json.decode(text, type=kind)
