"""How much of the licence is used, counted by the directory, and the questions that the answer decides.

Counting takes a query, and a mass change asks for every row; so a count is kept for some seconds. Whoever was allowed
something counts too until it is stored, however many are in one transaction. Before a refusal it is counted anew.
"""

import logging
from collections.abc import Callable

from roschat.kernel.bus import Bus
from roschat.kernel.clock import Clock
from roschat.kernel.errors import Denied, RoschatError
from roschat.modules.server.accounts.api import MayHaveAccount
from roschat.modules.server.contacts.api import ContactFilter, ContactIds, MayGrantService, ServiceCounts, ServiceType
from roschat.proto.licence import Licence
from roschat.types import ContactId

log = logging.getLogger(__name__)

FRESH = 5.0
"""Seconds that a count is good for."""
PATIENCE = 60.0
"""Seconds in which what was allowed is stored, or never."""
COUNTED = {"people": "account", "computers": "computer", "sip_phones": "sip"}
"""Limits that the directory counts, by what it calls them."""
SAID = {"people": "people with an account", "computers": "computer clients", "sip_phones": "SIP telephones"}


class Usage:
    """`licence` is what holds now."""

    def __init__(self, bus: Bus, clock: Clock, licence: Callable[[], Licence]) -> None:
        self._bus = bus
        self._clock = clock
        self._licence = licence
        self._counts: dict[str, int] = {}
        self._allowed: dict[str, dict[ContactId, float]] = {limit: {} for limit in COUNTED}
        """When somebody was allowed something that was not stored yet when we counted last."""
        self._counted = -FRESH

    async def counts(self) -> dict[str, int]:
        """By the names of limits; empty while the directory does not answer."""
        if self._clock.monotonic() - self._counted >= FRESH:
            await self._count()
        return {limit: count + len(self._allowed[limit]) for limit, count in self._counts.items()}

    async def may_have_account(self, question: MayHaveAccount) -> None:
        """Answer may-have-account."""
        await self._one_more("people", question.cid)

    async def may_grant_service(self, question: MayGrantService) -> None:
        """Answer may-grant-service."""
        for limit, service in COUNTED.items():
            if service == question.service.value:
                await self._one_more(limit, question.cid)

    async def _one_more(self, limit: str, cid: ContactId) -> None:
        most = getattr(self._licence(), limit)
        if (await self.counts()).get(limit, 0) >= most:
            await self._count()
            used = (await self.counts()).get(limit, 0)
            if used >= most and limit in self._counts and cid not in self._allowed[limit]:
                raise Denied(
                    f"The licence is for {most} {SAID[limit]}, and {used} are there: free one, or extend the licence "
                    "(Settings › Licence).",
                    "licence-limit",
                )
        self._allowed[limit][cid] = self._clock.monotonic()

    async def _count(self) -> None:
        try:
            counted = await self._bus.call(ServiceCounts())
            for limit, allowed in self._allowed.items():
                await self._forget_stored(limit, allowed)
        except RoschatError as error:
            # Who cannot be counted is not refused: nothing stops because of the licence.
            log.warning("what is used of the licence is not known: %s", error.text)
            counted = {}
        self._counted = self._clock.monotonic()
        # A service that nobody has is not counted.
        self._counts = {limit: counted.get(name, 0) for limit, name in COUNTED.items()} if counted else {}

    async def _forget_stored(self, limit: str, allowed: dict[ContactId, float]) -> None:
        """Those that the directory counts now, and those whose change came to nothing."""
        for cid in [cid for cid, time in allowed.items() if self._clock.monotonic() - time > PATIENCE]:
            del allowed[cid]
        if allowed:
            services = [] if limit == "people" else [ServiceType(COUNTED[limit])]
            wanted = ContactFilter(account="with", services=services, cids=list(allowed))
            for cid in await self._bus.call(ContactIds(wanted)):
                allowed.pop(cid, None)
