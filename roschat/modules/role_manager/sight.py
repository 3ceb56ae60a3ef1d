"""Whom a person sees and finds: the lists behind the directory, its search, and presence.

A list is made once for all members of a role without personal exceptions, and kept until something changes.
"""

from collections.abc import Callable, Iterable

from roschat.kernel.bus import Bus
from roschat.kernel.errors import Unavailable
from roschat.modules.role_manager.api import RoleAction
from roschat.modules.role_manager.rulebook import Rulebook
from roschat.modules.role_manager.rules import Tables
from roschat.modules.server.chats.api import ConversationPartners
from roschat.modules.server.directory.api import ContactChanged, VisibleContacts
from roschat.types import ContactId
from roschat.wire.message import Caller

ACTIONS = (RoleAction.SEE_CONTACT, RoleAction.SEARCH_CONTACT)
KEPT = 100
"""Lists in memory: one for each restricted role, and for some people with exceptions."""


class Sight:
    """Serves visible-contacts."""

    def __init__(self, bus: Bus, rulebook: Rulebook) -> None:
        self._bus = bus
        self._rulebook = rulebook
        self._lists: dict[tuple[int, ContactId], tuple[ContactId, ...]] = {}

    def start(self) -> None:
        """Serve, and forget lists that changed."""
        self._rulebook.on_change(lambda _, __: self._lists.clear())
        self._bus.subscribe(ContactChanged, self._contact_changed)
        self._bus.serve(VisibleContacts, self.visible)

    def restricted(self, viewer: ContactId) -> bool:
        """Whether there is anybody whom the viewer may not see or not find."""
        return any(restricts(self._rulebook.tables, viewer, action) for action in ACTIONS)

    async def visible(self, command: VisibleContacts, _: Caller) -> list[ContactId]:
        """See the command."""
        viewer = command.viewer
        if command.among:
            return list(self._seen(viewer, command.among))
        listed = self._listed(viewer)
        if not restricts(self._rulebook.tables, viewer, RoleAction.SEARCH_CONTACT):
            return list(listed)
        partners = await self._bus.call(ConversationPartners(viewer))
        return [*{*listed, *self._seen(viewer, partners)}]

    def _seen(self, viewer: ContactId, cids: Iterable[ContactId]) -> Iterable[ContactId]:
        tables = self._rulebook.tables
        return (cid for cid in cids if cid == viewer or tables.allows(viewer, cid, RoleAction.SEE_CONTACT))

    def _listed(self, viewer: ContactId) -> tuple[ContactId, ...]:
        """Those whom no rule hides from a search; raises Unavailable before it is known who there is."""
        book = self._rulebook
        if not book.whole:
            raise Unavailable("The role model has not read the directory yet; try again in a moment.")
        key = (book.role_of(viewer), viewer if viewer in book.tables.people else ContactId(0))
        known = self._lists.get(key)
        if known is None:
            if len(self._lists) >= KEPT:
                self._lists.clear()
            known = self._lists[key] = tuple(
                cid for cid in book.contacts if all(book.tables.allows(viewer, cid, action) for action in ACTIONS)
            )
        return known

    def _contact_changed(self, _: ContactChanged) -> None:
        self._lists.clear()


def restricts(tables: Tables, owner: ContactId, action: RoleAction) -> bool:
    """Whether the owner's rules deny an action to anybody."""
    return any(table is not None and table.restricts for table in tables.about(owner, action))


def changed(before: Tables, after: Tables) -> Callable[[ContactId], bool]:
    """Tells of a viewer whether he may see or find others than before."""
    moved = before.role_of != after.role_of
    known: dict[tuple[int, int], bool] = {}

    def differs(viewer: ContactId) -> bool:
        tables = [(before.about(viewer, action), after.about(viewer, action)) for action in ACTIONS]
        if any(old != new for old, new in tables):
            return True
        return moved and any(table is not None and bool(table.roles) for _, new in tables for table in new)

    def answer(viewer: ContactId) -> bool:
        if viewer in before.people or viewer in after.people:
            return differs(viewer)
        key = (before.role_of.get(viewer, 1), after.role_of.get(viewer, 1))
        if key not in known:
            known[key] = differs(viewer)
        return known[key]

    return answer
