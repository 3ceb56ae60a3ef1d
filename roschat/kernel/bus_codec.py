"""Messages as bytes, for the bus between processes and for the strict mode of the bus in one process.

JSON, because what goes to sockets is already encoded JSON (`Delivery.payload` is a `msgspec.Raw`) and travels inside
another message as it is. Decoders are made once for each type.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from roschat.kernel.errors import RoschatError
from roschat.wire.declare import declaration_of
from roschat.wire.message import Caller, Message

M = TypeVar("M", bound=Message)

encode = msgspec.json.Encoder().encode
caller_decoder = msgspec.json.Decoder(Caller)


def name_of(kind: type[Message]) -> str:
    """The wire name of a message type; TypeError when it is not declared, which is a programming error."""
    try:
        return declaration_of(kind).name
    except KeyError:
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is not declared: decorate it in an api.py") from None


@cache
def decoder_of(kind: type[Message]) -> msgspec.json.Decoder[Any]:
    """What decodes a message of this type."""
    name_of(kind)
    return msgspec.json.Decoder(kind)


@cache
def reply_decoder_of(kind: type[Message]) -> msgspec.json.Decoder[Any]:
    """What decodes the reply of a command of this type."""
    name_of(kind)
    return msgspec.json.Decoder(declaration_of(kind).reply)


def copy(message: M) -> M:
    """A message as the other side of a wire would see it."""
    copied: M = decoder_of(type(message)).decode(encode(message))
    return copied


def defect(name: str) -> RoschatError:
    """What a caller sees of an error that no service meant to raise; the log has the trace."""
    return RoschatError(f"The server failed while it carried out {name}; its log has the cause.")


def error_of(code: str, text: str, fields: Mapping[str, str] | None = None) -> RoschatError:
    """The error that another process raised: of the class that owns the code, so that `except NotFound` works."""
    for kind in RoschatError.__subclasses__():
        if kind.code == code:
            return kind(text, fields=fields)
    return RoschatError(text, code, fields=fields)
