"""Messages of a conversation as Telegram's Message objects."""

from typing import Any

import msgspec
from msgspec import Struct

from roschat.kernel.bus import Bus
from roschat.kernel.errors import RoschatError
from roschat.modules.bots.telegram import bodies, buttons, styled
from roschat.modules.bots.telegram.bodies import Content
from roschat.modules.bots.telegram.params import Peer
from roschat.modules.bots.telegram.people import People, as_bot
from roschat.modules.server.messages.api import GetMessages, StoredMessage
from roschat.modules.survey.api import GetPoll, PollView
from roschat.types import NOBODY, ContactId, MessageId, PeerKind, Seconds
from roschat.wire.conversation import Forwarded, MessageView, Reaction, SystemBody

_views = msgspec.json.Decoder(list[MessageView])
_system = msgspec.json.Decoder(SystemBody)


class Letter(Struct, frozen=True):
    """A message as its bot sees it."""

    peer: Peer
    id: MessageId
    sender: ContactId
    data_type: str
    data: str
    time: Seconds
    reply_id: MessageId = MessageId(0)
    edited_time: Seconds = Seconds(0)
    forwarded: Forwarded | None = None
    reactions: list[Reaction] = []

    def reactions_of(self, cid: ContactId) -> list[str]:
        """The emoji that one contact put under it."""
        return [one.reaction for one in self.reactions if cid in one.cids]


def of_view(view: MessageView) -> Letter:
    """A message of history."""
    return Letter(
        Peer(PeerKind(view.cid_type), view.cid),
        view.id,
        view.sender_id,
        view.data_type,
        view.data,
        view.time,
        view.reply_id,
        view.edited_time,
        view.forwarded,
        view.reactions,
    )


def of_stored(message: StoredMessage, bot: ContactId) -> Letter:
    """A message that was just stored, as `bot` sees it: the conversation of two is called by the other one."""
    other = message.peer if message.cid_type == PeerKind.GROUP or message.sender == bot else message.sender
    return Letter(
        Peer(message.cid_type, other),
        message.id,
        message.sender,
        message.data_type,
        message.data,
        message.time,
        message.reply_id,
    )


def system_body(data: str) -> SystemBody | None:
    """What a system message says, or None."""
    try:
        return _system.decode(data)
    except msgspec.DecodeError:
        return None


class Objects:
    """Builds Message objects for bots."""

    def __init__(self, bus: Bus, people: People) -> None:
        self._bus = bus
        self._people = people

    async def find(self, bot: ContactId, peer: Peer, number: MessageId) -> Letter | None:
        """A message of a conversation that the bot may read, or None."""
        try:
            page = await self._bus.call(GetMessages(peer.cid, peer.kind, around=number, count=1), as_bot(bot))
        except RoschatError as error:
            if error.code in ("not-found", "access-denied"):
                return None
            raise
        for view in _views.decode(page.messages):
            if view.id == number and not view.deleted_time:
                return of_view(view)
        return None

    async def message(self, bot: ContactId, letter: Letter, *, reply: bool = True) -> dict[str, Any]:
        """A Message object, with the message it answers one level deep."""
        result: dict[str, Any] = {
            "message_id": letter.id,
            "date": letter.time,
            "chat": await self._people.chat(bot, letter.peer),
        }
        if letter.sender != NOBODY:
            result["from"] = await self._people.user(letter.sender)
        if letter.edited_time:
            result["edit_date"] = letter.edited_time
        if letter.forwarded is not None:
            author = await self._people.user(letter.forwarded.cid)
            result["forward_origin"] = {"type": "user", "date": letter.forwarded.time, "sender_user": author}
        if letter.reply_id and reply:
            answered = await self.find(bot, letter.peer, letter.reply_id)
            if answered is not None:
                result["reply_to_message"] = await self.message(bot, answered, reply=False)
        if letter.data_type == "system":
            return result | await self._system(letter)
        content = bodies.read(letter.data_type, letter.data)
        if content.keyboard:
            result["reply_markup"] = buttons.told(content.keyboard)
        return result | await self._content(bot, content)

    async def poll(self, view: PollView) -> dict[str, Any]:
        """A Poll object."""
        options = [
            {"persistent_id": str(number), "text": option.text, "voter_count": option.votes}
            for number, option in enumerate(view.options)
        ]
        return {
            "id": str(view.poll_id),
            "question": view.question,
            "options": options,
            "total_voter_count": view.voted,
            "is_closed": view.closed,
            "is_anonymous": view.anonymous,
            "type": "regular",
            "allows_multiple_answers": view.several,
            "allows_revoting": True,
            "members_only": False,
        }

    async def _content(self, bot: ContactId, content: Content) -> dict[str, Any]:
        match content.type:
            case "image" | "video" | "audio" | "file" if content.file:
                return bodies.media_fields(content) | await self._text(content, "caption")
            case "location":
                return {"location": {"latitude": content.latitude, "longitude": content.longitude}}
            case "contact":
                return {"contact": await self._contact(ContactId(content.cid))}
            case "poll" if content.poll_id:
                try:
                    return {"poll": await self.poll(await self._bus.call(GetPoll(content.poll_id), as_bot(bot)))}
                except RoschatError:
                    return {"text": content.question}
        return await self._text(content, "text")

    async def _text(self, content: Content, field: str) -> dict[str, Any]:
        text = content.styled if content.entities else styled.called(content.text)
        if not text.text:
            return {}
        users = {e.cid: await self._people.user(e.cid) for e in text.entities if e.type == "mention" and e.cid}
        entities = styled.told(text, users)
        name = "entities" if field == "text" else "caption_entities"
        return {field: text.text, name: entities} if entities else {field: text.text}

    async def _contact(self, cid: ContactId) -> dict[str, Any]:
        user, card = await self._people.user(cid), await self._people.card(cid)
        numbers = [field.value for field in card.fields if field.type == "number"] if card else []
        names: dict[str, Any] = {key: user[key] for key in ("first_name", "last_name") if key in user}
        return {"phone_number": numbers[0] if numbers else "", "user_id": cid, **names}

    async def _system(self, letter: Letter) -> dict[str, Any]:
        body = system_body(letter.data)
        if body is None:
            return {"text": letter.data}
        fields: dict[str, Any] = {}
        if body.cid:
            fields["from"] = await self._people.user(body.cid)
        members = [await self._people.user(cid) for cid in body.members]
        match body.what:
            case "group-created":
                return fields | {"group_chat_created": True}
            case "members-added" if members:
                return fields | {"new_chat_members": members}
            case "member-removed" if members:
                return fields | {"left_chat_member": members[0]}
            case "member-left" if body.cid:
                return fields | {"left_chat_member": fields["from"]}
            case "group-renamed" if body.name:
                return fields | {"new_chat_title": body.name}
        return fields | {"text": body.text}
