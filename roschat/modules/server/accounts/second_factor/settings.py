"""What an administrator may decide about sign-ins from new devices (manual §3.2.9)."""

from typing import Annotated, Literal

from msgspec import Struct

from roschat.kernel.options import option


class Settings(Struct, frozen=True, kw_only=True):
    """Without a mail server none of this has an effect."""

    __title__ = ("Two-factor sign-in", "Двухфакторная авторизация")

    on: Annotated[
        bool,
        option(
            "Two-factor authorisation",
            "Двухфакторная авторизация",
            description="A sign-in from a new device needs a code sent by e-mail. Works when mail is configured.",
            description_ru="Вход с нового устройства — только с кодом из письма. Действует, когда настроена почта.",
        ),
    ] = True
    without_address: Annotated[
        Literal["let-in", "refuse"],
        option(
            "People without an e-mail address",
            "Люди без адреса электронной почты",
            description="let-in: they sign in from new devices by password alone; refuse: they cannot.",
            description_ru="let-in — входят с нового устройства только по паролю; refuse — не входят.",
        ),
    ] = "let-in"
    notice: Annotated[
        bool,
        option(
            "Write a letter about every sign-in from a new device",
            "Письмо о каждом входе с нового устройства",
        ),
    ] = True
