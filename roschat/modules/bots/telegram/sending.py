"""Methods that write messages: send…, forward…, copy…."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.errors import Denied, NotFound, TooMany
from roschat.modules.bots.api import SetBotKeyboard
from roschat.modules.bots.telegram import bodies, buttons, markup_html, markup_markdown, styled
from roschat.modules.bots.telegram.actor import Actor
from roschat.modules.bots.telegram.bodies import Content
from roschat.modules.bots.telegram.buttons import Markup, Rows
from roschat.modules.bots.telegram.media import Media
from roschat.modules.bots.telegram.objects import Letter, Objects
from roschat.modules.bots.telegram.params import Params, Peer
from roschat.modules.bots.telegram.people import People
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.styled import Styled
from roschat.modules.server.directory.api import ListContacts
from roschat.modules.server.files.api import FileInfo
from roschat.modules.server.messages.api import ForwardMessages, SendMessage
from roschat.modules.survey.api import CreatePoll
from roschat.types import ContactId, MessageId, Seconds
from roschat.wire.conversation import WritingBody

Files = dict[str, FileInfo]
Method = Callable[[Actor, Params, Files], Awaitable[Any]]

MAX_ALBUM = 10
ALBUM = ("photo", "video", "audio", "document", "animation")
ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip


def styled_text(params: Params, text: str, entities: str, mode: str = "parse_mode") -> Styled:
    """The text of a parameter with its styles: by `parse_mode`, else by a list of entities."""
    written = params.text(text, "")
    chosen = params.text(mode, "").lower()
    if chosen in ("", "none"):
        return styled.given(written, params.items(entities))
    parsers = {"html": markup_html.parse, "markdown": markup_markdown.parse_old, "markdownv2": markup_markdown.parse_v2}
    if chosen not in parsers:
        raise Refused("unsupported parse_mode")
    return parsers[chosen](written)


class Sending:
    """See the module docstring; `methods` are by their names in lower case."""

    def __init__(self, bus: Bus, clock: Clock, people: People, objects: Objects, media: Media) -> None:
        self._bus = bus
        self._clock = clock
        self._people = people
        self._objects = objects
        self._media = media

    def methods(self) -> dict[str, Method]:
        """What is served here."""
        served: dict[str, Method] = {
            "sendmessage": self.message,
            "sendmediagroup": self.album,
            "sendlocation": self.location,
            "sendvenue": self.location,
            "sendcontact": self.contact,
            "sendpoll": self.poll,
            "sendchataction": self.action,
            "forwardmessage": self.forward,
            "forwardmessages": self.forward_all,
            "copymessage": self.copy,
        }
        for kind in bodies.MEDIA:
            served["send" + kind.replace("_", "")] = self._sends(kind)
        return served

    async def message(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """Text."""
        markup = buttons.parse(params.mapping("reply_markup"))
        text = styled_text(params, "text", "entities")
        return await self._send(actor, params, bodies.text_body(text, markup.inline), markup)

    def _sends(self, kind: str) -> Method:
        async def send(actor: Actor, params: Params, files: Files) -> dict[str, Any]:
            params.chat()
            markup = buttons.parse(params.mapping("reply_markup"))
            value = params.text(kind, "")
            info = await self._media.find(actor.cid, value, files, kind)
            caption = styled_text(params, "caption", "caption_entities")
            return await self._send(
                actor, params, bodies.media_body(kind, info, caption, markup.inline, params), markup
            )

        return send

    async def album(self, actor: Actor, params: Params, files: Files) -> list[dict[str, Any]]:
        """Several media, one message each, in their order; all of them are checked before the first is sent."""
        items = params.items("media")
        if not 1 <= len(items) <= MAX_ALBUM:
            raise Refused(f"there must be 2 to {MAX_ALBUM} media in an album, not {len(items)}")
        contents = [await self.input_media(actor, item, files, ALBUM) for item in items]
        group = str(int(self._clock.now() * 1000))
        return [await self._send(actor, params, content, Markup()) | {"media_group_id": group} for content in contents]

    async def input_media(
        self, actor: Actor, item: Any, files: Files, kinds: tuple[str, ...], keyboard: Rows | None = None
    ) -> Content:
        """The body of an InputMedia object."""
        if not isinstance(item, dict) or item.get("type") not in kinds:
            raise Refused(f"can't parse InputMedia: the type must be one of {', '.join(kinds)}")
        inner = Params(item)
        info = await self._media.find(actor.cid, item.get("media"), files, "media")
        caption = styled_text(inner, "caption", "caption_entities")
        return bodies.media_body(item["type"], info, caption, keyboard or [], inner)

    async def location(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """A place; a venue's title and address are its text."""
        latitude, longitude = params.fraction("latitude"), params.fraction("longitude")
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise Refused("wrong latitude or longitude")
        words = ", ".join(params.text(name, "") for name in ("title", "address") if name in params)
        markup = buttons.parse(params.mapping("reply_markup"))
        content = Content("location", words, keyboard=markup.inline, latitude=latitude, longitude=longitude)
        return await self._send(actor, params, content, markup)

    async def contact(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """A contact: the card with this number when the directory has one, else its name and number as text."""
        number, first = params.text("phone_number"), params.text("first_name")
        markup = buttons.parse(params.mapping("reply_markup"))
        cid = await self._card_of(number)
        if cid:
            content = Content("contact", cid=cid, keyboard=markup.inline)
        else:
            name = f"{first} {params.text('last_name', '')}".strip()
            content = bodies.text_body(Styled(f"{name}\n{number}"), markup.inline)
        return await self._send(actor, params, content, markup)

    async def poll(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """A poll of module survey."""
        if params.text("type", "regular") != "regular":
            raise Refused("only regular polls are supported by this server")
        options: list[str] = []
        for item in params.items("options"):
            text = item.get("text") if isinstance(item, dict) else item
            if not isinstance(text, str):
                raise Refused("can't parse options: strings or objects with a text are expected")
            options.append(text)
        closes = params.number("close_date", 0)
        if "open_period" in params:
            closes = self._clock.seconds() + params.number("open_period")
        peer = params.chat()
        view = await self._bus.call(
            CreatePoll(
                peer.cid,
                params.text("question"),
                options,
                peer.kind,
                params.flag("allows_multiple_answers"),
                params.flag("is_anonymous", True),
                Seconds(closes),
            ),
            actor.caller,
        )
        return await self._told(actor, peer, view.message_id)

    async def action(self, actor: Actor, params: Params, _: Files) -> bool:
        """Somebody types; every action is shown as this one."""
        peer = params.chat()
        if params.text("action") not in ACTIONS:
            raise Refused("wrong parameter action in request")
        data = msgspec.json.encode(WritingBody()).decode()
        with suppress(TooMany):  # it is shown already
            await self._write(actor, peer, "unstored", data)
        return True

    async def forward(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """One message again, with where it came from."""
        peer = params.chat()
        [sent] = await self._forward(actor, peer, [params.message()])
        return await self._told(actor, peer, sent)

    async def forward_all(self, actor: Actor, params: Params, _: Files) -> list[dict[str, Any]]:
        """Several messages; answers their new ids."""
        ids = params.items("message_ids")
        if not ids or not all(isinstance(number, int) for number in ids):
            raise Refused("message identifiers are not specified")
        return [{"message_id": number} for number in await self._forward(actor, params.chat(), ids)]

    async def copy(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """The content of a message as one of the bot's own."""
        found = await self._objects.find(actor.cid, params.chat("from_chat_id"), params.message())
        if found is None or found.data_type == "system":
            raise Refused("message to copy not found")
        markup = buttons.parse(params.mapping("reply_markup"))
        content = bodies.read(found.data_type, found.data)
        if content.type == "poll":
            raise Refused("message can't be copied: it is a poll")
        if "caption" in params and content.file:
            caption = styled_text(params, "caption", "caption_entities")
            content = msgspec.structs.replace(content, text=caption.text, entities=caption.entities)
        content = msgspec.structs.replace(content, keyboard=markup.inline)
        return {"message_id": (await self._send(actor, params, content, markup))["message_id"]}

    async def _send(self, actor: Actor, params: Params, content: Content, markup: Markup) -> dict[str, Any]:
        peer = params.chat()
        data = bodies.write(content)
        letter = await self._write(actor, peer, "data", data, params)
        if markup.chat is not None:
            action = "show" if markup.chat else "hide"
            keyboard = SetBotKeyboard(peer.cid, peer.kind, keyboard=markup.chat, action=action)
            await self._bus.call(keyboard, actor.caller)
        return await self._objects.message(actor.cid, letter)

    async def _write(self, actor: Actor, peer: Peer, data_type: str, data: str, params: Params | None = None) -> Letter:
        reply, lenient = _reply(params) if params is not None else (MessageId(0), False)
        if reply and await self._objects.find(actor.cid, peer, reply) is None:
            if not lenient:
                raise Refused("message to be replied not found")
            reply = MessageId(0)
        try:
            sent = await self._bus.call(SendMessage(peer.cid, data, peer.kind, data_type, reply), actor.caller)
        except NotFound:
            raise Refused("chat not found") from None
        except Denied as error:
            raise Refused(f"bot can't write here: {error.text}", 403) from None
        return Letter(peer, sent.id, actor.cid, data_type, data, sent.time, reply)

    async def _forward(self, actor: Actor, peer: Peer, ids: list[MessageId]) -> list[MessageId]:
        try:
            sent = await self._bus.call(ForwardMessages(ids, peer.cid, peer.kind), actor.caller)
        except NotFound as error:
            raise Refused("message to forward not found" if "message" in error.text else "chat not found") from None
        return [one.id for one in sent]

    async def _told(self, actor: Actor, peer: Peer, number: MessageId) -> dict[str, Any]:
        letter = await self._objects.find(actor.cid, peer, number)
        if letter is None:
            raise Refused("the message was deleted at once")
        return await self._objects.message(actor.cid, letter)

    async def _card_of(self, number: str) -> ContactId:
        wanted = _digits(number)
        after = ContactId(0)
        while wanted:
            cards = await self._bus.call(ListContacts(after))
            for card in cards:
                if card.active and any(f.type == "number" and _digits(f.value) == wanted for f in card.fields):
                    return card.cid
            if not cards:
                break
            after = cards[-1].cid
        return ContactId(0)


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isascii() and char.isdigit())


def _reply(params: Params) -> tuple[MessageId, bool]:
    """The message that is answered, and whether to write even when it is not there."""
    found = params.mapping("reply_parameters")
    if found:
        inner = Params(found)
        return inner.message(), inner.flag("allow_sending_without_reply")
    if "reply_to_message_id" in params:
        return params.message("reply_to_message_id"), params.flag("allow_sending_without_reply")
    return MessageId(0), False
