"""Groups: making them, who is in, who leads.

Every change is one transaction: the rows, the system message that tells of it, and the event for other modules. After
the commit the membership in memory is forgotten, and members hear first the notice, then how the group is now.
"""

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.db import Database, Transaction
from roschat.kernel.errors import Denied, NotFound
from roschat.modules.server.chats import rules, store
from roschat.modules.server.chats.api import (
    AddGroupMembers,
    ChangeGroup,
    CreateGroup,
    GetGroupMembers,
    GroupCreated,
    LeaveGroup,
    MayAddMembers,
    MayCreateGroup,
    MembershipChanged,
    MemberView,
    RemoveGroupMember,
    SetGroupRole,
)
from roschat.modules.server.chats.membership import Chat, Chats
from roschat.modules.server.chats.views import Views
from roschat.modules.server.files.api import PublishFiles
from roschat.modules.server.messages.notices import Notice, Notices, called, listed
from roschat.modules.server.messages.sending import check_key
from roschat.modules.server.messages.tails import Tails
from roschat.types import ChatId, ContactId, FileName
from roschat.wire.conversation import SystemBody
from roschat.wire.message import Caller, Empty


class Groups:
    """Serves the commands on groups."""

    def __init__(
        self, db: Database, bus: Bus, clock: Clock, chats: Chats, tails: Tails, notices: Notices, views: Views
    ) -> None:
        self._db = db
        self._bus = bus
        self._clock = clock
        self._chats = chats
        self._tails = tails
        self._notices = notices
        self._views = views

    async def create(self, command: CreateGroup, caller: Caller) -> GroupCreated:
        """A new group; the same one for the same key."""
        check_key(command.key)
        name, description = rules.check_name(command.name), rules.check_description(command.description)
        members = [cid for cid in dict.fromkeys(command.members) if cid != caller.cid]
        rules.check_size(len(members) + 1)
        await self._check_people(members)
        if self._bus.asked(MayCreateGroup):
            await self._bus.ask(MayCreateGroup(caller.cid, members))
        await self._publish_avatar(caller.cid, command.avatar)
        text = f"{await self._name(caller.cid)} создал(а) беседу"
        body = SystemBody("group-created", text, caller.cid, members[:100], name)
        async with self._db.transaction() as tx:
            rev = await store.next_revision(tx)
            known = await store.created_group(tx, caller.cid, command.key)
            if known is not None:
                return GroupCreated(known)
            chat_id = await store.create_group(
                tx,
                rev=rev,
                creator=caller.cid,
                key=command.key,
                name=name,
                description=description,
                avatar=command.avatar,
                members=members,
                now=self._clock.seconds(),
            )
            notice = await self._notices.write(tx, chat_id, body)
            tx.emit(MembershipChanged(chat_id, [caller.cid, *members]))
        await self._tell(chat_id, caller.cid, [notice])
        return GroupCreated(chat_id)

    async def change(self, command: ChangeGroup, caller: Caller) -> Empty:
        """Name, description, avatar."""
        chat = await self._chats.group(caller.cid, command.cid)
        rules.check_leads(chat, caller.cid)
        name = None if command.name is None else rules.check_name(command.name)
        description = None if command.description is None else rules.check_description(command.description)
        await self._publish_avatar(caller.cid, command.avatar or FileName(""))
        who = await self._name(caller.cid)
        bodies = []
        if name is not None:
            bodies.append(SystemBody("group-renamed", f"{who} переименовал(а) беседу: «{name}»", caller.cid, name=name))
        if command.avatar is not None:
            bodies.append(SystemBody("avatar-changed", f"{who} сменил(а) картинку беседы", caller.cid))
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                rev = await store.next_revision(tx)
                await store.change_group(tx, chat.id, rev, name, description, command.avatar)
                notices = [await self._notices.write(tx, chat.id, body) for body in bodies]
            await self._tell(chat.id, caller.cid, notices)
        return Empty()

    async def members(self, command: GetGroupMembers, caller: Caller) -> list[MemberView]:
        """Owner and admins first, then in the order of joining."""
        chat = await self._chats.group(caller.cid, command.cid)
        return [MemberView(cid, seat.role) for cid, seat in chat.seats.items() if seat.present]

    async def add(self, command: AddGroupMembers, caller: Caller) -> Empty:
        """Invite people; they see the whole past."""
        chat = await self._chats.group(caller.cid, command.cid)
        rules.check_leads(chat, caller.cid)
        present = set(chat.people)
        added = [cid for cid in dict.fromkeys(command.members) if cid not in present]
        if not added:
            return Empty()
        rules.check_size(len(present) + len(added))
        people = await self._check_people(added)
        if self._bus.asked(MayAddMembers):
            await self._bus.ask(MayAddMembers(caller.cid, chat.id, added))
        names = listed(added, [called(contact.surname, contact.name) for contact in people])
        text = f"{await self._name(caller.cid)} добавил(а): {names}"
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                rev = await store.next_revision(tx)
                await store.join(tx, chat.id, added, rev)
                notice = await self._notices.write(
                    tx, chat.id, SystemBody("members-added", text, caller.cid, added[:100])
                )
                tx.emit(MembershipChanged(chat.id, added))
            await self._tell(chat.id, caller.cid, [notice])
        return Empty()

    async def remove(self, command: RemoveGroupMember, caller: Caller) -> Empty:
        """Take a member out."""
        chat = await self._chats.group(caller.cid, command.cid)
        rules.check_removal(chat, caller.cid, command.member)
        name = (await self._name(command.member)).strip()
        text = f"{await self._name(caller.cid)} исключил(а): {name}"
        await self._let_go(chat, command.member, SystemBody("member-removed", text, caller.cid, [command.member]))
        return Empty()

    async def leave(self, command: LeaveGroup, caller: Caller) -> Empty:
        """The caller leaves."""
        await self.let_leave(await self._chats.group(caller.cid, command.cid), caller.cid)
        return Empty()

    async def let_leave(self, chat: Chat, cid: ContactId) -> None:
        """A member leaves by his own wish; an owner leaves the group to his successor."""
        text = f"{await self._name(cid)} вышел(ла) из беседы"
        await self._let_go(chat, cid, SystemBody("member-left", text, cid, [cid]))

    async def set_role(self, command: SetGroupRole, caller: Caller) -> Empty:
        """Admin, member, or the new owner; the old owner stays admin."""
        chat = await self._chats.group(caller.cid, command.cid)
        rules.check_role(chat, caller.cid, command.member, command.role)
        if chat.seats[command.member].role == command.role:
            return Empty()
        name = (await self._name(command.member)).strip()
        titles = {"owner": "владельцем", "admin": "администратором", "member": "участником"}
        text = f"{await self._name(caller.cid)} сделал(а) {titles[command.role]}: {name}"
        body = SystemBody("role-changed", text, caller.cid, [command.member], command.role)
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                rev = await store.next_revision(tx)
                rules.check_role(await self._now(tx, chat.id), caller.cid, command.member, command.role)
                if command.role == "owner":
                    await store.set_role(tx, chat.id, caller.cid, "admin", rev)
                await store.set_role(tx, chat.id, command.member, command.role, rev)
                notice = await self._notices.write(tx, chat.id, body)
                tx.emit(MembershipChanged(chat.id))
            await self._tell(chat.id, caller.cid, [notice])
        return Empty()

    async def _let_go(self, chat: Chat, cid: ContactId, body: SystemBody) -> None:
        with self._tails.changing(chat.id):
            async with self._db.transaction() as tx:
                rev = await store.next_revision(tx)
                now = await self._now(tx, chat.id)
                if not now.seats[cid].present:
                    raise NotFound(f"Contact {cid} is no member of group {chat.id} any more.")
                # The notice comes first, so that who is out can still read it.
                notice = await self._notices.write(tx, chat.id, body)
                await store.leave(tx, chat.id, cid, rev)
                heir = rules.successor(now.seats, cid)
                if heir is not None:
                    await store.set_role(tx, chat.id, heir, "owner", rev)
                tx.emit(MembershipChanged(chat.id, [], [cid]))
            await self._tell(chat.id, cid, [notice], hearers=now)

    async def _now(self, tx: Transaction, chat: ChatId) -> Chat:
        """The members as this transaction sees them, which nobody else can change until it ends."""
        return Chats.of_rows(chat, await store.seats(tx, chat))

    async def _tell(
        self, chat_id: ChatId, by: ContactId, notices: list[Notice], *, hearers: Chat | None = None
    ) -> None:
        """Tell members; `hearers` were in when the notices were written, when that is not who is in now."""
        self._chats.forget(chat_id)
        chat = await self._chats.by_id(by, chat_id)
        for notice in notices:
            self._notices.tell(hearers or chat, notice)
        await self._views.tell(chat_id, {*chat.people, by})

    async def _check_people(self, cids: list[ContactId]) -> list[store.Contact]:
        people = await self._chats.contacts(cids)
        for contact in people:
            if contact.kind == "system" or not contact.active:
                raise Denied(f"Contact {contact.cid} is deactivated or the server itself and cannot join a group.")
        return people

    async def _publish_avatar(self, by: ContactId, avatar: FileName) -> None:
        if avatar:
            await self._bus.call(PublishFiles(by, [avatar]))

    async def _name(self, cid: ContactId) -> str:
        contact = await self._chats.contact(cid)
        return called(contact.surname, contact.name)
