"""The answers to what other modules ask before they do something; all of them from memory.

A question that is asked for every message is answered from the moment when some rule restricts it: until then nobody
asks, and a company without roles pays nothing, also when this module runs in another process.
"""

from collections.abc import Callable

import msgspec

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Denied
from roschat.modules.role_manager.api import MayCall, MayUseRadio, RoleAction
from roschat.modules.role_manager.rulebook import Rulebook
from roschat.modules.role_manager.rules import Side, Tables
from roschat.modules.role_manager.sight import Sight
from roschat.modules.server.accounts.api import ClientKind, MaySignIn
from roschat.modules.server.chats.api import MayAddMembers, MayCreateGroup
from roschat.modules.server.directory.api import SeeDirectory
from roschat.modules.server.messages.api import MaySendMessage, MayTellStatus
from roschat.types import NOBODY, ContactId, PeerKind
from roschat.wire.conversation import AudioBody, FileBody, ImageBody, VideoBody

MEDIA = frozenset(str(body.__struct_config__.tag) for body in (ImageBody, VideoBody, AudioBody, FileBody))
_MESSAGES = frozenset({RoleAction.OUTGOING_MESSAGE, RoleAction.INCOMING_MESSAGE, RoleAction.OUTGOING_MEDIA})
_STATUSES = frozenset({RoleAction.STATUS_RECEIVED, RoleAction.STATUS_READ})
_SIGHT = frozenset({RoleAction.SEE_CONTACT, RoleAction.SEARCH_CONTACT})
_APPLICATION = {
    ClientKind.MOBILE: RoleAction.USE_MOBILE,
    ClientKind.COMPUTER: RoleAction.USE_COMPUTER,
    ClientKind.WEB: RoleAction.USE_WEB,
}


class _Typed(msgspec.Struct):
    type: str = ""


_typed = msgspec.json.Decoder(_Typed).decode


class Enforcement:
    """See the module docstring."""

    def __init__(self, bus: Bus, rulebook: Rulebook, sight: Sight) -> None:
        self._bus = bus
        self._rulebook = rulebook
        self._sight = sight
        self._media = False
        self._begun: set[Callable[[], None]] = set()

    def start(self) -> None:
        """Answer what is asked seldom, and the rest as soon as a rule is about it."""
        self._bus.answer(MayCreateGroup, self._may_create)
        self._bus.answer(MayAddMembers, self._may_add)
        self._bus.answer(MaySignIn, self._may_sign_in)
        self._bus.answer(MayCall, self._may_call)
        self._bus.answer(MayUseRadio, self._may_use_radio)
        self._rulebook.on_change(self._changed)
        self._changed(self._rulebook.tables, self._rulebook.tables)

    def _changed(self, _: Tables, now: Tables) -> None:
        restricting = now.restricting()
        self._media = RoleAction.OUTGOING_MEDIA in restricting
        for actions, begin in (
            (_MESSAGES, self._answer_messages),
            (_STATUSES, self._answer_statuses),
            (_SIGHT, self._answer_sight),
        ):
            if actions & restricting and begin not in self._begun:
                self._begun.add(begin)
                begin()

    def _answer_messages(self) -> None:
        self._bus.answer(MaySendMessage, self._may_send)

    def _answer_statuses(self) -> None:
        self._bus.answer(MayTellStatus, self._may_tell)

    def _answer_sight(self) -> None:
        self._bus.answer(SeeDirectory, self._see_all)

    async def _may_send(self, hook: MaySendMessage) -> None:
        action = RoleAction.OUTGOING_MESSAGE
        if self._media and hook.data_type != "text" and is_media(hook.data):
            action = RoleAction.OUTGOING_MEDIA
        target = ContactId(hook.cid) if hook.cid_type is PeerKind.USER else NOBODY
        denial = self._rulebook.tables.denial(hook.sender, target, action)
        if denial is not None:
            raise Denied(refusal(denial, hook.sender, target))

    async def _may_tell(self, hook: MayTellStatus) -> None:
        action = RoleAction.STATUS_READ if hook.read else RoleAction.STATUS_RECEIVED
        target = ContactId(hook.cid) if hook.cid_type is PeerKind.USER else NOBODY
        if self._rulebook.tables.denial(hook.reader, target, action) is not None:
            raise Denied(f"The role of contact {hook.reader} does not tell this.")

    async def _may_create(self, hook: MayCreateGroup) -> None:
        self._check_each(
            hook.cid, [NOBODY, *hook.members] if not hook.members else hook.members, (RoleAction.CREATE_GROUP,)
        )

    async def _may_add(self, hook: MayAddMembers) -> None:
        self._check_each(hook.cid, hook.members, (RoleAction.SEE_CONTACT, RoleAction.OUTGOING_MESSAGE))

    def _check_each(self, actor: ContactId, targets: list[ContactId], actions: tuple[RoleAction, ...]) -> None:
        tables = self._rulebook.tables
        for target in targets:
            for action in actions:
                denial = tables.denial(actor, target, action)
                if denial is not None:
                    raise Denied(refusal(denial, actor, target))

    async def _see_all(self, hook: SeeDirectory) -> None:
        if self._sight.restricted(hook.viewer):
            raise Denied(f"Contact {hook.viewer} sees a part of the directory.")

    async def _may_sign_in(self, hook: MaySignIn) -> None:
        self._check(hook.cid, NOBODY, _APPLICATION[hook.kind])

    async def _may_call(self, hook: MayCall) -> None:
        self._check(hook.caller, hook.callee, RoleAction.OUTGOING_CALL)

    async def _may_use_radio(self, hook: MayUseRadio) -> None:
        self._check(hook.cid, hook.peer, RoleAction.USE_RADIO)

    def _check(self, actor: ContactId, target: ContactId, action: RoleAction) -> None:
        denial = self._rulebook.tables.denial(actor, target, action)
        if denial is not None:
            raise Denied(refusal(denial, actor, target))


def is_media(data: str) -> bool:
    """Whether a body carries a picture, a film, sound or another file."""
    try:
        return _typed(data).type in MEDIA
    except msgspec.MsgspecError:
        return False


_DEEDS = {
    RoleAction.OUTGOING_CALL: "call",
    RoleAction.INCOMING_CALL: "be called by",
    RoleAction.OUTGOING_MESSAGE: "write to",
    RoleAction.INCOMING_MESSAGE: "get messages from",
    RoleAction.OUTGOING_MEDIA: "send files to",
    RoleAction.CREATE_GROUP: "begin a conversation with",
    RoleAction.SEE_CONTACT: "see",
    RoleAction.SEARCH_CONTACT: "search for",
    RoleAction.STATUS_READ: "tell of reading to",
    RoleAction.STATUS_RECEIVED: "tell of receiving to",
    RoleAction.USE_MOBILE: "use the mobile application",
    RoleAction.USE_COMPUTER: "use the computer application",
    RoleAction.USE_WEB: "use the web client",
    RoleAction.USE_RADIO: "use the radio",
}


def refusal(denial: Side, actor: ContactId, target: ContactId) -> str:
    """What the actor is told. Of the other side's rules he learns no more than that they are there."""
    if denial.owner != actor:
        return f"Contact {denial.owner} does not accept this from you."
    deed = _DEEDS[denial.ruling.action]
    if denial.ruling.action.value.startswith("use-"):
        return f"Your role does not let you {deed}; ask an administrator."
    whom = f"contact {target}" if target else "groups" if deed == "write to" else "everybody"
    return f"Your role does not let you {deed} {whom}; ask an administrator."
