"""Styled text: the text with its entities, whose offsets count UTF-16 units on both sides.

Telegram and RosChat name the same styles differently. What RosChat has no style for (spoiler, quote, custom emoji)
stays as plain text. Addresses and commands in a text are found here, because bots expect entities for them.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from roschat.modules.bots.telegram.refusals import Refused
from roschat.types import ContactId
from roschat.wire.conversation import Entity

TO_TELEGRAM = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strike": "strikethrough",
    "code": "code",
    "pre": "pre",
    "link": "text_link",
    "mention": "text_mention",
}
FROM_TELEGRAM = {theirs: ours for ours, theirs in TO_TELEGRAM.items()}
MAX_ENTITIES = 100
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|sip:)", re.IGNORECASE)
"""What a link may lead to."""

_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z][A-Za-z0-9_]{1,63})?(?![\w/])")
_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)
_CALLED = re.compile(r"@\[(\d{1,18}):([^\]\n]{1,200})\]")


class Styled(Struct, frozen=True):
    """A text and its styles as RosChat keeps them."""

    text: str
    entities: list[Entity] = []


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


class Pen:
    """Writes a text and notes where styles begin and end."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._entities: list[Entity] = []
        self.at = 0
        """UTF-16 units written."""

    def write(self, text: str) -> None:
        """Append plain text."""
        self._parts.append(text)
        self.at += units(text)

    def text_from(self, start: int) -> str:
        """What was written from a UTF-16 offset on."""
        return self.text.encode("utf-16-le")[2 * start :].decode("utf-16-le")

    def style(self, kind: str, start: int, url: str = "") -> None:
        """Everything from `start` on has this style; an empty stretch and an unknown style have none."""
        entity = made(kind, start, self.at - start, url)
        if entity is not None:
            self._entities.append(entity)

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self._parts)

    def done(self) -> Styled:
        """The text without blanks around it."""
        return trimmed(self.text, self._entities)


def made(kind: str, offset: int, length: int, url: str = "") -> Entity | None:
    """One style of Telegram's as ours, or None when there is none."""
    if length <= 0 or kind not in FROM_TELEGRAM:
        return None
    if kind == "text_link":
        person = parse_qs(urlsplit(url).query).get("id", [""])[0] if url.startswith("tg://user?") else ""
        if person.isascii() and person.isdigit() and len(person) < 19:
            return Entity("mention", offset, length, cid=ContactId(int(person)))
        if "://" not in url and "." in url.partition("/")[0] and not ADDRESS.match(url):
            url = f"http://{url}"
        return Entity("link", offset, length, url=url) if ADDRESS.match(url) else None
    return Entity(FROM_TELEGRAM[kind], offset, length)


def trimmed(text: str, entities: list[Entity]) -> Styled:
    """Blanks around the text go; styles are cut to what is left, sorted, and limited to MAX_ENTITIES."""
    cut = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start, stop = max(0, entity.offset - cut), min(end, entity.offset + entity.length - cut)
        if stop > start:
            kept.append(Entity(entity.type, start, stop - start, entity.url, entity.cid))
    kept.sort(key=lambda entity: (entity.offset, -entity.length))
    return Styled(text, kept[:MAX_ENTITIES])


def given(text: str, found: list[Any]) -> Styled:
    """A text with a list of MessageEntity objects. Raises Refused for one that is none."""
    entities = []
    end = units(text)
    for item in found:
        if not isinstance(item, Mapping):
            raise Refused("can't parse entities: expected an object")
        kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
        if not isinstance(kind, str) or not isinstance(offset, int) or not isinstance(length, int):
            raise Refused("can't parse entities: type, offset and length are needed")
        if offset < 0 or length < 0 or offset + length > end:
            raise Refused(f"can't parse entities: entity at {offset}+{length} lies outside of the text")
        user = item.get("user")
        if kind == "text_mention" and isinstance(user, Mapping) and isinstance(user.get("id"), int):
            if length:
                entities.append(Entity("mention", offset, length, cid=ContactId(user["id"])))
        elif kind != "text_mention":
            entity = made(kind, offset, length, str(item.get("url", "")))
            if entity is not None:
                entities.append(entity)
    return trimmed(text, entities)


def called(text: str) -> Styled:
    """A plain text in which people are called as `@[7:Name]`: they become styles over `@Name`."""
    pen = Pen()
    entities = []
    last = 0
    for found in _CALLED.finditer(text):
        pen.write(text[last : found.start()])
        start = pen.at
        pen.write("@" + found[2])
        entities.append(Entity("mention", start, pen.at - start, cid=ContactId(int(found[1]))))
        last = found.end()
    pen.write(text[last:])
    return Styled(pen.text, entities)


def told(styled: Styled, users: Mapping[ContactId, dict[str, Any]]) -> list[dict[str, Any]]:
    """MessageEntity objects for a bot: the styles, then the commands and addresses that stand in the text."""
    result: list[dict[str, Any]] = []
    for entity in styled.entities:
        known: dict[str, Any] = {
            "type": TO_TELEGRAM.get(entity.type, ""),
            "offset": entity.offset,
            "length": entity.length,
        }
        if entity.type == "link":
            known["url"] = entity.url
        elif entity.type == "mention":
            if entity.cid not in users:
                continue
            known["user"] = users[entity.cid]
        if known["type"]:
            result.append(known)
    taken = [(entity.offset, entity.offset + entity.length) for entity in styled.entities]
    for kind, pattern in (("bot_command", _COMMAND), ("url", _URL)):
        for found in pattern.finditer(styled.text):
            start = units(styled.text[: found.start()])
            stop = start + units(found[0])
            if not any(a < stop and start < b for a, b in taken):
                taken.append((start, stop))
                result.append({"type": kind, "offset": start, "length": stop - start})
    return sorted(result, key=lambda entity: (entity["offset"], -entity["length"]))
