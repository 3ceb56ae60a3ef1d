"""Whom people ask for help."""

from typing import Annotated

from msgspec import Struct

from roschat.kernel import formats
from roschat.kernel.options import option


class Settings(Struct, frozen=True, kw_only=True):
    """Shown to people in section «Ещё» of their client."""

    __title__ = ("Support", "Служба поддержки")

    contact: Annotated[
        int,
        option(
            "Support contact",
            "Контакт службы поддержки",
            description="Number of the contact that people may write to; 0 for none.",
            description_ru="Номер контакта, которому люди могут написать; 0 — не назначен.",
            ge=0,
            le=2**53,
        ),
    ] = 0
    email: Annotated[str, option("Support e-mail", "E-mail службы поддержки", format="email", max_length=254)] = ""

    def __post_init__(self) -> None:
        formats.refuse({"email": formats.reason("email", self.email, needed=False)})
