"""Builds the chats feature, over what the feature `messages` holds in memory, and connects it to the bus."""

from roschat.kernel.service import Context, Health
from roschat.modules.server.chats import api
from roschat.modules.server.chats.groups import Groups
from roschat.modules.server.chats.options import Options
from roschat.modules.server.chats.views import Views
from roschat.modules.server.messages.wiring import MessagesFeature


class ChatsFeature:
    """The running feature. It has no work of its own beside the commands."""

    def __init__(self, context: Context, messages: MessagesFeature) -> None:
        db, bus, clock = context.db, context.bus, context.clock
        chats, tails, notices = messages.chats, messages.tails, messages.notices
        self.views = Views(db, bus, chats)
        self.groups = Groups(db, bus, clock, chats, tails, notices, self.views)
        self.options = Options(db, bus, clock, chats, tails, notices, self.views, self.groups, messages.marks)

    async def stop(self) -> None:
        """Nothing to let go."""

    async def health(self) -> Health:
        """The database tells its own health."""
        return Health()


async def start(context: Context, messages: MessagesFeature) -> ChatsFeature:
    """Build and serve."""
    feature = ChatsFeature(context, messages)
    bus = context.bus
    bus.serve(api.GetChats, feature.views.list)
    bus.serve(api.GetChatsChanges, feature.views.list)
    bus.serve(api.GetChat, feature.views.one)
    bus.serve(api.CreateGroup, feature.groups.create)
    bus.serve(api.ChangeGroup, feature.groups.change)
    bus.serve(api.GetGroupMembers, feature.groups.members)
    bus.serve(api.AddGroupMembers, feature.groups.add)
    bus.serve(api.RemoveGroupMember, feature.groups.remove)
    bus.serve(api.LeaveGroup, feature.groups.leave)
    bus.serve(api.SetGroupRole, feature.groups.set_role)
    bus.serve(api.SetChatOptions, feature.options.set)
    bus.serve(api.SetDraft, feature.options.set_draft)
    bus.serve(api.PinMessage, feature.options.pin)
    bus.serve(api.DeleteConversation, feature.options.delete)
    bus.serve(api.MarkAllWatched, feature.options.watch_all)
    bus.serve(api.ConversationMembers, feature.options.people)
    bus.serve(api.ConversationPartners, feature.options.partners)
    return feature
