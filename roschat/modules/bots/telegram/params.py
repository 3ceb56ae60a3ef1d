"""Parameters of a call by their type. Numbers and objects may come as strings; what does not fit is a clear 400."""

from typing import Any

import msgspec

from roschat.modules.bots.telegram.refusals import Refused
from roschat.types import MessageId, PeerKind

MAX_NUMBER = 2**53


class Params:
    """See the module docstring. An absent parameter and an empty string are the same."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def text(self, name: str, default: str | None = None) -> str:
        """A string; with no default it is needed."""
        value = self._values.get(name)
        if value in (None, ""):
            if default is None:
                raise Refused(f"parameter {name!r} is required")
            return default
        if isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(f"parameter {name!r} must be a string")
        return str(value)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        text = self.text(name, None if default is None else str(default)).strip()
        try:
            found = int(float(text)) if "." in text else int(text)
        except (ValueError, OverflowError):
            raise Refused(f"parameter {name!r} must be a number, not {text[:40]!r}") from None
        if abs(found) > MAX_NUMBER:
            raise Refused(f"parameter {name!r} is out of range: {text[:40]}")
        return found

    def fraction(self, name: str) -> float:
        """A number with a fraction; NaN and infinity are none."""
        text = self.text(name)
        try:
            found = float(text)
        except ValueError:
            raise Refused(f"parameter {name!r} must be a number, not {text[:40]!r}") from None
        if not abs(found) < MAX_NUMBER:
            raise Refused(f"parameter {name!r} is out of range: {text[:40]}")
        return found

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false; the strings true, 1 and yes are true."""
        value = self._values.get(name)
        if value in (None, ""):
            return default
        return str(value).strip().lower() in ("true", "1", "yes")

    def value(self, name: str) -> Any:
        """An object or list, as it is or as a JSON string; None when it is absent."""
        value = self._values.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            return value
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            raise Refused(f"can't parse {name} JSON object") from None

    def mapping(self, name: str) -> dict[str, Any] | None:
        """A JSON object; None when it is absent."""
        value = self.value(name)
        if value is not None and not isinstance(value, dict):
            raise Refused(f"parameter {name!r} must be a JSON object")
        return value

    def items(self, name: str) -> list[Any]:
        """A JSON list; empty when it is absent."""
        value = self.value(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Refused(f"parameter {name!r} must be a JSON array")
        return value

    def strings(self, name: str) -> list[str]:
        """A JSON list of strings."""
        found = self.items(name)
        if not all(isinstance(item, str) for item in found):
            raise Refused(f"parameter {name!r} must be a JSON array of strings")
        return found

    def chat(self, name: str = "chat_id") -> "Peer":
        """A conversation: the number of a person, or the negative number of a group."""
        text = self.text(name)
        try:
            number = int(text)
        except ValueError:
            raise Refused("chat not found") from None
        if number == 0 or abs(number) > MAX_NUMBER:
            raise Refused("chat not found")
        return Peer(PeerKind.GROUP, -number) if number < 0 else Peer(PeerKind.USER, number)

    def message(self, name: str = "message_id") -> MessageId:
        """The id of a message."""
        found = self.number(name)
        if found <= 0:
            raise Refused("message identifier is not specified" if name == "message_id" else f"{name} is not a message")
        return MessageId(found)


class Peer(msgspec.Struct, frozen=True):
    """A conversation as the server addresses it."""

    kind: PeerKind
    cid: int

    @property
    def chat_id(self) -> int:
        """As Telegram numbers it."""
        return -self.cid if self.kind is PeerKind.GROUP else self.cid
