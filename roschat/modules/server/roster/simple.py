"""The simple mode of adding, written as a change with templates: both modes are one engine."""

from msgspec.structs import replace

from roschat.kernel.formats import is_host, refuse
from roschat.modules.server.roster.api import MassChange, MassField, MassNumbers
from roschat.modules.server.roster.templates import literal

FORMS = ("number", "number-login", "number-login-domain")
MOST = 50_000
LARGEST = 10**15


def change_of(numbers: MassNumbers, change: MassChange) -> MassChange:
    """`change` with number, surname and login of the simple mode. Raises Invalid with the fields of `numbers`."""
    last = numbers.first + numbers.step * (numbers.count - 1)
    refuse(
        {
            "numbers.first": "" if 0 <= numbers.first < LARGEST else "bad-value",
            "numbers.count": "" if 1 <= numbers.count <= MOST else "bad-value",
            "numbers.step": "" if 1 <= numbers.step < LARGEST and last < LARGEST else "bad-value",
            "numbers.loginForm": "" if numbers.login_form in FORMS else "bad-value",
            "numbers.login": "empty" if numbers.login_form == "number-login" and not numbers.login.strip() else "",
            "numbers.domain": _reason_of_domain(numbers),
            "numbers.name": "" if numbers.name.strip() else "empty",
        }
    )
    number = "$CONTACT('number')"
    login = number
    if numbers.login_form != "number" and numbers.login.strip():
        login += "." + literal(numbers.login.strip())
    if numbers.login_form == "number-login-domain":
        login += "@" + literal(numbers.domain)
    fields = [
        MassField("number", f"$INC({numbers.first},{numbers.step})"),
        MassField("surname", f"{literal(numbers.name.strip())} {number}"),
    ]
    return replace(change, fields=[*fields, *change.fields], login=login)


def _reason_of_domain(numbers: MassNumbers) -> str:
    if numbers.login_form != "number-login-domain":
        return ""
    if not numbers.domain:
        return "empty"
    return "" if is_host(numbers.domain) else "bad-host"
