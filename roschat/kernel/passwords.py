"""Passwords as Argon2id hashes, computed in a few threads of their own.

A hash takes tens of milliseconds and megabytes by design, so it never runs on the loop, never on more than WORKERS
threads, and never with an endless queue behind it: a flood of sign-ins is refused instead of piling up.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from roschat.kernel.errors import TooMany

T = TypeVar("T")

TIME_COST = 2
MEMORY_COST = 19_456
PARALLELISM = 1
"""OWASP's minimum for Argon2id (19 MiB, two passes): about 25 ms on one core, so that a morning of sign-ins passes
through two threads at 80 per second while a guess still costs what it should. After a change of them a password is
hashed anew at its next sign-in.
"""

WORKERS = 2
WAITING = 200
"""Longer queues than this would outlast the patience of those who wait in them."""


_common = """
00000000 11111111 12121212 123123123 12341234 12344321 12345678 123456789 1234567890 123456qwerty
123qwe123qwe 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 55555555 66666666 77777777 87654321 88888888 987654321
99999999 a1234567 a123456789 aa123456 aaaaaaaa abcd1234 abcdefgh admin123 administrator asdfasdf asdfghjk
asdfghjkl baseball changeme computer football iloveyou internet letmein1 liverpool marina123 michelle
natasha1 password password1 password12 password123 passw0rd p@ssw0rd princess q1w2e3r4 q1w2e3r4t5 qazwsxedc
qqqqqqqq qwer1234 qwerty12 qwerty123 qwertyui qwertyuiop roschat1 roschat123 samsung1 sunshine superman
trustno1 welcome1 zaq12wsx zxcvbnm1 zzzzzzzz йцукенгш йцукенгшщз пароль123 парольпароль привет123 россия123
росчат123 любовь123
"""
COMMON_PASSWORDS = frozenset(_common.split())
"""Long enough, yet the first that anybody tries."""


class Passwords:
    """Hashes and checks passwords off the loop."""

    def __init__(self, time_cost: int = TIME_COST, memory_cost: int = MEMORY_COST) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=PARALLELISM)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="argon2")
        self._waiting = 0
        # What a password for a login that does not exist is compared with: the answer takes just as long.
        self._nobody = self._hasher.hash("nobody's password")

    async def hash(self, password: str) -> str:
        """The hash to keep."""
        return await self._off_loop(lambda: self._hasher.hash(password))

    async def check(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one of the kept hash; with None the same work is done and the answer is no."""
        right = await self._off_loop(lambda: self._verify(password, kept or self._nobody))
        return right and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        """Let the threads end after what they are at."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_loop(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING:
            raise TooMany(f"{self._waiting} people are signing in at this moment; try again in some seconds.")
        self._waiting += 1
        # The thread is not stopped when the caller goes away, so the place is given back when the work is done.
        done = self._pool.submit(work)
        loop_side = asyncio.wrap_future(done)
        loop_side.add_done_callback(self._leave)
        return await asyncio.shield(loop_side)

    def _leave(self, _: asyncio.Future[T]) -> None:
        self._waiting -= 1
