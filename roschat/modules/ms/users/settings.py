"""What may be set about signing in to the console."""

from typing import Annotated

from msgspec import Struct

from roschat.kernel.options import option
from roschat.types import Role

DAY = 86_400


class Settings(Struct, frozen=True, kw_only=True):
    """Section `console`. The delays are the limits of kernel/tries."""

    __title__ = ("Console", "Система управления")
    __owner__ = Role.SECURITY

    session_hours: Annotated[int, option("A sign-in lasts, hours", "Вход действует, часов", ge=1, le=24 * 7)] = 12
    remember_days: Annotated[
        int, option("A sign-in with «Remember» lasts, days", "Вход с «Запомнить» действует, дней", ge=1, le=365)
    ] = 30
    tries_per_login: Annotated[
        int,
        option(
            "Wrong passwords for one login before the next has to wait",
            "Неверных паролей для одного логина до первой задержки",
            ge=1,
            le=100,
        ),
    ] = 5
    tries_per_address: Annotated[
        int,
        option(
            "Wrong passwords from one address before the next has to wait",
            "Неверных паролей с одного адреса до первой задержки",
            ge=1,
            le=10_000,
        ),
    ] = 20
    first_delay: Annotated[
        int,
        option(
            "The first delay, seconds; each further failure doubles it",
            "Первая задержка, секунд; каждая следующая ошибка удваивает её",
            ge=1,
            le=3600,
        ),
    ] = 5
    longest_delay: Annotated[int, option("The longest delay, seconds", "Наибольшая задержка, секунд", ge=1, le=DAY)] = (
        900
    )
    forget_tries_after: Annotated[
        int,
        option(
            "Seconds without a failure after which failures are forgotten",
            "Через сколько секунд без ошибок они забываются",
            ge=60,
            le=30 * DAY,
        ),
    ] = 3600
    requests_per_minute: Annotated[
        int,
        option(
            "Requests of one session or key in a minute",
            "Запросов одного сеанса или ключа за минуту",
            description="Whoever asks more often is told to wait.",
            description_ru="Кто спрашивает чаще, получает просьбу подождать.",
            ge=60,
            le=1_000_000,
        ),
    ] = 6000
