"""Mail: letters of the server to people, sent through the organisation's mail server."""

from msgspec import field

from roschat.types import Seconds
from roschat.wire.declare import ADMIN, INTERNAL, OPERATOR, command, event
from roschat.wire.message import Command, Empty, Event, Message
from roschat.wire.rest import rest


@command("send-mail", access=INTERNAL)
class SendMail(Command[Empty], frozen=True):
    """Put a letter into the queue; it is sent at once when the mail server is there, and tried again when it is not.

    `to` is one address. `invalid` with `fields` when the address is none or the subject holds a line break;
    `mail-off` when no mail server is configured.
    """

    to: str
    subject: str
    text: str
    expires: int = 0
    """Seconds after which it is of no use and not sent any more (a code); 0: the setting `keep_trying`."""


@command("send-letter", access=INTERNAL)
class SendLetter(Command[Empty], frozen=True):
    """Like send-mail, with subject and text of a template.

    `kind` and its `values`: credentials {name, server, login, password}, code {code, minutes, device},
    console-code {code, minutes}, new-device {name, login, device, address, time}, registration {code, minutes},
    known {login}, registered {name, login}, support {name, login, text}. `language` is ru or en; empty: that of the
    mail settings.
    """

    to: str
    kind: str
    values: dict[str, str]
    language: str = ""
    expires: int = 0


class MailState(Message, frozen=True, omit_defaults=False):
    """Whether letters can be sent, and how long the queue is."""

    on: bool
    """A mail server is configured and mail is switched on."""
    waiting: int
    """Letters that wait to be sent."""
    failed: int
    """Letters given up in the last week."""
    sent: int
    """Letters sent in the last week."""
    oldest: Seconds
    """When the letter that waits for longest was written; 0 when none waits."""
    error: str
    """Why the last try failed; empty when it did not."""


@rest("GET", "/mail", tag="mail")
@command("get-mail-state", access=OPERATOR)
class GetMailState(Command[MailState], frozen=True):
    """Whether mail works. Also for other modules: is there a way to send a code?"""


class Letter(Message, frozen=True):
    """A letter of the queue, without its text. `state` is waiting, sent, failed or cancelled."""

    id: int
    to: str
    subject: str
    state: str
    created: Seconds
    tries: int = 0
    next_try: Seconds = Seconds(0)
    ended: Seconds = Seconds(0)
    error: str = ""


class Letters(Message, frozen=True):
    """A page of letters, newest first, and how many there are."""

    letters: list[Letter]
    total: int


@rest("GET", "/mail/letters", tag="mail")
@command("list-letters", access=ADMIN)
class ListLetters(Command[Letters], frozen=True):
    """Letters of the last week: those in one state, or all. `page` counts from 1, `size` is 1 to 200."""

    state: str = ""
    page: int = 1
    size: int = 25


@rest("POST", "/mail/letters/{id}/retry", tag="mail")
@command("retry-letter", access=ADMIN)
class RetryLetter(Command[Empty], frozen=True):
    """Try a letter that waits now. `not-found` when it does not wait (any more): its text is forgotten."""

    id: int


@rest("DELETE", "/mail/letters/{id}", tag="mail")
@command("cancel-letter", access=ADMIN)
class CancelLetter(Command[Empty], frozen=True):
    """Do not send a letter that waits. `not-found` when it does not wait (any more)."""

    id: int


class MailTest(Message, frozen=True, omit_defaults=False):
    """How the test went: `ok`, or the `cause` in one word and a sentence.

    `cause`: off, refused, timeout, name, tls, authentication, no-authentication, sender, address, letter, protocol,
    lost.
    """

    ok: bool
    cause: str = ""
    text: str = ""
    steps: list[str] = field(default_factory=list)
    """What worked before: connected, encrypted, signed-in, accepted, sent."""


@rest("POST", "/mail/test", tag="mail")
@command("test-mail", access=ADMIN)
class TestMail(Command[MailTest], frozen=True):
    """Really talk to the mail server with the settings as they are; with `to` also send a test letter there.

    Without `to` the server is asked whether it lets us in and takes our sender address, and nothing is sent.
    `language` of the test letter is ru or en.
    """

    to: str = ""
    language: str = "ru"


@event("mail-queued")
class MailQueued(Event, frozen=True):
    """There is a letter to send: whoever holds the queue looks at once."""
