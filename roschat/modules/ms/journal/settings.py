"""How long the journal of changes is kept."""

from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option
from roschat.types import Role


class Settings(Struct, frozen=True, kw_only=True):
    """Section `audit`."""

    __title__ = ("Journal of changes", "Журнал изменений")
    __owner__ = Role.SECURITY

    keep_days: Annotated[
        int,
        option(
            "The journal of changes is kept, days; 0: for ever",
            "Журнал изменений хранится, дней; 0 — всегда",
            ge=0,
            le=36_500,
        ),
    ] = 1095
