"""Settings over HTTP: what can be set, what it is now, changing it, its history, taking it elsewhere and back.

Values are in plain JSON types by dotted keys. A secret is shown as `********` when it is set; sending exactly that back
leaves it as it is. A value of null means the default of the declaration.
"""

from typing import Any

from roschat.wire.declare import ADMIN, SECURITY, command
from roschat.wire.message import Command, Message
from roschat.wire.rest import rest

OWNERS = ADMIN | SECURITY
"""A section belongs to one of them; the other does not see it."""


class SettingOption(Message, frozen=True):
    """One thing that can be set. Titles and descriptions are English; `…Ru` are Russian and may be empty."""

    key: str
    type: str
    """text, integer, number, yes-no, list, table, path or choice."""
    title: str = ""
    title_ru: str = ""
    description: str = ""
    description_ru: str = ""
    default: Any = None
    optional: bool = False
    """Null is a value of its own."""
    needed: bool = False
    """An empty value is refused."""
    secret: bool = False
    format: str = ""
    """host, ip, port, email, url, network, or lines for a text of many lines."""
    restarts: str = ""
    """What must be started anew before a change counts; empty: it counts at once."""
    bounds: dict[str, Any] = {}
    """By the names ge, gt, le, lt, multiple_of, min_length, max_length, pattern."""
    choices: list[Any] = []


class SettingsSection(Message, frozen=True):
    """A section: its options and their values of now, by key."""

    name: str
    title: str
    title_ru: str
    options: list[SettingOption]
    values: dict[str, Any]


class SettingDifference(Message, frozen=True):
    """A value before and after; null: the default."""

    section: str
    key: str
    before: Any
    after: Any
    secret: bool = False


class SettingsApplied(Message, frozen=True):
    """What was changed, and what must be restarted before all of it counts."""

    changes: list[SettingDifference]
    restarts: list[str]


class SettingChange(Message, frozen=True):
    """One line of the history; `before` and `after` are null for the default."""

    id: int
    time: float
    who: str
    section: str
    key: str
    before: Any
    after: Any
    secret: bool = False


class SettingsExport(Message, frozen=True):
    """Every value that was set. Secrets are left out; `secrets` names those that are set and have to be typed anew."""

    format: str
    """`roschat-settings-1`."""
    made: float
    sections: dict[str, dict[str, Any]]
    secrets: list[str]


class SettingRefusal(Message, frozen=True):
    """Why a value of an import cannot be taken: a reason of a field, or `unknown` for a section or key."""

    section: str
    key: str
    reason: str
    text: str = ""


class SettingsImported(Message, frozen=True):
    """What an import changes; nothing is applied while there is a refusal."""

    changes: list[SettingDifference]
    refused: list[SettingRefusal]
    restarts: list[str]
    applied: bool


@rest("GET", "/settings", tag="settings")
@command("list-settings", access=OWNERS)
class ListSettings(Command[list[SettingsSection]], frozen=True):
    """All sections, by name."""


@rest("GET", "/settings/{section}", tag="settings")
@command("get-settings", access=OWNERS)
class GetSettings(Command[SettingsSection], frozen=True):
    """One section."""

    section: str


@rest("PUT", "/settings/{section}", tag="settings")
@command("put-settings", access=OWNERS)
class PutSettings(Command[SettingsApplied], frozen=True):
    """Change values of a section, all of them or none; keys that are left out stay as they are."""

    section: str
    values: dict[str, Any]


@rest("GET", "/settings-changes", tag="settings")
@command("list-setting-changes", access=OWNERS)
class ListSettingChanges(Command[list[SettingChange]], frozen=True):
    """Who changed what, the newest first; of all sections when `section` is empty."""

    section: str = ""
    key: str = ""
    before: int = 0
    """The id to go on from; 0: the newest."""
    count: int = 50


@rest("GET", "/settings/{section}/history", tag="settings")
@command("list-section-changes", access=OWNERS)
class ListSectionChanges(Command[list[SettingChange]], frozen=True):
    """Who changed what of a section, the newest first."""

    section: str
    key: str = ""
    before: int = 0
    count: int = 50


@rest("POST", "/settings-changes/{id}/rollback", tag="settings")
@command("rollback-setting", access=OWNERS)
class RollbackSetting(Command[SettingsApplied], frozen=True):
    """Give a setting the value that it had before a change."""

    id: int


@rest("GET", "/settings-difference", tag="settings")
@command("compare-settings", access=OWNERS)
class CompareSettings(Command[list[SettingDifference]], frozen=True):
    """What became of the settings between two moments, Unix seconds; `until` 0 is now."""

    since: float
    until: float = 0.0


@rest("GET", "/settings-export", tag="settings")
@command("export-settings", access=ADMIN)
class ExportSettings(Command[SettingsExport], frozen=True):
    """All settings as one document, for `POST /settings-import` here or on another server."""


@rest("POST", "/settings-import", tag="settings")
@command("import-settings", access=ADMIN)
class ImportSettings(Command[SettingsImported], frozen=True):
    """Take values of an export; without `apply` only tell what would change and what cannot be taken."""

    sections: dict[str, dict[str, Any]]
    apply: bool = False
