"""Builds the directory and connects it to the bus."""

from collections.abc import Sequence

import msgspec

from roschat.kernel.aio import Tasks
from roschat.kernel.service import Context, Health
from roschat.modules.server.directory.api import (
    AddContact,
    ChangeContact,
    ContactAdded,
    ContactChanged,
    ContactView,
    GetContact,
    GetContacts,
    GetFavorites,
    ListContacts,
    RemoveContact,
    SetAvatar,
    SetContactActive,
    SetFavorite,
)
from roschat.modules.server.directory.news import News
from roschat.modules.server.directory.service import Directory
from roschat.types import ContactId
from roschat.wire.message import Caller, Empty
from roschat.wire.process import EventsMissed


class DirectoryFeature:
    """The running feature: one method per command."""

    def __init__(self, directory: Directory, tasks: Tasks) -> None:
        self._directory = directory
        self._tasks = tasks

    async def get_contacts(self, command: GetContacts, caller: Caller) -> msgspec.Raw:
        """Serve get-contacts."""
        return await self._directory.contacts(command, caller)

    async def get_contact(self, command: GetContact, caller: Caller) -> ContactView:
        """Serve get-contact."""
        return await self._directory.contact(command.cid, caller)

    async def get_favorites(self, command: GetFavorites, caller: Caller) -> list[ContactId]:
        """Serve get-favorites."""
        return await self._directory.favorites(caller)

    async def set_favorite(self, command: SetFavorite, caller: Caller) -> Empty:
        """Serve set-favorite."""
        await self._directory.set_favorite(command, caller)
        return Empty()

    async def set_avatar(self, command: SetAvatar, caller: Caller) -> Empty:
        """Serve set-avatar."""
        await self._directory.set_avatar(command.file, caller)
        return Empty()

    async def add_contact(self, command: AddContact, caller: Caller) -> ContactAdded:
        """Serve add-contact."""
        return ContactAdded(await self._directory.add(command, caller))

    async def change_contact(self, command: ChangeContact, caller: Caller) -> Empty:
        """Serve change-contact."""
        await self._directory.change(command, caller)
        return Empty()

    async def set_active(self, command: SetContactActive, caller: Caller) -> Empty:
        """Serve set-contact-active."""
        await self._directory.set_active(command.cid, command.active, caller)
        return Empty()

    async def remove_contact(self, command: RemoveContact, caller: Caller) -> Empty:
        """Serve remove-contact."""
        await self._directory.remove(command.cid, caller)
        return Empty()

    async def list_contacts(self, command: ListContacts, caller: Caller) -> list[ContactView]:
        """Serve list-contacts."""
        return self._directory.listed(command)

    async def written(self, views: Sequence[ContactView]) -> None:
        """Cards that the mass changes of this module wrote themselves, after their commit."""
        await self._directory.written(views)

    async def stop(self) -> None:
        """End the telling of changes."""
        await self._tasks.stop()

    async def health(self) -> Health:
        """The directory answers from memory; the database tells its own health."""
        return Health()


async def start(context: Context) -> DirectoryFeature:
    """Build, load, serve, subscribe."""
    news = News(context.bus)
    directory = Directory(context.db, context.bus, context.clock, news.add)
    tasks = Tasks("directory")
    feature = DirectoryFeature(directory, tasks)
    # First listen, then load: a change in between is taken in twice rather than not at all.
    context.bus.subscribe(ContactChanged, directory.follow)
    context.bus.subscribe(EventsMissed, directory.events_missed)
    await directory.load()
    context.bus.serve(GetContacts, feature.get_contacts)
    context.bus.serve(GetContact, feature.get_contact)
    context.bus.serve(GetFavorites, feature.get_favorites)
    context.bus.serve(SetFavorite, feature.set_favorite)
    context.bus.serve(SetAvatar, feature.set_avatar)
    context.bus.serve(AddContact, feature.add_contact)
    context.bus.serve(ChangeContact, feature.change_contact)
    context.bus.serve(SetContactActive, feature.set_active)
    context.bus.serve(RemoveContact, feature.remove_contact)
    context.bus.serve(ListContacts, feature.list_contacts)
    tasks.spawn(news.keep_telling(), "telling")
    return feature
