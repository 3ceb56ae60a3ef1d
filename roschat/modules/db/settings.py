"""What an administrator decides about backups, and what a host knows of its PostgreSQL."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Struct

from roschat.kernel.options import option
from roschat.wire.message import Secret


class Local(Struct, frozen=True):
    """db.toml."""

    programs: Annotated[Path | None, option("Folder of pg_dump and pg_restore", "Папка с pg_dump и pg_restore")] = None


class Settings(Struct, frozen=True):
    """Section `db`."""

    __title__ = ("Backups", "Резервное копирование")

    schedule: Annotated[
        Literal["off", "daily", "weekly"], option("Backups by schedule", "Резервирование по расписанию")
    ] = "daily"
    weekday: Annotated[
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
        option("Day of a weekly backup", "День еженедельной копии"),
    ] = "sunday"
    time: Annotated[
        str,
        option("Time of day, HH:MM", "Время суток, ЧЧ:ММ", pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    ] = "03:30"
    keep_count: Annotated[
        int,
        option(
            "Scheduled archives to keep, 0 = any number",
            "Сколько копий по расписанию хранить, 0 = сколько угодно",
            description="Archives made by hand or uploaded stay until somebody deletes them.",
            description_ru="Копии, сделанные вручную или загруженные, остаются, пока их не удалят.",
            ge=0,
            le=1000,
        ),
    ] = 7
    keep_days: Annotated[
        int,
        option(
            "Days to keep scheduled archives, 0 = for ever",
            "Сколько дней хранить копии по расписанию, 0 = всегда",
            ge=0,
            le=3650,
        ),
    ] = 30
    folder: Annotated[
        str,
        option(
            "Folder for archives",
            "Папка для копий",
            description="An absolute path; empty: backups in the data folder. Better a disk of its own.",
            description_ru="Абсолютный путь; пусто: backups в папке данных. Лучше отдельный диск.",
            pattern="^(/.*)?$",
            max_length=1000,
        ),
    ] = ""
    passphrase: Annotated[
        Secret,
        option(
            "Passphrase to encrypt archives with",
            "Парольная фраза для шифрования копий",
            description="8 characters or more; empty: archives are not encrypted. Without it nobody opens them: write "
            "it down outside of this server.",
            description_ru="От 8 символов; пусто: копии не шифруются. Без неё копии не открыть: запишите её вне "
            "этого сервера.",
            secret=True,
            pattern="^(.{8,})?$",
            max_length=256,
        ),
    ] = ""
