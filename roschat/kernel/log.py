"""The log: one JSON object on a line for machines, one readable line on a terminal.

Everything goes through stdlib logging (Twisted's own log too) to stderr; stdout is kept for what a person asked for.
Extra fields are given as `log.info("stored", extra={"chat": 5})`. Fields whose name is in SECRET never show their
value, neither as a field nor as `name=value` or `"name": "value"` inside a text.
"""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TextIO, cast

from twisted.logger import ILogObserver, STDLibLogObserver, globalLogBeginner

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""What the work in this task belongs to; transports set it for each request, every line of the log carries it."""

SECRET = frozenset({
    "password", "passwd", "psw", "pwd", "oldpassword", "newpassword", "secret", "token", "accesstoken", "refreshtoken",
    "authorization", "cookie", "setcookie", "apikey", "privatekey", "sessionkey", "dsn",
})  # fmt: skip
"""Names, in lower case and without - and _, whose values stay out of the log."""

HIDDEN = "***"

_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SECRET_IN_TEXT = re.compile(
    r"""(?ix) (["']? \b (?: old_? | new_? )? (?: password | passwd | psw | pwd | secret | (?:access|refresh)?_?token
    | authorization | cookie | api[-_]?key | (?:private|session)[-_]?key ) ["']? \s* [=:] \s*)
    ( "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | (?: (?:bearer|basic) \s+ )? [^\s,;&}\])]+ )"""
)
_PASSWORD_IN_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+@")
_COLOURS = {logging.WARNING: "\x1b[33m", logging.ERROR: "\x1b[31m", logging.CRITICAL: "\x1b[1;31m"}


def redact(text: str) -> str:
    """The text without the values of secrets in it."""
    return _PASSWORD_IN_ADDRESS.sub(rf"\1{HIDDEN}@", _SECRET_IN_TEXT.sub(rf"\1{HIDDEN}", text))


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return name.lower().replace("_", "").replace("-", "") in SECRET


class JsonLines(logging.Formatter):
    """{"time", "level", "module", "text", "request"?, "trace"?, extra fields}; time in UTC with milliseconds."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the text holds."""
        line: dict[str, object] = {
            "time": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "module": record.name,
            "text": redact(record.getMessage()),
        }
        if request := request_id.get():
            line["request"] = request
        line.update(_extra(record))
        if trace := _trace(self, record):
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)


class Readable(logging.Formatter):
    """For eyes: local time, level when it is not usual, module, text, extra fields; colours on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the trace under it."""
        text = redact(record.getMessage())
        extra = "".join(f" {name}={value}" for name, value in _extra(record).items())
        request = f" [{request_id.get()}]" if request_id.get() else ""
        line = f"{_time(record).astimezone():%H:%M:%S} {record.name}{request}: {text}{extra}"
        if trace := _trace(self, record):
            line += "\n" + trace
        colour = _COLOURS.get(record.levelno)
        return f"{colour}{line}\x1b[0m" if colour else line


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send all logs of the process to `stream` (stderr); called once, by the command line."""
    stream = stream or sys.stderr
    output = logging.StreamHandler(stream)
    output.setFormatter(Readable() if stream.isatty() else JsonLines())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(output)
    root.setLevel(level)
    # Libraries whose informational lines say nothing to an administrator.
    for name in ("asyncio", "psycopg", "psycopg.pool", "nats", "PIL", "twisted"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    capture_twisted()


@cache
def capture_twisted() -> None:
    """Let what Twisted and autobahn log go the same way; a second call changes nothing."""
    globalLogBeginner.beginLoggingTo([cast("ILogObserver", STDLibLogObserver("twisted"))], redirectStandardIO=False)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    extra: dict[str, object] = {}
    for name, value in vars(record).items():
        if name in _ORDINARY:
            continue
        if is_secret(name):
            value = HIDDEN
        elif isinstance(value, str):
            value = redact(value)
        elif isinstance(value, dict):
            value = {key: HIDDEN if is_secret(str(key)) else item for key, item in value.items()}
        extra[name] = value
    return extra


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if record.exc_info and record.exc_info[0] is not None:
        return redact(formatter.formatException(record.exc_info))
    return ""
