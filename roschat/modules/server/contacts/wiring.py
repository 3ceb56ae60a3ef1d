"""Builds contacts and connects them to the bus."""

from roschat.kernel.service import Context, Health
from roschat.modules.server.accounts.api import MaySignIn
from roschat.modules.server.contacts.api import (
    AccountChanged,
    ActivateContact,
    AddContactService,
    BlockAccount,
    ChangeCard,
    ChangeContactService,
    ContactCard,
    ContactIds,
    ContactNumber,
    ContactPage,
    ContactPicture,
    ContactService,
    ContactServicesChanged,
    CreateContact,
    DeleteContact,
    DeviceConnection,
    EndConnection,
    EndConnections,
    FindContacts,
    GetContactAvatar,
    GetContactCard,
    GetContactCards,
    GetContactServices,
    LetterSent,
    ListConnections,
    ListContactValues,
    ListServices,
    RemoveContactAccount,
    RemoveContactService,
    SendCredentials,
    ServiceCounts,
    ServiceOffer,
    SetContactAccount,
    SetContactAvatar,
    SetContactServices,
    ValueCount,
)
from roschat.modules.server.contacts.applications import Applications
from roschat.modules.server.contacts.connections import Connections
from roschat.modules.server.contacts.credentials import Credentials
from roschat.modules.server.contacts.finding import Finder
from roschat.modules.server.contacts.people import People
from roschat.modules.server.contacts.services import Services
from roschat.modules.server.directory.api import ContactChanged
from roschat.types import ContactId, DeviceId
from roschat.wire.message import Caller, Empty
from roschat.wire.process import EventsMissed
from roschat.wire.session import SessionClosed, SessionOpened


class ContactsFeature:
    """The running feature: one method per command."""

    def __init__(
        self, finder: Finder, people: People, credentials: Credentials, services: Services, connections: Connections
    ) -> None:
        self._finder = finder
        self._people = people
        self._credentials = credentials
        self._services = services
        self._connections = connections

    async def find(self, command: FindContacts, caller: Caller) -> ContactPage:
        """Serve find-contacts."""
        return await self._finder.find(command)

    async def ids(self, command: ContactIds, caller: Caller) -> list[ContactId]:
        """Serve contact-ids."""
        return await self._finder.ids(command.filter)

    async def values(self, command: ListContactValues, caller: Caller) -> list[ValueCount]:
        """Serve list-contact-values."""
        return await self._finder.values(command)

    async def card(self, command: GetContactCard, caller: Caller) -> ContactCard:
        """Serve get-contact-card."""
        return await self._people.card(command.cid)

    async def cards(self, command: GetContactCards, caller: Caller) -> list[ContactCard]:
        """Serve get-contact-cards."""
        return await self._people.cards(command.cids)

    async def create(self, command: CreateContact, caller: Caller) -> ContactNumber:
        """Serve create-contact."""
        return ContactNumber(await self._people.create(command, caller))

    async def change(self, command: ChangeCard, caller: Caller) -> ContactCard:
        """Serve change-card."""
        return await self._people.change(command, caller)

    async def set_avatar(self, command: SetContactAvatar, caller: Caller) -> ContactCard:
        """Serve set-contact-avatar."""
        return await self._people.set_avatar(command, caller)

    async def avatar(self, command: GetContactAvatar, caller: Caller) -> ContactPicture:
        """Serve get-contact-avatar."""
        return await self._people.avatar(command.cid)

    async def activate(self, command: ActivateContact, caller: Caller) -> Empty:
        """Serve activate-contact."""
        await self._people.activate(command.cid, command.active, caller)
        return Empty()

    async def delete(self, command: DeleteContact, caller: Caller) -> Empty:
        """Serve delete-contact."""
        await self._people.delete(command.cid, caller)
        return Empty()

    async def set_account(self, command: SetContactAccount, caller: Caller) -> Empty:
        """Serve set-contact-account."""
        await self._credentials.put(command, caller)
        return Empty()

    async def remove_account(self, command: RemoveContactAccount, caller: Caller) -> Empty:
        """Serve remove-contact-account."""
        await self._credentials.remove(command.cid, caller)
        return Empty()

    async def block(self, command: BlockAccount, caller: Caller) -> Empty:
        """Serve block-account."""
        await self._credentials.block(command.cid, command.blocked, caller)
        return Empty()

    async def send(self, command: SendCredentials, caller: Caller) -> LetterSent:
        """Serve send-credentials."""
        return LetterSent(await self._credentials.send(command.cid, command.password, caller))

    async def offers(self, command: ListServices, caller: Caller) -> list[ServiceOffer]:
        """Serve list-services."""
        return await self._services.offers()

    async def services(self, command: GetContactServices, caller: Caller) -> list[ContactService]:
        """Serve get-contact-services."""
        return await self._services.of(command.cid)

    async def set_services(self, command: SetContactServices, caller: Caller) -> Empty:
        """Serve set-contact-services."""
        await self._services.replace(command.cid, command.services, caller)
        return Empty()

    async def add_service(self, command: AddContactService, caller: Caller) -> Empty:
        """Serve add-contact-service."""
        await self._services.add(command.cid, ContactService(command.type, command.params), caller)
        return Empty()

    async def change_service(self, command: ChangeContactService, caller: Caller) -> Empty:
        """Serve change-contact-service."""
        await self._services.change(command.cid, ContactService(command.type, command.params), caller)
        return Empty()

    async def remove_service(self, command: RemoveContactService, caller: Caller) -> Empty:
        """Serve remove-contact-service."""
        await self._services.remove(command.cid, command.type, caller)
        return Empty()

    async def counts(self, command: ServiceCounts, caller: Caller) -> dict[str, int]:
        """Serve service-counts."""
        return await self._services.counts()

    async def connections(self, command: ListConnections, caller: Caller) -> list[DeviceConnection]:
        """Serve list-connections."""
        return await self._connections.listed(command.cid)

    async def end_connection(self, command: EndConnection, caller: Caller) -> Empty:
        """Serve end-connection."""
        await self._connections.end(command.cid, command.device, caller)
        return Empty()

    async def end_connections(self, command: EndConnections, caller: Caller) -> Empty:
        """Serve end-connections."""
        await self._connections.end(command.cid, DeviceId(""), caller)
        return Empty()

    async def stop(self) -> None:
        """Nothing runs beside the bus."""

    async def health(self) -> Health:
        """Contacts need the database alone, which has a health of its own."""
        return Health()


async def start(context: Context) -> ContactsFeature:
    """Build, load, serve, subscribe."""
    finder = Finder(context.db, context.bus, context.clock)
    services = Services(context.db, context.bus)
    people = People(context.db, context.bus, services)
    credentials = Credentials(context.db, context.bus)
    connections = Connections(context.db, context.bus, context.clock)
    applications = Applications(context.db)
    feature = ContactsFeature(finder, people, credentials, services, connections)
    bus = context.bus
    bus.subscribe(ContactChanged, finder.changed)
    bus.subscribe(AccountChanged, finder.changed)
    bus.subscribe(ContactServicesChanged, finder.changed)
    bus.subscribe(EventsMissed, finder.changed)
    bus.subscribe(SessionOpened, connections.opened)
    bus.subscribe(SessionClosed, connections.closed)
    # First listen, then load: a change in between is taken in twice rather than not at all.
    bus.subscribe(ContactServicesChanged, applications.changed)
    bus.subscribe(EventsMissed, applications.load)
    await applications.load()
    bus.answer(MaySignIn, applications.may_sign_in)
    bus.serve(FindContacts, feature.find)
    bus.serve(ContactIds, feature.ids)
    bus.serve(ListContactValues, feature.values)
    bus.serve(GetContactCard, feature.card)
    bus.serve(GetContactCards, feature.cards)
    bus.serve(CreateContact, feature.create)
    bus.serve(ChangeCard, feature.change)
    bus.serve(SetContactAvatar, feature.set_avatar)
    bus.serve(GetContactAvatar, feature.avatar)
    bus.serve(ActivateContact, feature.activate)
    bus.serve(DeleteContact, feature.delete)
    bus.serve(SetContactAccount, feature.set_account)
    bus.serve(RemoveContactAccount, feature.remove_account)
    bus.serve(BlockAccount, feature.block)
    bus.serve(SendCredentials, feature.send)
    bus.serve(ListServices, feature.offers)
    bus.serve(GetContactServices, feature.services)
    bus.serve(SetContactServices, feature.set_services)
    bus.serve(AddContactService, feature.add_service)
    bus.serve(ChangeContactService, feature.change_service)
    bus.serve(RemoveContactService, feature.remove_service)
    bus.serve(ServiceCounts, feature.counts)
    bus.serve(ListConnections, feature.connections)
    bus.serve(EndConnection, feature.end_connection)
    bus.serve(EndConnections, feature.end_connections)
    return feature
