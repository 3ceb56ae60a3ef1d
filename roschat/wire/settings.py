"""That settings were changed, for every process that holds them live."""

from roschat.wire.declare import event
from roschat.wire.message import Event


@event("settings-changed")
class SettingsChanged(Event, frozen=True):
    """Values of a section were changed in the database by `who`; they are read there, since they may be secret."""

    section: str
    keys: list[str]
    who: str = ""
