"""One conversation with the mail server: connect, encrypt, sign in, hand letters over.

Every way in which it can go wrong has a *cause*, one word that the console explains in its language, and a sentence.
What concerns the server (or our account there) stops all letters; what concerns one letter stops only that one.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiosmtplib
from aiosmtplib import SMTP

from roschat.modules.ms.mail.settings import Settings

STEP = 15.0
"""Seconds for one answer of the server."""
WHOLE = 60.0
"""Seconds for connecting and signing in, and again for each letter: a server that drips its answers gets no more."""
SHOWN = 200
"""Characters of the server's own words in our sentence."""


class MailTrouble(Exception):
    """A letter was not handed over. `cause` as in `MailTest`."""

    def __init__(self, cause: str, text: str) -> None:
        super().__init__(text)
        self.cause = cause
        self.text = text


class ServerTrouble(MailTrouble):
    """Nothing can be sent now: the server is away, or does not let us in."""


class LetterRefused(MailTrouble):
    """The server does not take this letter; `final` when it will not take it later either (5xx)."""

    def __init__(self, cause: str, text: str, *, final: bool) -> None:
        super().__init__(cause, text)
        self.final = final


class Visit:
    """A signed-in conversation. `steps` are those of `MailTest` that are done."""

    def __init__(self, client: SMTP, settings: Settings, steps: list[str]) -> None:
        self._client = client
        self._settings = settings
        self.steps = steps

    async def hand_over(self, to: str, letter: bytes, whole: float = WHOLE) -> None:
        """Give one letter to the server. Raises LetterRefused (the visit goes on) or ServerTrouble."""
        try:
            async with asyncio.timeout(whole):
                await self._sender()
                await self._client.rcpt(to)
                await self._client.data(letter)
        except aiosmtplib.SMTPRecipientRefused as error:
            await self._anew()
            raise _refused("address", f"The mail server does not take letters to {to}", error) from None
        except aiosmtplib.SMTPDataError as error:
            await self._anew()
            raise _refused("letter", f"The mail server does not take the letter to {to}", error) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _trouble(error, self._settings) from None
        self.steps.append("sent")

    async def try_sender(self, to: str = "") -> None:
        """Ask whether our sender address, and the recipient, would be taken; nothing is sent."""
        try:
            await self._sender()
            self.steps.append("accepted")
            if to:
                await self._client.rcpt(to)
        except aiosmtplib.SMTPRecipientRefused as error:
            raise _refused("address", f"The mail server does not take letters to {to}", error) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _trouble(error, self._settings) from None
        finally:
            await self._anew()

    async def _sender(self) -> None:
        await self._client.mail(self._settings.address)

    async def _anew(self) -> None:
        """Forget the letter that was begun. A server that cannot even do this is found out at the next one."""
        try:
            if self._client.is_connected:
                await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()


@asynccontextmanager
async def visit(settings: Settings, step: float = STEP, whole: float = WHOLE) -> AsyncIterator[Visit]:
    """Go to the mail server of the settings; hang up at the end. Raises ServerTrouble.

    `step` and `whole` are seconds: for one answer, and for everything until letters can be handed over.
    """
    steps: list[str] = []
    context = await asyncio.to_thread(_tls, settings.verify_certificate)
    domain = settings.address.rpartition("@")[2] or "localhost"
    client = SMTP(
        hostname=settings.host,
        port=settings.port,
        timeout=step,
        use_tls=settings.security == "SSL/TLS",
        start_tls=False,
        tls_context=context,
        local_hostname=domain,
    )
    try:
        try:
            async with asyncio.timeout(whole):
                await _enter(client, settings, steps.append)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _trouble(error, settings) from None
        yield Visit(client, settings, steps)
    finally:
        await _leave(client)


async def _enter(client: SMTP, settings: Settings, done: Callable[[str], None]) -> None:
    await client.connect()
    done("connected")
    if settings.security == "SSL/TLS":
        done("encrypted")
    await client.ehlo()
    if settings.security == "STARTTLS":
        if not client.supports_extension("starttls"):
            raise ServerTrouble("tls", f"{settings.host} offers no STARTTLS on port {settings.port}; see its settings.")
        await client.starttls()
        await client.ehlo()
        done("encrypted")
    if settings.sign_in:
        if not client.supported_auth_methods:
            raise ServerTrouble(
                "no-authentication",
                f"{settings.host} lets nobody sign in on this connection; choose another method of security, or switch "
                "signing in off.",
            )
        await client.login(settings.username, settings.password)
        done("signed-in")


async def _leave(client: SMTP) -> None:
    try:
        if client.is_connected:
            await client.quit(timeout=2)
    except (aiosmtplib.SMTPException, OSError):
        # It has our letters, or said why not; how it says goodbye does not matter.
        pass
    finally:
        client.close()


def _tls(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _refused(cause: str, text: str, error: aiosmtplib.SMTPResponseException) -> LetterRefused:
    return LetterRefused(cause, f"{text}: {_words(error)}.", final=error.code >= 500)


def _trouble(error: Exception, settings: Settings) -> ServerTrouble:
    """The cause of a failure. Errors of aiosmtplib hide what the system said in their `__cause__`."""
    place = f"{settings.host}:{settings.port}"
    below = _deepest(error)
    match below:
        case ssl.SSLCertVerificationError():
            return ServerTrouble("tls", f"The certificate of {place} is not good: {below.verify_message}.")
        case ssl.SSLError():
            return ServerTrouble("tls", f"{place} does not speak TLS like this ({below.reason}); see port and method.")
        case socket.gaierror():
            return ServerTrouble("name", f"There is no host {settings.host}; see the address and the DNS servers.")
        case ConnectionRefusedError():
            return ServerTrouble("refused", f"Nobody listens at {place}; see the port and the mail server.")
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return ServerTrouble(
                "authentication", f"{place} does not take the user name and password: {_words(error)}."
            )
        case aiosmtplib.SMTPSenderRefused():
            return ServerTrouble("sender", f"{place} takes no letters from {settings.address}: {_words(error)}.")
        case TimeoutError():
            return ServerTrouble("timeout", f"{place} did not answer in time; see the port, the method and firewalls.")
        case aiosmtplib.SMTPResponseException():
            return ServerTrouble("protocol", f"{place} answered {_words(error)}; is it a mail server?")
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPServerDisconnected():
            return ServerTrouble("lost", f"{place} hung up; see the port, the method and the mail server's log.")
        case OSError():
            return ServerTrouble("refused", f"{place} cannot be reached: {error.strerror or error}.")
    return ServerTrouble("protocol", f"{place} did not speak as a mail server does: {str(error)[:SHOWN]}.")


def _deepest(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _words(error: aiosmtplib.SMTPResponseException) -> str:
    told = " ".join("".join(c if c.isprintable() else " " for c in str(error.message)).split())
    return f"{error.code} {told}"[:SHOWN].rstrip(".")
