"""Where the data folder really lies when the program is run by root inside a closed home.

PostgreSQL refuses to run as root, and the account it runs under may not enter, say, /root; opening that folder is not
ours to decide. Then `./var` becomes a link into /var/lib, which every account may walk through.
"""

from pathlib import Path

from roschat.kernel.postgres_binaries import account_for, enters
from roschat.kernel.process import FolderFailed

OUTSIDE = Path("/var/lib/roschat")


def open_home(data: Path, outside: Path = OUTSIDE) -> str:
    """Make `data` a link to `outside` when PostgreSQL could not be reached inside it; answers a sentence, or "".

    A data folder that exists stays what it is. Raises FolderFailed when `outside` is somebody else's already.
    """
    if data.exists() or data.is_symlink():
        return ""
    account = account_for(data)
    if account is None or enters(data.absolute().parent, account):
        return ""
    if outside.exists() and any(outside.iterdir()):
        raise FolderFailed(
            f"The database cannot be kept in {data.absolute()}, because the folder above is closed to its account, and "
            f"{outside} is in use: choose a folder with --data DIR."
        )
    outside.mkdir(parents=True, exist_ok=True)
    data.symlink_to(outside)
    return f"PostgreSQL's account may not enter {data.absolute().parent}, so {data} is now a link to {outside}."
