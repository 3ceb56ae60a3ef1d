"""The bots there are: made, changed and deleted by developers, signed in by token.

All bots are kept in memory, so that the feed and sign-ins ask no database; changes by another process arrive as
`BotsChanged`. A token is 32 random bytes as 64 hex digits, told once and stored as its SHA-256.
"""

import hashlib
import hmac
import secrets
from collections import Counter

import psycopg
from msgspec.structs import replace

from roschat.kernel import audit
from roschat.kernel.bus import Bus
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Invalid, NotFound, NotSignedIn, RoschatError
from roschat.modules.bots import rules, store
from roschat.modules.bots.api import (
    AddBot,
    BotsChanged,
    BotView,
    ChangeBot,
    DeleteBot,
    ListBots,
    RenewBotToken,
    StartBot,
)
from roschat.modules.bots.store import Bot
from roschat.modules.server.accounts.api import SetAccountActive
from roschat.modules.server.directory.api import AddContact, CardField, ChangeContact
from roschat.modules.server.files.api import AuthenticateBot
from roschat.types import NOBODY, ContactId, FileName, Role
from roschat.wire.message import Caller, Empty, Grant
from roschat.wire.process import EventsMissed
from roschat.wire.session import SessionClosed, SessionOpened, SessionsEnded


class BadToken(RoschatError):
    """The token is not that of the bot. The socket is closed after the answer: some SDKs take any ack for success."""

    code = "bad-token"
    hang_up = True


class BotDisabled(BadToken):
    """An administrator has shut the bot out; it looks like a dead token, which every SDK understands."""


class UnknownBot(NotFound):
    """No bot has this name."""

    hang_up = True


class NameTaken(Invalid):
    """Another bot has this name."""

    code = "name-taken"


class Registry:
    """See the module docstring. `start` loads the bots."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus
        self.bots: dict[ContactId, Bot] = {}
        self._by_name: dict[str, Bot] = {}
        self.online: Counter[ContactId] = Counter()

    async def start(self) -> None:
        """Load, and serve developers and bots."""
        await self.load()
        self._bus.subscribe(BotsChanged, self._changed)
        self._bus.subscribe(EventsMissed, self._missed)
        self._bus.subscribe(SessionOpened, self._opened)
        self._bus.subscribe(SessionClosed, self._closed)
        self._bus.serve(StartBot, self.start_bot)
        self._bus.serve(AuthenticateBot, self.authenticate)
        self._bus.serve(AddBot, self.add)
        self._bus.serve(ChangeBot, self.change)
        self._bus.serve(RenewBotToken, self.renew_token)
        self._bus.serve(DeleteBot, self.delete)
        self._bus.serve(ListBots, self.list)

    async def load(self) -> None:
        """Read all bots anew."""
        async with self._db.reading() as tx:
            bots = await store.all_bots(tx)
        self.bots = {bot.cid: bot for bot in bots}
        self._by_name = {bot.name.lower(): bot for bot in bots}

    async def start_bot(self, request: StartBot, caller: Caller) -> Grant[Empty]:
        """Sign a bot in. Several sockets of one bot are welcome, all of them hear everything."""
        if caller.role not in (Role.NOBODY, Role.BOT):
            raise Invalid("This socket is signed in already as a person; open another one for the bot.")
        bot = self._by_name.get(request.name.strip().lower())
        given = _hash(request.token)
        right = hmac.compare_digest(given, bot.token_hash if bot else b"\0" * 32)
        if bot is None:
            raise UnknownBot(f"There is no bot named {request.name[:64]!r}; see the name on the developers' page.")
        if not right:
            raise BadToken(f"The token is not the one of bot {bot.name!r}; see the developers' page for the newest.")
        if bot.disabled:
            raise BotDisabled(f"The bot {bot.name!r} is disabled by the administrator of the server; ask him.")
        return Grant(replace(caller, role=Role.BOT, cid=bot.cid, client="bot"), Empty())

    async def authenticate(self, request: AuthenticateBot, caller: Caller) -> ContactId:
        """Whose token this is."""
        given = _hash(request.token)
        for bot in self.bots.values():
            if hmac.compare_digest(given, bot.token_hash) and not bot.disabled:
                return bot.cid
        raise NotSignedIn("The bot token is nobody's; see the developers' page for the newest.")

    async def add(self, request: AddBot, caller: Caller) -> BotView:
        """Make a bot with its card."""
        name = rules.check_name(request.name)
        if name.lower() in self._by_name:
            raise NameTaken(f"The bot name {name!r} is taken; choose another.")
        title = rules.check_title(request.title)
        description = rules.check_text("description", request.description)
        greeting = rules.check_text("greeting", request.greeting)
        commands = rules.check_commands(request.commands)
        card = [CardField("surname", title), CardField("name", name)]
        added = await self._bus.call(AddContact(card, "bot", title, description, commands, request.icon))
        token = secrets.token_hex(32)
        owner = int(caller.cid) if caller.role is Role.DEVELOPER else 0
        bot = Bot(added.cid, owner, name, title, description, greeting, commands, request.icon, _hash(token))
        try:
            await self._save(bot)
        except RoschatError:
            # Somebody was quicker with the name: nobody shall find a card without a bot behind it.
            await self._bus.call(SetAccountActive(bot.cid, False))
            raise
        return self._view(bot, token)

    async def change(self, request: ChangeBot, caller: Caller) -> BotView:
        """Change what is given, on the card too."""
        bot = self._own(request.cid, caller)
        if request.name is not None:
            name = rules.check_name(request.name)
            other = self._by_name.get(name.lower())
            if other is not None and other.cid != bot.cid:
                raise NameTaken(f"The bot name {name!r} is taken; choose another.")
            bot = replace(bot, name=name)
        if request.title is not None:
            bot = replace(bot, title=rules.check_title(request.title))
        if request.description is not None:
            bot = replace(bot, description=rules.check_text("description", request.description))
        if request.greeting is not None:
            bot = replace(bot, greeting=rules.check_text("greeting", request.greeting))
        if request.commands is not None:
            bot = replace(bot, commands=rules.check_commands(request.commands))
        if request.icon is not None:
            bot = replace(bot, icon=request.icon)
        card = [CardField("surname", bot.title), CardField("name", bot.name)]
        await self._bus.call(ChangeContact(bot.cid, card, bot.title, bot.description, bot.commands, bot.icon))
        await self._save(bot)
        return self._view(bot)

    async def renew_token(self, request: RenewBotToken, caller: Caller) -> BotView:
        """A new token; sockets of the old one close."""
        bot = self._own(request.cid, caller)
        token = secrets.token_hex(32)
        await self._save(replace(bot, token_hash=_hash(token)), caller, "renew-bot-token")
        self._bus.publish(SessionsEnded(bot.cid, reason="the token was renewed"))
        return self._view(self.bots[bot.cid], token)

    async def delete(self, request: DeleteBot, caller: Caller) -> Empty:
        """Take a bot away; its card stays, deactivated, so that its past keeps a name."""
        bot = self._own(request.cid, caller)
        async with self._db.transaction() as tx:
            await store.delete_bot(tx, bot.cid)
            await self._record(tx, caller, "delete-bot", bot)
            tx.emit(BotsChanged())
        await self.load()
        await self._bus.call(SetAccountActive(bot.cid, False))
        self._bus.publish(SessionsEnded(bot.cid, reason="the bot was deleted"))
        return Empty()

    async def list(self, request: ListBots, caller: Caller) -> list[BotView]:
        """The bots of a developer; all for the server itself."""
        everything = caller.role is Role.SYSTEM
        return [self._view(bot) for bot in self.bots.values() if everything or bot.developer == caller.cid]

    def _own(self, cid: ContactId, caller: Caller) -> Bot:
        bot = self.bots.get(cid)
        theirs = caller.role in (Role.SYSTEM, Role.ADMIN)
        if bot is None or not (theirs or (caller.role is Role.DEVELOPER and bot.developer == caller.cid != NOBODY)):
            raise NotFound(f"You have no bot {cid}.")
        return bot

    async def _record(self, tx: Transaction, caller: Caller, action: str, bot: Bot) -> None:
        """What an administrator did to a bot; what its developer does is his own affair."""
        if caller.role is Role.ADMIN:
            await audit.record(tx, caller, action, bot.name)

    async def _save(self, bot: Bot, caller: Caller | None = None, action: str = "") -> None:
        try:
            async with self._db.transaction() as tx:
                await store.save_bot(tx, bot)
                if caller is not None:
                    await self._record(tx, caller, action, bot)
                tx.emit(BotsChanged())
        except psycopg.errors.UniqueViolation:
            raise NameTaken(f"The bot name {bot.name!r} is taken; choose another.") from None
        await self.load()

    def _view(self, bot: Bot, token: str = "") -> BotView:
        return BotView(
            bot.cid,
            bot.name,
            bot.title,
            bot.description,
            bot.greeting,
            bot.commands,
            FileName(bot.icon),
            token,
            self.online[bot.cid],
        )

    async def _changed(self, _: BotsChanged) -> None:
        await self.load()

    async def _missed(self, _: EventsMissed) -> None:
        await self.load()

    def _opened(self, event: SessionOpened) -> None:
        if event.caller.role is Role.BOT:
            self.online[event.caller.cid] += 1

    def _closed(self, event: SessionClosed) -> None:
        if event.caller.role is Role.BOT:
            self.online[event.caller.cid] -= 1


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
