"""A letter as bytes: RFC 5322 with Unicode in its headers (RFC 2047), which nobody can add lines to."""

from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from roschat.kernel import formats
from roschat.kernel.errors import Invalid
from roschat.modules.ms.mail.settings import Settings

MAX_SUBJECT = 200
MAX_TEXT = 100_000
"""Characters."""


def check(to: str, subject: str, text: str) -> None:
    """Raises Invalid with `fields` for what cannot become a letter."""
    subject_reason = ""
    if not subject.strip():
        subject_reason = "empty"
    elif len(subject) > MAX_SUBJECT:
        subject_reason = "too-long"
    elif not subject.isprintable():
        # A line break would begin a header of its own; nothing else that does not print belongs here either.
        subject_reason = "bad-value"
    text_reason = "" if text.strip() else "empty"
    if len(text) > MAX_TEXT:
        text_reason = "too-long"
    formats.refuse({"to": formats.reason("email", to), "subject": subject_reason, "text": text_reason})


def written(settings: Settings, number: int, time: float, to: str, subject: str, text: str) -> bytes:
    """The bytes of a letter. The same letter has the same Message-ID at every try, so a second copy can be told."""
    message = EmailMessage(policy=SMTP)
    domain = settings.address.rpartition("@")[2]
    try:
        message["Subject"] = subject
        message["From"] = Address(settings.sender, addr_spec=settings.address)
        message["To"] = Address(addr_spec=to)
        message["Date"] = format_datetime(datetime.fromtimestamp(time, UTC))
        message["Message-ID"] = f"<{int(time)}.{number}@{domain}>"
        # Nobody's holiday notice shall answer the server (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
    except (ValueError, MessageError) as error:
        raise Invalid(f"The letter to {to!r} cannot be written: {error}.") from None
    message.set_content(text, charset="utf-8", cte="base64" if not text.isascii() else None)
    return message.as_bytes()
