"""Guessed passwords against the whole sign-in."""

import asyncio

from roschat.modules.server.accounts.api import Login
from roschat.modules.server.accounts.tests.office import PASSWORD, Office


async def test_even_the_right_password_waits(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    for _ in range(5):
        assert (await office.login("orlova", "wrong one")).error == "bad-login-psw"
    refused = await office.login("Orlova")
    assert (refused.status, refused.error) == ("error", "too-many-requests")
    office.clock.advance(2)
    assert (await office.login("orlova")).status == "ok"


async def test_parallel_guesses_get_no_further(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    guesses = [office.call(Login("orlova", f"guess {n}"), office.stranger()) for n in range(20)]
    errors = [grant.reply.error for grant in await asyncio.gather(*guesses)]
    assert (errors.count("bad-login-psw"), errors.count("too-many-requests")) == (5, 15)


async def test_tokens_work_while_passwords_wait(office: Office) -> None:
    await office.hire("Орлова", login="orlova")
    tokens = (await office.login("orlova")).tokens
    assert tokens is not None
    for _ in range(6):
        await office.login("orlova", "wrong one")
    assert (await office.login("orlova", PASSWORD)).error == "too-many-requests"
    grant = await office.call(Login(token=tokens.access_token), office.stranger())
    assert grant.reply.status == "ok"
