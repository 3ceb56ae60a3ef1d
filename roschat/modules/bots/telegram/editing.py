"""Methods that change what the bot wrote, and what it does with messages of others: delete, pin, react."""

from typing import Any

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.errors import Denied, NotFound
from roschat.modules.bots.telegram import bodies, buttons
from roschat.modules.bots.telegram.actor import Actor
from roschat.modules.bots.telegram.bodies import Content
from roschat.modules.bots.telegram.objects import Letter, Objects
from roschat.modules.bots.telegram.params import Params, Peer
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.sending import ALBUM, Files, Method, Sending, styled_text
from roschat.modules.server.chats.api import PinMessage
from roschat.modules.server.messages.api import DeleteMessage, EditMessage, SetReaction
from roschat.modules.survey.api import ClosePoll, GetPoll
from roschat.types import MessageId

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


class Editing:
    """See the module docstring."""

    def __init__(self, bus: Bus, clock: Clock, objects: Objects, sending: Sending) -> None:
        self._bus = bus
        self._clock = clock
        self._objects = objects
        self._sending = sending

    def methods(self) -> dict[str, Method]:
        """What is served here."""
        return {
            "editmessagetext": self.text,
            "editmessagecaption": self.caption,
            "editmessagemedia": self.media,
            "editmessagereplymarkup": self.markup,
            "deletemessage": self.delete,
            "deletemessages": self.delete_all,
            "pinchatmessage": self.pin,
            "unpinchatmessage": self.unpin,
            "unpinallchatmessages": self.unpin,
            "setmessagereaction": self.react,
            "stoppoll": self.stop_poll,
        }

    async def text(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """Another text; buttons that are not given again go."""
        letter, content = await self._own(actor, params)
        if content.type != "text":
            raise Refused("there is no text in the message to edit")
        text = styled_text(params, "text", "entities")
        return await self._change(actor, letter, content, bodies.text_body(text, _inline(params)))

    async def caption(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """Another caption under media."""
        letter, content = await self._own(actor, params)
        if not content.file:
            raise Refused("there is no caption in the message to edit")
        caption = styled_text(params, "caption", "caption_entities")
        new = msgspec.structs.replace(content, text=caption.text, entities=caption.entities, keyboard=_inline(params))
        return await self._change(actor, letter, content, new)

    async def media(self, actor: Actor, params: Params, files: Files) -> dict[str, Any]:
        """Another file, in place of media or of a text."""
        letter, content = await self._own(actor, params)
        new = await self._sending.input_media(actor, params.mapping("media"), files, ALBUM, _inline(params))
        return await self._change(actor, letter, content, new)

    async def markup(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """Other buttons, or none."""
        letter, content = await self._own(actor, params)
        new = msgspec.structs.replace(content, keyboard=_inline(params))
        return await self._change(actor, letter, content, new)

    async def delete(self, actor: Actor, params: Params, _: Files) -> bool:
        """For all."""
        peer, number = params.chat(), params.message()
        if await self._objects.find(actor.cid, peer, number) is None:
            raise Refused("message to delete not found")
        return await self._delete(actor, number)

    async def delete_all(self, actor: Actor, params: Params, _: Files) -> bool:
        """Several; those that are not there are passed over."""
        peer = params.chat()
        ids = params.items("message_ids")
        if not 1 <= len(ids) <= 100 or not all(isinstance(number, int) for number in ids):
            raise Refused("message identifiers are not specified, or more than 100")
        for number in ids:
            if await self._objects.find(actor.cid, peer, MessageId(number)) is not None:
                await self._delete(actor, MessageId(number))
        return True

    async def pin(self, actor: Actor, params: Params, _: Files) -> bool:
        """Pin for everybody."""
        peer = params.chat()
        try:
            await self._bus.call(PinMessage(peer.cid, params.message(), peer.kind), actor.caller)
        except NotFound:
            raise Refused("message to pin not found") from None
        except Denied:
            raise Refused("not enough rights to manage pinned messages in the chat") from None
        return True

    async def unpin(self, actor: Actor, params: Params, _: Files) -> bool:
        """Take the pin away; a conversation has one."""
        peer = params.chat()
        await self._bus.call(PinMessage(peer.cid, MessageId(0), peer.kind), actor.caller)
        return True

    async def react(self, actor: Actor, params: Params, _: Files) -> bool:
        """One emoji under a message, or none."""
        number = params.message()
        wanted = [item.get("emoji", "") for item in params.items("reaction") if isinstance(item, dict)]
        if len(wanted) > 1 or not all(isinstance(emoji, str) and emoji for emoji in wanted):
            raise Refused("REACTION_INVALID: one emoji is allowed")
        letter = await self._objects.find(actor.cid, params.chat(), number)
        if letter is None:
            raise Refused("message to react not found")
        for emoji in letter.reactions_of(actor.cid):
            if emoji not in wanted:
                await self._bus.call(SetReaction(number, emoji, False), actor.caller)
        for emoji in wanted:
            await self._bus.call(SetReaction(number, emoji), actor.caller)
        return True

    async def stop_poll(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """No more answers; the poll as it ended."""
        _letter, content = await self._own(actor, params)
        if not content.poll_id:
            raise Refused("message with poll to stop not found")
        await self._bus.call(ClosePoll(content.poll_id), actor.caller)
        return await self._objects.poll(await self._bus.call(GetPoll(content.poll_id), actor.caller))

    async def _own(self, actor: Actor, params: Params) -> tuple[Letter, Content]:
        if "inline_message_id" in params:
            raise Refused("inline messages are not supported by this server; give chat_id and message_id")
        peer: Peer = params.chat()
        letter = await self._objects.find(actor.cid, peer, params.message())
        if letter is None:
            raise Refused("message to edit not found")
        if letter.sender != actor.cid or letter.data_type == "system":
            raise Refused("message can't be edited")
        return letter, bodies.read(letter.data_type, letter.data)

    async def _change(self, actor: Actor, letter: Letter, old: Content, new: Content) -> dict[str, Any]:
        if new == old:
            raise Refused(SAME)
        data = bodies.write(new)
        if letter.data_type == "text":
            if new.type != "text" or new.entities or new.keyboard:
                raise Refused("message can't be edited: it was sent as plain text, without styles and buttons")
            data = new.text
        await self._bus.call(EditMessage(letter.id, data), actor.caller)
        changed = msgspec.structs.replace(letter, data=data, edited_time=self._clock.seconds())
        return await self._objects.message(actor.cid, changed)

    async def _delete(self, actor: Actor, number: MessageId) -> bool:
        try:
            await self._bus.call(DeleteMessage(number), actor.caller)
        except Denied:
            raise Refused("message can't be deleted") from None
        return True


def _inline(params: Params) -> buttons.Rows:
    markup = buttons.parse(params.mapping("reply_markup"))
    if markup.chat is not None:
        raise Refused("inline keyboard expected")
    return markup.inline
