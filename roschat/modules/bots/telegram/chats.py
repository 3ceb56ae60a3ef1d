"""Methods that tell about the bot, people, groups and files, and those that answer presses."""

from typing import Any

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Denied, NotFound
from roschat.modules.bots.api import BotNoticeEvent, ChangeBot
from roschat.modules.bots.registry import Registry
from roschat.modules.bots.telegram import bodies, media
from roschat.modules.bots.telegram.actor import Actor
from roschat.modules.bots.telegram.media import Media
from roschat.modules.bots.telegram.params import Params, Peer
from roschat.modules.bots.telegram.people import People
from roschat.modules.bots.telegram.queries import Queries
from roschat.modules.bots.telegram.refusals import Refused
from roschat.modules.bots.telegram.sending import Files, Method
from roschat.modules.server.chats.api import GetGroupMembers, LeaveGroup, MemberView
from roschat.modules.server.directory.api import ContactView, GetContact
from roschat.modules.server.files.api import KnownFile
from roschat.types import ChatId, ContactId, PeerKind
from roschat.wire.delivery import deliver

MAX_NOTICE = 200
RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_change_info", "can_invite_users", "can_pin_messages",
    "can_restrict_members",
)  # fmt: skip
NO_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_video_chats", "can_promote_members", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip


class Chats:
    """See the module docstring."""

    def __init__(self, bus: Bus, registry: Registry, people: People, files: Media, queries: Queries) -> None:
        self._bus = bus
        self._registry = registry
        self._people = people
        self._media = files
        self._queries = queries

    def methods(self) -> dict[str, Method]:
        """What is served here."""
        return {
            "getme": self.me,
            "logout": self.ready,
            "close": self.ready,
            "getmycommands": self.commands,
            "setmycommands": self.set_commands,
            "deletemycommands": self.delete_commands,
            "getchat": self.chat,
            "getchatmember": self.member,
            "getchatadministrators": self.administrators,
            "getchatmembercount": self.count,
            "leavechat": self.leave,
            "getuserprofilephotos": self.photos,
            "getfile": self.file,
            "answercallbackquery": self.answer,
        }

    async def me(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """The bot itself, always with a username: libraries match commands by it."""
        return await self._people.user(actor.cid) | {
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": False,
        }

    async def ready(self, actor: Actor, params: Params, _: Files) -> bool:
        """Nothing has to be moved elsewhere."""
        return True

    async def commands(self, actor: Actor, params: Params, _: Files) -> list[dict[str, str]]:
        """The commands of the bot's card."""
        if not _default_scope(params):
            return []
        found = []
        for line in self._registry.bots[actor.cid].commands:
            command, _space, description = line.removeprefix("/").partition(" ")
            found.append({"command": command, "description": description.removeprefix("- ") or command})
        return found

    async def set_commands(self, actor: Actor, params: Params, _: Files) -> bool:
        """Replace the commands of the bot's card; people see them everywhere and in every language alike."""
        if not _default_scope(params):
            raise Refused("only the default scope without a language is supported by this server")
        lines = []
        for item in params.items("commands"):
            if not isinstance(item, dict) or not isinstance(item.get("command"), str):
                raise Refused("can't parse commands: objects with command and description are expected")
            lines.append(f"/{item['command'].removeprefix('/')} - {item.get('description', '')}")
        await self._bus.call(ChangeBot(actor.cid, commands=lines))
        return True

    async def delete_commands(self, actor: Actor, params: Params, _: Files) -> bool:
        """No commands."""
        if _default_scope(params):
            await self._bus.call(ChangeBot(actor.cid, commands=[]))
        return True

    async def chat(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """A ChatFullInfo object."""
        peer = params.chat()
        if peer.kind is PeerKind.GROUP:
            await self._members(actor, peer)
            about = ""
        else:
            about = (await self._card(actor, ContactId(peer.cid))).description
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        full = await self._people.chat(actor.cid, peer) | {
            "accent_color_id": 0,
            "max_reaction_count": 20,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }
        return full | {"description": about} if about else full

    async def member(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """A ChatMember object; `left` for who is not in the group."""
        peer, cid = params.chat(), ContactId(params.number("user_id"))
        if peer.kind is PeerKind.USER:
            if cid not in (peer.cid, actor.cid):
                raise Refused("member not found")
            return {"status": "member", "user": await self._people.user(cid)}
        for known in await self._members(actor, peer):
            if known.cid == cid:
                return await self._member(known)
        if await self._people.card(cid) is None:
            raise Refused("member not found")
        return {"status": "left", "user": await self._people.user(cid)}

    async def administrators(self, actor: Actor, params: Params, _: Files) -> list[dict[str, Any]]:
        """Owner and admins of a group."""
        peer = params.chat()
        if peer.kind is PeerKind.USER:
            raise Refused("there are no administrators in the private chat")
        return [await self._member(known) for known in await self._members(actor, peer) if known.role != "member"]

    async def count(self, actor: Actor, params: Params, _: Files) -> int:
        """How many are in a conversation."""
        peer = params.chat()
        return 2 if peer.kind is PeerKind.USER else len(await self._members(actor, peer))

    async def leave(self, actor: Actor, params: Params, _: Files) -> bool:
        """Leave a group."""
        peer = params.chat()
        if peer.kind is PeerKind.USER:
            raise Refused("chat member status can't be changed in private chats")
        await self._members(actor, peer)
        await self._bus.call(LeaveGroup(ChatId(peer.cid)), actor.caller)
        return True

    async def photos(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """The avatar, in its sizes."""
        card = await self._card(actor, ContactId(params.number("user_id")))
        if not card.avatar or params.number("offset", 0) > 0:
            return {"total_count": 1 if card.avatar else 0, "photos": []}
        info = await self._bus.call(KnownFile(card.avatar))
        sizes = bodies.photo_sizes(info.file, info.preview_file, info.width, info.height, info.size)
        return {"total_count": 1, "photos": [sizes]}

    async def file(self, actor: Actor, params: Params, _: Files) -> dict[str, Any]:
        """A File object with the path to download."""
        info = await self._media.info(actor.cid, params.text("file_id"))
        return {
            "file_id": media.file_id(info.file),
            "file_unique_id": media.unique_id(info.file),
            "file_size": info.size,
            "file_path": media.file_path(info),
        }

    async def answer(self, actor: Actor, params: Params, _: Files) -> bool:
        """Answer a press: a notice to the person who pressed, when there is a text or an address."""
        person = self._queries.person(actor.cid, params.text("callback_query_id"))
        text, url = params.text("text", ""), params.text("url", "")
        if len(text) > MAX_NOTICE:
            raise Refused("MESSAGE_TOO_LONG")
        if url and not url.startswith(("https://", "http://")):
            raise Refused("URL_INVALID")
        if text or url:
            notice = BotNoticeEvent(actor.cid, text, params.flag("show_alert"), url)
            self._bus.publish(deliver(notice, [person]))
        return True

    async def _card(self, actor: Actor, cid: ContactId) -> ContactView:
        try:
            return await self._bus.call(GetContact(cid), actor.caller)
        except (NotFound, Denied):
            raise Refused("chat not found") from None

    async def _members(self, actor: Actor, peer: Peer) -> list[MemberView]:
        try:
            return await self._bus.call(GetGroupMembers(ChatId(peer.cid)), actor.caller)
        except (NotFound, Denied):
            raise Refused("chat not found") from None

    async def _member(self, known: MemberView) -> dict[str, Any]:
        user = await self._people.user(known.cid)
        if known.role == "owner":
            return {"status": "creator", "user": user, "is_anonymous": False}
        if known.role == "admin":
            rights = dict.fromkeys(RIGHTS, True) | dict.fromkeys(NO_RIGHTS, False)
            return {"status": "administrator", "user": user, **rights}
        return {"status": "member", "user": user}


def _default_scope(params: Params) -> bool:
    scope = params.mapping("scope") or {}
    return scope.get("type", "default") == "default" and "language_code" not in params
