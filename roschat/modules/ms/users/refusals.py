"""What a sign-in to the console may be refused with, beside the errors of the kernel."""

from roschat.kernel.errors import RoschatError
from roschat.modules.ms.users.api import Factor


def bad_login() -> RoschatError:
    """One answer for an unknown login, a wrong password and a deactivated user."""
    return RoschatError("The login or the password is wrong.", "bad-login-psw")


def bad_password() -> RoschatError:
    """One's own password, asked again before something important, is wrong."""
    return RoschatError("The password is wrong.", "bad-login-psw")


def second_factor(text: str, factor: Factor, why: str) -> RoschatError:
    """The password is right; `why` says what about the code: needed, bad-value."""
    return RoschatError(text, "second-factor", fields={"factor": factor.value, "code": why})


def must_change() -> RoschatError:
    """Nothing opens before the password was changed."""
    text = "Change your password first (PUT /api/v1/session/password); nothing else opens before."
    return RoschatError(text, "password-must-change")
