"""Channels: builds the objects and serves the commands."""

from collections.abc import Awaitable, Callable
from typing import Any

from roschat.kernel.service import Context, Health
from roschat.modules.server.channels import api
from roschat.modules.server.channels.catalogue import Catalogue
from roschat.modules.server.channels.publications import Press
from roschat.modules.server.channels.service import Channels
from roschat.wire.message import Caller, Command, Empty

Answer = Callable[[Any, Caller], Awaitable[Any]]


class ChannelsFeature:
    """The running feature: one method per command."""

    def __init__(self, channels: Channels, press: Press, catalogue: Catalogue) -> None:
        self._channels = channels
        self._catalogue = catalogue
        self._press = press

    def serving(self) -> dict[type[Command[Any]], Answer]:
        """Who answers which command."""
        return {
            api.CreateChannel: self.create,
            api.ChangeChannel: self.change,
            api.DeleteChannel: self.delete,
            api.GetChannels: self.listed,
            api.GetChannel: self.one,
            api.FindChannels: self.find,
            api.SubscribeChannel: self.subscribe,
            api.UnsubscribeChannel: self.unsubscribe,
            api.GetChannelMembers: self.members,
            api.AddChannelMembers: self.add_members,
            api.RemoveChannelMember: self.remove_member,
            api.SetChannelOptions: self.set_options,
            api.VerifyChannel: self._catalogue.verify,
            api.ListPublicChannels: self._catalogue.listed,
            api.SendPublication: self.publish,
            api.EditPublication: self.edit,
            api.DeletePublication: self.unpublish,
            api.GetPublications: self.page,
            api.PublicationWatched: self.watched,
            api.SendComment: self.comment,
            api.GetComments: self.comments,
            api.DeleteComment: self.delete_comment,
        }

    async def create(self, command: api.CreateChannel, caller: Caller) -> api.ChannelCreated:
        """Serve create-channel."""
        return api.ChannelCreated(await self._channels.create(caller.cid, command))

    async def change(self, command: api.ChangeChannel, caller: Caller) -> Empty:
        """Serve change-channel."""
        await self._channels.change(caller.cid, command)
        return Empty()

    async def delete(self, command: api.DeleteChannel, caller: Caller) -> Empty:
        """Serve delete-channel."""
        await self._channels.delete(caller.cid, command.ch_id)
        return Empty()

    async def listed(self, command: api.GetChannels, caller: Caller) -> list[api.ChannelView]:
        """Serve get-channels."""
        return await self._channels.listed(caller.cid)

    async def one(self, command: api.GetChannel, caller: Caller) -> api.ChannelView:
        """Serve get-channel."""
        return await self._channels.one(caller.cid, command.ch_id)

    async def find(self, command: api.FindChannels, caller: Caller) -> list[api.ChannelView]:
        """Serve find-channels."""
        return await self._channels.find(caller.cid, command.text, command.count)

    async def subscribe(self, command: api.SubscribeChannel, caller: Caller) -> Empty:
        """Serve subscribe-channel."""
        await self._channels.subscribe(caller.cid, command.ch_id)
        return Empty()

    async def unsubscribe(self, command: api.UnsubscribeChannel, caller: Caller) -> Empty:
        """Serve unsubscribe-channel."""
        await self._channels.unsubscribe(caller.cid, command.ch_id)
        return Empty()

    async def members(self, command: api.GetChannelMembers, caller: Caller) -> list[api.ChannelMember]:
        """Serve get-channel-members."""
        return await self._channels.members(caller.cid, command.ch_id, command.role)

    async def add_members(self, command: api.AddChannelMembers, caller: Caller) -> Empty:
        """Serve add-channel-members."""
        await self._channels.add_members(caller.cid, command.ch_id, command.members, command.role)
        return Empty()

    async def remove_member(self, command: api.RemoveChannelMember, caller: Caller) -> Empty:
        """Serve remove-channel-member."""
        await self._channels.remove_member(caller.cid, command.ch_id, command.member)
        return Empty()

    async def set_options(self, command: api.SetChannelOptions, caller: Caller) -> Empty:
        """Serve set-channel-options."""
        await self._channels.set_options(caller.cid, command)
        return Empty()

    async def publish(self, command: api.SendPublication, caller: Caller) -> api.Published:
        """Serve send-publication."""
        return api.Published(await self._press.publish(caller.cid, command))

    async def edit(self, command: api.EditPublication, caller: Caller) -> Empty:
        """Serve edit-publication."""
        await self._press.edit(caller.cid, command)
        return Empty()

    async def unpublish(self, command: api.DeletePublication, caller: Caller) -> Empty:
        """Serve delete-publication."""
        await self._press.delete(caller.cid, command.ch_id, command.pub_id)
        return Empty()

    async def page(self, command: api.GetPublications, caller: Caller) -> api.Publications:
        """Serve get-publications."""
        return await self._press.page(caller.cid, command)

    async def watched(self, command: api.PublicationWatched, caller: Caller) -> Empty:
        """Serve publication-watched."""
        await self._press.watched(caller.cid, command.ch_id, command.pub_id)
        return Empty()

    async def comment(self, command: api.SendComment, caller: Caller) -> api.CommentView:
        """Serve send-comment."""
        return await self._press.comment(caller.cid, command)

    async def comments(self, command: api.GetComments, caller: Caller) -> list[api.CommentView]:
        """Serve get-comments."""
        return await self._press.comments(caller.cid, command)

    async def delete_comment(self, command: api.DeleteComment, caller: Caller) -> Empty:
        """Serve delete-comment."""
        await self._press.delete_comment(caller.cid, command.id)
        return Empty()

    async def stop(self) -> None:
        """Nothing runs beside the commands."""

    async def health(self) -> Health:
        """Channels need the database alone, which has a health of its own."""
        return Health()


async def start(context: Context) -> ChannelsFeature:
    """Serve channels."""
    feature = ChannelsFeature(
        Channels(context.db, context.bus, context.clock),
        Press(context.db, context.bus, context.clock),
        Catalogue(context.db),
    )
    for kind, answer in feature.serving().items():
        context.bus.serve(kind, answer)
    return feature
