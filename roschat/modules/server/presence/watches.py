"""Who looks at whom: sets of contacts per session, and the way back from a contact to those who look."""

from collections.abc import Iterable

from roschat.types import ContactId, SessionId


class Watches:
    """In memory, of the sessions that asked this process."""

    def __init__(self) -> None:
        self._watched: dict[SessionId, tuple[ContactId, frozenset[ContactId]]] = {}
        self._watching: dict[ContactId, dict[SessionId, ContactId]] = {}

    def __len__(self) -> int:
        return len(self._watched)

    def watch(self, session: SessionId, viewer: ContactId, cids: Iterable[ContactId]) -> None:
        """From now on the session of `viewer` looks at exactly these contacts."""
        self.forget(session)
        wanted = frozenset(cids)
        if not wanted:
            return
        self._watched[session] = viewer, wanted
        for cid in wanted:
            self._watching.setdefault(cid, {})[session] = viewer

    def of(self, viewer: ContactId) -> list[tuple[SessionId, list[ContactId]]]:
        """The sessions of a viewer and what each looks at."""
        return [(session, sorted(cids)) for session, (by, cids) in self._watched.items() if by == viewer]

    def forget(self, session: SessionId) -> None:
        """The session looks at nobody."""
        _, cids = self._watched.pop(session, (None, frozenset()))
        for cid in cids:
            watching = self._watching[cid]
            del watching[session]
            if not watching:
                del self._watching[cid]

    def readers(self, changed: Iterable[ContactId]) -> dict[tuple[ContactId, ...], list[ContactId]]:
        """The viewers of changed contacts, grouped by what they look at, so that one frame serves a group."""
        seen: dict[ContactId, list[ContactId]] = {}
        for cid in sorted(changed):
            for viewer in dict.fromkeys(self._watching.get(cid, {}).values()):
                seen.setdefault(viewer, []).append(cid)
        groups: dict[tuple[ContactId, ...], list[ContactId]] = {}
        for viewer, cids in seen.items():
            groups.setdefault(tuple(cids), []).append(viewer)
        return groups
