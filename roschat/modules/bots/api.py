"""The public bot protocol, the keyboards people see, and what developers do with their bots.

Names, fields and error strings are RosChat's (wiki pages roschat-bot-api-*). A request is valid with and without an ack
and with an absent payload; every ack is exactly one object or array.
"""

import msgspec

from roschat.types import ContactId, FileName, MessageId, PeerKind, Revision, Seconds
from roschat.wire.conversation import Button
from roschat.wire.declare import ADMIN, ANYONE, BOT, DEVELOPER, INTERNAL, PERSON, command, event
from roschat.wire.message import ClientEvent, Command, Empty, Event, Grant, Message
from roschat.wire.rest import rest

Keyboard = list[list[Button]]


@command("start-bot", access=ANYONE)
class StartBot(Command[Grant[Empty]], frozen=True):
    """Sign a bot in; errors `not-found` (no such name), `bad-token`, `unknown`. A bot may hold several sockets."""

    token: str = ""
    name: str = ""


class BotSent(Message, frozen=True):
    """The id of a stored message; its absence means failure."""

    id: MessageId


@command("send-bot-message", access=BOT)
class SendBotMessage(Command[BotSent], frozen=True):
    """Write into a conversation of two with the bot, or a group it is in; a `keyboard` becomes the chat keyboard.

    Unknown fields are ignored.
    """

    cid: int
    data: str
    cid_type: PeerKind = PeerKind.USER
    data_type: str = "text"
    reply_id: MessageId = MessageId(0)
    keyboard: Keyboard | None = None
    action: str = "none"
    key: str = ""


@command("bot-message-received", access=BOT, bare="id")
class BotMessageReceived(Command[Empty], frozen=True):
    """Delivery mark."""

    id: MessageId


@command("bot-message-watched", access=BOT, bare="id")
class BotMessageWatched(Command[Empty], frozen=True):
    """Read mark."""

    id: MessageId


@command("delete-bot-message", access=BOT, bare="id")
class DeleteBotMessage(Command[Empty], frozen=True):
    """Delete one of the bot's own messages for all."""

    id: MessageId


class BotMessage(Message, frozen=True):
    """A message in a bot's history. Optional fields are absent, never null."""

    cid: int
    id: MessageId
    data_type: str
    data: str
    time: Seconds
    cid_type: PeerKind = PeerKind.USER
    sender_id: ContactId = ContactId(0)
    reply_id: MessageId = MessageId(0)
    received_time: Seconds = Seconds(0)
    watched_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)


@command("get-bot-messages", access=BOT)
class GetBotMessages(Command[list[BotMessage]], frozen=True):
    """History, newest first, deleted ones left out; 0 = no bound, `count` 0 = a page."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    begin_id: MessageId = MessageId(0)
    end_id: MessageId = MessageId(0)
    count: int = 0


@command("get-bot-message", access=BOT, bare="id")
class GetBotMessage(Command[BotMessage], frozen=True):
    """One message."""

    id: MessageId
    cid: int = 0
    cid_type: PeerKind = PeerKind.USER


class BotMessageDetails(Message, frozen=True):
    """What one member has done with a message."""

    cid: ContactId
    received_time: Seconds = Seconds(0)
    watched_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)


@command("get-bot-message-details", access=BOT, bare="id")
class GetBotMessageDetails(Command[list[BotMessageDetails]], frozen=True):
    """An entry per member."""

    id: MessageId
    cid: int = 0
    cid_type: PeerKind = PeerKind.USER


class BotMessageChange(Message, frozen=True):
    """The state of a message at revision `rev`."""

    id: MessageId
    rev: Revision
    received_time: Seconds = Seconds(0)
    watched_time: Seconds = Seconds(0)
    deleted_time: Seconds = Seconds(0)


@command("get-bot-messages-changes", access=BOT)
class GetBotMessagesChanges(Command[list[BotMessageChange]], frozen=True):
    """State changes after a revision in one conversation."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    min_rev: Revision = Revision(0)
    end_id: MessageId = MessageId(0)


class BotRevision(Message, frozen=True, omit_defaults=False):
    """The newest revision."""

    rev: Revision


@command("get-bot-messages-last-revision", access=BOT)
class GetBotMessagesLastRevision(Command[BotRevision], frozen=True):
    """Payload null or {}."""


@command("get-bot-unwatched-messages", access=BOT, bare="ids")
class GetBotUnwatchedMessages(Command[list[BotMessage]], frozen=True):
    """Those of the own messages in `ids` watched or deleted by now, and messages to the bot that it has not watched."""

    ids: list[MessageId] = []


class BotChatChange(Message, frozen=True):
    """A conversation that changed."""

    cid: int
    rev: Revision
    cid_type: PeerKind = PeerKind.USER
    last_id: MessageId = MessageId(0)
    unwatched: int = 0


@command("get-bot-chats-changes", access=BOT, bare="minRev")
class GetBotChatsChanges(Command[list[BotChatChange]], frozen=True):
    """Conversations of the bot that changed after `minRev`."""

    min_rev: Revision = Revision(0)


@command("get-bot-chats-last-revision", access=BOT)
class GetBotChatsLastRevision(Command[BotRevision], frozen=True):
    """Payload null or {}."""


@command("set-bot-keyboard", access=BOT)
class SetBotKeyboard(Command[Empty], frozen=True):
    """The keyboard under a conversation; `userId` narrows it to one member of a group. action none, show or hide."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    user_id: ContactId = ContactId(0)
    keyboard: Keyboard = []
    action: str = "none"


@command("bot-get-acs-info", access=BOT, bare="cid")
class BotGetAcsInfo(Command[msgspec.Raw], frozen=True):
    """{locations, journal} of a contact from access control, false when there is none."""

    cid: ContactId


@event("bot-message-event")
class BotMessageEvent(ClientEvent, frozen=True):
    """A message to the bot; `senderId` is absent for system messages."""

    cid: int
    id: MessageId
    data_type: str
    data: str
    cid_type: PeerKind = PeerKind.USER
    sender_id: ContactId = ContactId(0)
    reply_id: MessageId = MessageId(0)
    time: Seconds = Seconds(0)


@event("bot-message-change-event")
class BotMessageChangeEvent(ClientEvent, frozen=True):
    """A message in a conversation of the bot was edited (`data`) or deleted (`deletedTime`)."""

    cid: int
    id: MessageId
    cid_type: PeerKind = PeerKind.USER
    data_type: str = ""
    data: str = ""
    deleted_time: Seconds = Seconds(0)


@event("bot-button-event")
class BotButtonEvent(ClientEvent, frozen=True):
    """A person pressed a button. `senderId` only in groups; `replyId` is the message with the inline keyboard."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    sender_id: ContactId = ContactId(0)
    reply_id: MessageId = MessageId(0)
    callback_data: str = ""


@event("delete-bot-conversation-event")
class DeleteBotConversationEvent(ClientEvent, frozen=True):
    """The person deleted the conversation with the bot."""

    cid: int
    cid_type: PeerKind = PeerKind.USER


# What people do with bots


@command("bot-button", access=PERSON)
class PressBotButton(Command[Empty], frozen=True):
    """Press a button of a chat keyboard, or of message `messageId` (inline). Only a button that is really there."""

    cid: int
    callback_data: str
    cid_type: PeerKind = PeerKind.USER
    message_id: MessageId = MessageId(0)


class KeyboardView(Message, frozen=True):
    """The chat keyboard a person sees under a conversation; empty = none. `cid` may be a bot or a group."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    keyboard: Keyboard = []
    action: str = "none"


@command("get-bot-keyboard", access=PERSON)
class GetBotKeyboard(Command[KeyboardView], frozen=True):
    """The chat keyboard of a conversation now."""

    cid: int
    cid_type: PeerKind = PeerKind.USER


@event("bot-button-pressed")
class BotButtonPressed(Event, frozen=True):
    """For other features: `person` pressed a button of `bot`; `messageId` 0 = of the conversation's keyboard."""

    bot: ContactId
    person: ContactId
    cid: int
    """The conversation as the bot sees it."""
    cid_type: PeerKind = PeerKind.USER
    message_id: MessageId = MessageId(0)
    callback_data: str = ""


@event("bot-notice-event")
class BotNoticeEvent(ClientEvent, frozen=True):
    """A bot's answer to a press: a short notice to the person who pressed, shown for a moment and kept nowhere.

    With `alert` it is a window that has to be closed; with `url` an address is to be opened.
    """

    cid: ContactId
    """The bot."""
    text: str = ""
    alert: bool = False
    url: str = ""


@event("bot-keyboard-event")
class BotKeyboardEvent(ClientEvent, frozen=True):
    """The chat keyboard of a conversation is now like this."""

    cid: int
    cid_type: PeerKind = PeerKind.USER
    keyboard: Keyboard = []
    action: str = "none"


# Developers and administrators


class BotView(Message, frozen=True):
    """A bot as its developer sees it. The token is told only when it is made."""

    cid: ContactId
    name: str
    title: str
    description: str = ""
    greeting: str = ""
    commands: list[str] = []
    icon: FileName = FileName("")
    token: str = ""
    online: int = 0
    """Live sockets of the bot."""


@command("add-bot", access=DEVELOPER | INTERNAL)
class AddBot(Command[BotView], frozen=True):
    """Make a bot; the reply holds the token.

    `name` is Latin (letters, digits, _ . -) and unique, else `name-taken`; `title` is shown to people.
    """

    name: str
    title: str
    description: str = ""
    greeting: str = ""
    commands: list[str] = []
    icon: FileName = FileName("")


@command("change-bot", access=DEVELOPER | INTERNAL)
class ChangeBot(Command[BotView], frozen=True):
    """Change what is given."""

    cid: ContactId
    name: str | None = None
    title: str | None = None
    description: str | None = None
    greeting: str | None = None
    commands: list[str] | None = None
    icon: FileName | None = None


@rest("DELETE", "/bots/{cid}", tag="developers")
@command("delete-bot", access=DEVELOPER | ADMIN)
class DeleteBot(Command[Empty], frozen=True):
    """Delete a bot: its sockets close, its conversations stay readable."""

    cid: ContactId


@rest("POST", "/bots/{cid}/token", tag="developers")
@command("renew-bot-token", access=DEVELOPER | ADMIN)
class RenewBotToken(Command[BotView], frozen=True):
    """A new token; the old one dies at once and sockets that used it close."""

    cid: ContactId


@command("list-bots", access=DEVELOPER | INTERNAL)
class ListBots(Command[list[BotView]], frozen=True):
    """The developer's own bots; all of them for the server itself."""


class DeveloperAdded(Message, frozen=True):
    """The id of a developer account."""

    id: int


@command("add-developer", access=INTERNAL)
class AddDeveloper(Command[DeveloperAdded], frozen=True):
    """Make an account for the developers' panel, or replace its password."""

    login: str
    password: str
    name: str = ""


@event("bots-changed")
class BotsChanged(Event, frozen=True):
    """A bot was made, changed or deleted; what is remembered of bots is stale."""
