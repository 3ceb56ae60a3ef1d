"""Builds the geozones and connects them to the bus."""

from roschat.kernel.service import Context, Health
from roschat.modules.server.geozones.api import (
    AddBeacon,
    AddGeozone,
    ChangeGeozone,
    GeozoneAdded,
    GeozoneView,
    GetLocation,
    ListGeozones,
    LocationView,
    RemoveBeacon,
    RemoveGeozone,
    ShareLocation,
)
from roschat.modules.server.geozones.service import Geozones
from roschat.wire.message import Caller, Empty


class GeozonesFeature:
    """The running feature: one method per command."""

    def __init__(self, geozones: Geozones) -> None:
        self._geozones = geozones

    async def listed(self, command: ListGeozones, caller: Caller) -> list[GeozoneView]:
        """Serve list-geozones."""
        return await self._geozones.listed()

    async def add(self, command: AddGeozone, caller: Caller) -> GeozoneAdded:
        """Serve add-geozone."""
        return GeozoneAdded(await self._geozones.add(command, caller))

    async def change(self, command: ChangeGeozone, caller: Caller) -> Empty:
        """Serve change-geozone."""
        await self._geozones.change(command, caller)
        return Empty()

    async def remove(self, command: RemoveGeozone, caller: Caller) -> Empty:
        """Serve remove-geozone."""
        await self._geozones.remove(command, caller)
        return Empty()

    async def add_beacon(self, command: AddBeacon, caller: Caller) -> GeozoneAdded:
        """Serve add-beacon."""
        return GeozoneAdded(await self._geozones.add_beacon(command, caller))

    async def remove_beacon(self, command: RemoveBeacon, caller: Caller) -> Empty:
        """Serve remove-beacon."""
        await self._geozones.remove_beacon(command, caller)
        return Empty()

    async def share(self, command: ShareLocation, caller: Caller) -> Empty:
        """Serve share-location."""
        await self._geozones.share(command, caller)
        return Empty()

    async def location(self, command: GetLocation, caller: Caller) -> LocationView:
        """Serve get-location."""
        return await self._geozones.location(command, caller)

    async def stop(self) -> None:
        """Nothing runs."""

    async def health(self) -> Health:
        """The database tells its own health."""
        return Health()


async def start(context: Context) -> GeozonesFeature:
    """Build and serve."""
    feature = GeozonesFeature(Geozones(context.db, context.bus, context.clock))
    context.bus.serve(ListGeozones, feature.listed)
    context.bus.serve(AddGeozone, feature.add)
    context.bus.serve(ChangeGeozone, feature.change)
    context.bus.serve(RemoveGeozone, feature.remove)
    context.bus.serve(AddBeacon, feature.add_beacon)
    context.bus.serve(RemoveBeacon, feature.remove_beacon)
    context.bus.serve(ShareLocation, feature.share)
    context.bus.serve(GetLocation, feature.location)
    return feature
