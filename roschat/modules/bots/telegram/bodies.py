"""Bodies of messages, both ways: what a bot sends becomes `data`, what is stored becomes fields of a Message object.

The bodies of `wire.conversation` have no place for a caption's styles, for buttons under media, and for what makes a
sticker or an animation of a picture or film. They are kept beside the known fields: clients pass over what they do not
know, and the bot reads back what it wrote.
"""

import mimetypes
from typing import Any

import msgspec
from msgspec import Struct

from roschat.modules.bots.telegram.buttons import Rows
from roschat.modules.bots.telegram.media import file_id, unique_id
from roschat.modules.bots.telegram.params import Params
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.styled import Styled, units
from roschat.modules.server.files.api import FileInfo
from roschat.wire.conversation import Entity

MAX_TEXT = 4096
MAX_CAPTION = 1024
MEDIA = ("photo", "document", "video", "audio", "voice", "animation", "sticker", "video_note")


class Content(Struct, frozen=True, rename="camel", omit_defaults=True):
    """Any body: the fields of all of them, and `sticker`, `animation` of ours. Unknown fields are passed over."""

    type: str = "text"
    text: str = ""
    entities: list[Entity] = []
    keyboard: Rows = []
    file: str = ""
    preview_file: str = ""
    name: str = ""
    extension: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    duration: float = 0
    voice: bool = False
    cid: int = 0
    latitude: float = 0
    longitude: float = 0
    poll_id: int = 0
    question: str = ""
    sticker: bool = False
    animation: bool = False

    @property
    def styled(self) -> Styled:
        """Text or caption."""
        return Styled(self.text, self.entities)


_decoder = msgspec.json.Decoder(Content, strict=False)
_encode = msgspec.json.Encoder().encode


def read(data_type: str, data: str) -> Content:
    """What is stored; a body that cannot be read is shown as the text it is."""
    if data_type == "text":
        return Content("text", data)
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError:
        return Content("text", data)


def write(content: Content) -> str:
    """As it is stored; every text is kept as `data`, so that it can get styles and buttons when it is edited."""
    fields = msgspec.to_builtins(content)
    fields["type"] = content.type
    if content.type == "location":
        fields |= {"latitude": content.latitude, "longitude": content.longitude}
    if content.type == "contact":
        fields["cid"] = content.cid
    return _encode(fields).decode()


def text_body(styled: Styled, keyboard: Rows) -> Content:
    """A text message. Raises Refused when it is empty or too long."""
    if not styled.text:
        raise Refused("message text is empty")
    if units(styled.text) > MAX_TEXT:
        raise Refused("message is too long")
    return Content("text", styled.text, styled.entities, keyboard)


def media_body(kind: str, info: FileInfo, caption: Styled, keyboard: Rows, params: Params) -> Content:
    """A file as a photo, document, video …; what the content is not becomes a document, as in Telegram."""
    if units(caption.text) > MAX_CAPTION:
        raise Refused("message caption is too long")
    kind = "video" if kind == "video_note" else kind
    general = info.content_type.partition("/")[0]
    content = Content(
        "file",
        caption.text,
        caption.entities,
        keyboard,
        info.file,
        info.preview_file,
        info.name,
        info.name.rpartition(".")[2].lower() if "." in info.name else "",
        info.size,
    )
    replace = msgspec.structs.replace
    width, height = info.width, info.height
    if kind in ("photo", "sticker"):
        if not width:
            raise Refused("IMAGE_PROCESS_FAILED" if kind == "photo" else "wrong file type: a sticker is a picture")
        return replace(content, type="image", width=width, height=height, sticker=kind == "sticker")
    if kind == "animation" and general == "image" and width:
        return replace(content, type="image", width=width, height=height, animation=True)
    if kind in ("video", "animation") and general == "video":
        return replace(
            content,
            type="video",
            width=params.number("width", 0),
            height=params.number("height", 0),
            duration=params.number("duration", 0),
            animation=kind == "animation",
        )
    if kind in ("audio", "voice") and general in ("audio", "video"):
        content = replace(content, type="audio", duration=params.number("duration", 0), voice=kind == "voice")
        return replace(content, preview_file="")
    return replace(content, preview_file="")


def media_fields(content: Content) -> dict[str, Any]:
    """The fields of a Message object that a stored file becomes; caption aside."""
    file: dict[str, Any] = _file(content.file, content.size)
    mime = mimetypes.guess_type(content.name)[0] or "application/octet-stream"
    named = {"file_name": content.name or content.file, "mime_type": mime}
    size = {"width": content.width, "height": content.height}
    if content.type == "image" and content.sticker:
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        return {"sticker": file | size | kind}
    if content.type == "image" and not content.animation:
        return {"photo": photo_sizes(content.file, content.preview_file, content.width, content.height, content.size)}
    length = {"duration": round(content.duration)}
    if content.animation:
        return {"animation": file | size | length | named, "document": file | named}
    if content.type == "video":
        return {"video": file | size | length | named}
    if content.type == "audio":
        return {"voice": file | length | {"mime_type": mime}} if content.voice else {"audio": file | length | named}
    return {"document": file | named}


def photo_sizes(file: str, preview: str, width: int, height: int, size: int = 0) -> list[dict[str, Any]]:
    """PhotoSize objects, the smaller copy first."""
    sizes = []
    if preview and width and height:
        scale = min(1.0, 640 / max(width, height))
        sizes.append(_file(preview, 0) | {"width": round(width * scale), "height": round(height * scale)})
    return [*sizes, _file(file, size) | {"width": width, "height": height}]


def _file(name: str, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"file_id": file_id(name), "file_unique_id": unique_id(name)}
    return found | {"file_size": size} if size else found
