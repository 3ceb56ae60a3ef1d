"""Mass changes of the directory: adding, editing and importing many contacts at once, and exporting them.

A change is always a *plan* first: every row with what would be different and what is wrong with it. Applying carries
out exactly the plan; a row whose contact was changed in between is left as it is and says so. An applied plan can be
undone for thirty days. Plans, applying and undoing run as jobs (`GET /jobs/{id}`).
"""

from msgspec import field

from roschat.types import ContactId, Role, Seconds
from roschat.wire.declare import OPERATOR, command
from roschat.wire.message import Command, Empty, Message, Secret
from roschat.wire.rest import rest, stream

TAG = "directory-mass"
ROLES = frozenset({Role.OPERATOR, Role.ADMIN})

PASSWORDS = ("", "value", "number", "random")
ACTIONS = ("set", "add", "replace", "clear")


class MassSelection(Message, frozen=True):
    """Which contacts; the same as the filter of `find-contacts`. `cids` alone are exactly these."""

    text: str = ""
    fields: list["MassFieldFilter"] = []
    services: list[str] = []
    without_services: list[str] = []
    state: str = "active"
    """active, inactive, all"""
    account: str = "any"
    """any, with, without, blocked"""
    role: int = 0
    cids: list[ContactId] = []


class MassFieldFilter(Message, frozen=True):
    """A field of the card that holds `value`; `type` as in a card, or login."""

    type: str
    value: str = ""
    name: str = ""
    exact: bool = False


class MassField(Message, frozen=True):
    """What becomes of one field of every card. `value` is a template.

    `action`: "set" (of numbers and e-mails: the main one), "add" one more number or e-mail, "replace" the text `find`
    inside of it, "clear" (of numbers and e-mails: all). With `only_empty` cards that have the field keep it.
    """

    type: str
    value: str = ""
    name: str = ""
    """Of a custom field."""
    action: str = "set"
    find: str = ""
    only_empty: bool = False


class MassService(Message, frozen=True):
    """A service that is granted with these parameters (templates), or with `remove` taken away."""

    type: str
    params: dict[str, str] = {}
    remove: bool = False


class MassPassword(Message, frozen=True):
    """`kind`: "" no new one, "value" the given one, "number" the main number of the card, "random"."""

    kind: str = ""
    value: Secret = ""
    length: int = 12
    """Characters of a random one, 10 to 64."""


class MassChange(Message, frozen=True):
    """What becomes of every contact; what is not named stays as it is.

    `login` is a template; a contact without an account gets one and needs a password with it, and gets the services
    computer and mobile when it would have none. `active`: "", "yes", "no".
    """

    fields: list[MassField] = []
    services: list[MassService] = []
    login: str = ""
    password: MassPassword = MassPassword()
    active: str = ""


class MassNumbers(Message, frozen=True):
    """The simple mode of adding: one contact for each list number from `first` on.

    Login: the number; with `login` "number.login"; with `domain` also "@domain". `name` is put before the number to
    make the surname.
    """

    first: int
    count: int
    step: int = 1
    login_form: str = "number"
    """number, number-login, number-login-domain"""
    login: str = ""
    domain: str = ""
    name: str = "Абонент"


class MassStarted(Message, frozen=True):
    """The plan that is being made or carried out, and the job that does it."""

    plan: int
    job: int


@rest("POST", "/directory/mass/preview", tag=TAG)
@command("preview-mass-change", access=OPERATOR)
class PreviewMassChange(Command[MassStarted], frozen=True):
    """Make a plan: of new contacts (`add`, so many, or `numbers`) or of a change to those of `selection`.

    A template that cannot be parsed is `bad-template`; its place is in the text, its field in `fields`.
    """

    change: MassChange = MassChange()
    add: int = 0
    numbers: MassNumbers | None = None
    selection: MassSelection | None = None
    title: str = ""


class TemplateSample(Message, frozen=True, omit_defaults=False):
    """What a template gives, or why it is none."""

    samples: list[str] = []
    error: str = ""
    macro: str = ""
    position: int = 0
    """Where the macro begins, counted from 1."""


@rest("POST", "/directory/mass/template", tag=TAG)
@command("try-template", access=OPERATOR)
class TryTemplate(Command[TemplateSample], frozen=True):
    """What a template gives for the first contacts of a selection, without one for an example person."""

    template: str
    selection: MassSelection | None = None
    count: int = 3


class MassPlanView(Message, frozen=True, omit_defaults=False):
    """A mass operation in the history.

    `kind`: add, edit, import. `state`: preparing, ready, applying, applied, undoing, undone, failed, cancelled.
    `passwords` are pairs that can still be downloaded, `mailable` those whose owner has an address and got no letter.
    """

    id: int
    kind: str
    title: str
    state: str
    who: str
    created: Seconds
    applied: Seconds = Seconds(0)
    undone: Seconds = Seconds(0)
    until: Seconds = Seconds(0)
    """When it is forgotten, and with it the way back."""
    job: int = 0
    total: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: int = 0
    warnings: int = 0
    done: int = 0
    skipped: int = 0
    passwords: int = 0
    mailable: int = 0
    undoable: bool = False
    text: str = ""


class MassPlans(Message, frozen=True):
    """A page of the history, newest first."""

    plans: list[MassPlanView]
    total: int


@rest("GET", "/directory/mass", tag=TAG)
@command("list-mass-plans", access=OPERATOR)
class ListMassPlans(Command[MassPlans], frozen=True):
    """The history of mass operations. `page` counts from 1, `size` is 1 to 200."""

    page: int = 1
    size: int = 25


@rest("GET", "/directory/mass/{plan}", tag=TAG)
@command("get-mass-plan", access=OPERATOR)
class GetMassPlan(Command[MassPlanView], frozen=True):
    """One operation."""

    plan: int


class MassDifference(Message, frozen=True):
    """One thing that changes. `what`: a field of the card, login, password, active, or service with its type as `name`.

    Passwords are never shown: `after` is "value", "number" or "random".
    """

    what: str
    before: str = ""
    after: str = ""
    name: str = ""


class MassFault(Message, frozen=True):
    """What is wrong with a row. `reason`: see `FAULTS`; `value` is the bad value."""

    what: str
    reason: str
    value: str = ""
    text: str = ""
    name: str = ""
    warning: bool = False


FAULTS = (
    "number-taken", "number-twice", "login-taken", "login-twice", "no-surname", "no-password", "weak-password",
    "no-number", "bad-value", "unknown-person", "not-found", "found-twice", "bad-row", "licence", "no-account",
    "changed", "not-a-person", "row-twice", "no-param", "unavailable",
)  # fmt: skip
"""Reasons in MassFault. `weak-password` is a warning unless the password equals the login."""


class MassRow(Message, frozen=True):
    """One row of a plan. `action`: add, change, none. `state`: planned, error, done, skipped, undone, kept.

    "skipped" (not done), "kept" (not undone) and rows left out say why in `outcome`: a reason of FAULTS, "used",
    "exists", "password-changed" (undone but for the password), "cancelled", or a sentence.
    """

    position: int
    """From 1; of an import the line of the file."""
    name: str
    action: str
    state: str
    cid: ContactId = ContactId(0)
    differences: list[MassDifference] = []
    faults: list[MassFault] = []
    outcome: str = ""


class MassRows(Message, frozen=True):
    """A page of rows and how many there are under the filter."""

    rows: list[MassRow]
    total: int


@rest("GET", "/directory/mass/{plan}/rows", tag=TAG)
@command("list-mass-rows", access=OPERATOR)
class ListMassRows(Command[MassRows], frozen=True):
    """The rows of a plan. `only`: "", changes, errors, warnings, done, skipped, kept. `text` is looked for in names."""

    plan: int
    only: str = ""
    text: str = ""
    page: int = 1
    size: int = 25


@rest("POST", "/directory/mass/{plan}/apply", tag=TAG)
@command("apply-mass-plan", access=OPERATOR)
class ApplyMassPlan(Command[MassStarted], frozen=True):
    """Carry out a plan that is ready. With rows that have errors it is refused (`plan-has-errors`) or `skip_errors`.

    With `mail` every person with an address gets login and password by mail afterwards.
    """

    plan: int
    skip_errors: bool = False
    mail: bool = False
    language: str = "ru"


@rest("POST", "/directory/mass/{plan}/undo", tag=TAG)
@command("undo-mass-plan", access=OPERATOR)
class UndoMassPlan(Command[MassStarted], frozen=True):
    """Bring back what was before. Contacts that changed since are kept; those that were added and used, too."""

    plan: int


@rest("POST", "/directory/mass/{plan}/mail", tag=TAG)
@command("mail-mass-passwords", access=OPERATOR)
class MailMassPasswords(Command[MassStarted], frozen=True):
    """Send login and password to those who have an address and got none yet. `mail-off` without a mail server."""

    plan: int
    language: str = "ru"


@rest("DELETE", "/directory/mass/{plan}", tag=TAG)
@command("drop-mass-plan", access=OPERATOR)
class DropMassPlan(Command[Empty], frozen=True):
    """Throw a plan away that was not applied."""

    plan: int


class ImportColumn(Message, frozen=True):
    """A column of an uploaded file, what its heading seems to mean and its first values."""

    index: int
    heading: str
    samples: list[str] = []
    type: str = ""
    name: str = ""


class ImportFile(Message, frozen=True, omit_defaults=False):
    """An uploaded table. `delimiter` and `encoding` are those that were detected, empty for XLSX."""

    id: str
    name: str
    format: str
    rows: int
    columns: list[ImportColumn]
    header: bool
    """Whether the first row seems to hold headings; they are not counted as a row then."""
    encoding: str = ""
    delimiter: str = ""


class ImportMapping(Message, frozen=True):
    """What a column holds: a field of the card, login, password, active, or service (`name` is its type)."""

    column: int
    type: str
    name: str = ""


class ImportRules(Message, frozen=True):
    """How rows meet contacts. `match`: number, email, login, name, cid; the first one that finds somebody decides.

    `unknown`: add, skip or error for rows that meet nobody; `known`: change or skip; `empty`: keep or clear for empty
    cells.
    """

    columns: list[ImportMapping]
    match: list[str] = field(default_factory=lambda: ["number", "email", "login"])
    unknown: str = "add"
    known: str = "change"
    empty: str = "keep"
    header: bool = True


@rest("GET", "/directory/import/{file}", tag=TAG)
@command("get-import-file", access=OPERATOR)
class GetImportFile(Command[ImportFile], frozen=True):
    """An uploaded table; kept for a day."""

    file: str


@rest("POST", "/directory/import/{file}/preview", tag=TAG)
@command("preview-import", access=OPERATOR)
class PreviewImport(Command[MassStarted], frozen=True):
    """Make a plan of an uploaded table. `change` is done to every row as well (services, login, password)."""

    file: str
    rules: ImportRules
    change: MassChange = MassChange()


class ImportPreset(Message, frozen=True):
    """Saved rules for tables of one kind."""

    name: str
    rules: ImportRules
    headings: list[str] = []
    """The headings of the mapped columns, so that the preset fits a table with another order of columns."""


@rest("GET", "/directory/import-presets", tag=TAG)
@command("list-import-presets", access=OPERATOR)
class ListImportPresets(Command[list[ImportPreset]], frozen=True):
    """Saved presets by name."""


@rest("PUT", "/directory/import-presets", tag=TAG)
@command("save-import-preset", access=OPERATOR)
class SaveImportPreset(Command[Empty], frozen=True):
    """Save a preset under its name, replacing one of that name."""

    preset: ImportPreset


@rest("DELETE", "/directory/import-presets/{name}", tag=TAG)
@command("delete-import-preset", access=OPERATOR)
class DeleteImportPreset(Command[Empty], frozen=True):
    """Forget a preset."""

    name: str


class ExportOrder(Message, frozen=True):
    """What to export. `columns`: fields of the card, cid, login, active, services, custom:NAME; none: all."""

    selection: MassSelection = MassSelection()
    columns: list[str] = []
    format: str = "xlsx"
    """csv, xlsx"""
    delimiter: str = ";"
    encoding: str = "utf-8"
    """utf-8 (with BOM, for spreadsheets) or windows-1251"""
    language: str = "ru"
    """Of the headings."""


IMPORT_FILE = stream(
    "POST",
    "/directory/import",
    tag=TAG,
    summary="Upload a table (CSV, XLSX) as the body, its name in the query `name`; the answer is an ImportFile",
    access=ROLES,
    takes="application/octet-stream",
)
EXPORT = stream(
    "POST",
    "/directory/export",
    tag=TAG,
    summary="The directory as a table; the body is an ExportOrder",
    access=ROLES,
    takes="application/json",
    gives="application/octet-stream",
)
PAIRS = stream(
    "POST",
    "/directory/mass/{plan}/passwords",
    tag=TAG,
    summary="Logins and passwords of a plan as a table (`format` in the query: csv, xlsx), once: they are deleted then",
    access=ROLES,
    gives="application/octet-stream",
)
