"""What may stand in `data`: checked when a message is written, so that readers need not.

Text is kept as it was typed. For `data` the JSON document must be an object with a `type`; a type we know must have its
fields, another is passed on untouched. Addresses behind buttons and links lead out of the client, never into it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from roschat.kernel.errors import Invalid, TooLarge
from roschat.modules.server.messages.api import MAX_TEXT
from roschat.types import ContactId, FileName
from roschat.wire.conversation import (
    AudioBody,
    Body,
    Button,
    Captioned,
    ChannelBody,
    ContactBody,
    Entity,
    FileBody,
    ImageBody,
    LocationBody,
    PollBody,
    PublicationBody,
    SystemBody,
    TextBody,
    VideoBody,
    WritingBody,
)

MAX_MENTIONS = 100
"""People one message can call by name; those beyond are not told."""
MAX_BUTTONS = 100
BODIES: tuple[type[Body], ...] = (
    TextBody, ContactBody, ImageBody, VideoBody, AudioBody, FileBody, LocationBody, PollBody, ChannelBody,
    PublicationBody, WritingBody,
)  # fmt: skip
ENTITIES = frozenset({"bold", "italic", "underline", "strike", "code", "pre", "link", "mention"})

_MENTION = re.compile(r"@\[(\d{1,18}):[^\]\n]{1,200}\]")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|sip:)", re.IGNORECASE)


class _Typed(msgspec.Struct, frozen=True):
    type: str


_typed = msgspec.json.Decoder(_Typed)
_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    str(body.__struct_config__.tag): msgspec.json.Decoder(body, strict=False) for body in BODIES
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the server must know of a body beside its text."""

    files: list[FileName]
    mentions: list[ContactId]


PLAIN = Checked([], [])


def check(data_type: str, data: str) -> Checked:
    """Whether a person or bot may write this; raises Invalid or TooLarge."""
    if len(data) > MAX_TEXT:
        raise TooLarge(f"A message of {len(data)} characters is too long; at most {MAX_TEXT} fit, send a file instead.")
    if "\0" in data:
        raise Invalid("A message cannot hold the character U+0000; remove it.")
    if data_type == "text":
        if not data or data.isspace():
            raise Invalid("A text message must hold more than blanks.")
        return Checked([], list(_called(data))) if "@[" in data else PLAIN
    if data_type in ("data", "unstored"):
        return _check_body(data_type, data)
    if data_type == "system":
        raise Invalid("dataType 'system' is the server's own; use text, data or unstored.")
    raise Invalid(f"dataType {data_type[:40]!r} is unknown; use text, data or unstored.")


def _check_body(data_type: str, data: str) -> Checked:
    try:
        kind = _typed.decode(data).type
        if kind == SystemBody.__struct_config__.tag:
            raise Invalid("A body of type 'system' is the server's own.")
        decoder = _decoders.get(kind)
        if decoder is None:
            return PLAIN
        body: Body = decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise Invalid(
            f"`data` of dataType {data_type!r} must be a JSON object with a type and its fields: {error}."
        ) from error
    text = getattr(body, "text", "")
    mentions = list(_called(text)) if "@[" in text else []
    if isinstance(body, TextBody) and (not text or text.isspace()):
        raise Invalid("A text message must hold more than blanks.")
    if isinstance(body, TextBody | Captioned):
        mentions += _check_entities(text, body.entities)
        _check_keyboard(body.keyboard)
    files = [FileName(name) for name in (getattr(body, "file", ""), getattr(body, "preview_file", "")) if name]
    if hasattr(body, "file") and not body.file:
        raise Invalid(f"`file` of a body of type {kind!r} is empty; upload the file first and name it here.")
    if isinstance(body, LocationBody) and not (-90 <= body.latitude <= 90 and -180 <= body.longitude <= 180):
        raise Invalid(f"There is no place at latitude {body.latitude}, longitude {body.longitude}.")
    return Checked(files, mentions[:MAX_MENTIONS])


def _called(text: str) -> Iterator[ContactId]:
    for found in list(_MENTION.finditer(text))[:MAX_MENTIONS]:
        yield ContactId(int(found[1]))


def _check_entities(text: str, entities: list[Entity]) -> list[ContactId]:
    if not entities:
        return []
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    for entity in entities:
        if entity.type not in ENTITIES:
            raise Invalid(
                f"An entity of type {entity.type[:40]!r} is unknown; use one of {', '.join(sorted(ENTITIES))}."
            )
        if entity.offset < 0 or entity.length < 1 or entity.offset + entity.length > units:
            raise Invalid(f"Entity {entity.offset}+{entity.length} lies outside of the text of {units} UTF-16 units.")
        if entity.type == "link" and not _ADDRESS.match(entity.url):
            raise Invalid(f"Link {entity.url[:80]!r} must begin with https://, http://, mailto:, tel: or sip:.")
    return [entity.cid for entity in entities if entity.type == "mention" and entity.cid]


def _check_keyboard(keyboard: list[list[Button]]) -> None:
    if sum(len(row) for row in keyboard) > MAX_BUTTONS:
        raise TooLarge(f"A keyboard of more than {MAX_BUTTONS} buttons is too large.")
    for row in keyboard:
        for button in row:
            if button.link and not _ADDRESS.match(button.link):
                raise Invalid(
                    f"Link {button.link[:80]!r} of a button must begin with https://, http://, mailto:, tel: or sip:."
                )
