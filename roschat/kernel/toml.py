"""TOML files as typed values: a key that nobody knows is an error with a suggestion, never ignored."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from roschat.kernel.errors import Invalid
from roschat.kernel.options import decode_local

S = TypeVar("S", bound=Struct)


def read(path: Path, kind: type[S]) -> S:
    """The file as a `kind`. Raises Invalid with one sentence."""
    return decode_local(kind, load(path), str(path))


def load(path: Path) -> dict[str, Any]:
    """The file as plain values. Raises Invalid when it cannot be read or is not TOML."""
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(f"{path} is not valid TOML: {error}.") from None
