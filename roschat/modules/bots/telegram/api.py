"""What processes tell each other about bots at the Telegram-compatible endpoint."""

from roschat.types import ContactId
from roschat.wire.declare import event
from roschat.wire.message import Event


@event("telegram-updates")
class TelegramUpdates(Event, frozen=True):
    """An update waits for this bot."""

    bot: ContactId


@event("telegram-use-changed")
class TelegramUseChanged(Event, frozen=True):
    """This bot began to use the endpoint, or gets its updates in another way now."""

    bot: ContactId
    came_back: bool = False
    """It was away for so long that updates were not kept any more."""
