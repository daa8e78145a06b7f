"""Whether a folder lies on a disk that other machines write too: two of them must never share one database.

SQLite's write-ahead log needs memory that all its users share (sqlite.org/wal.html), which two machines never do.
"""

from __future__ import annotations

import re
from pathlib import Path

_SHARED = re.compile(
    r"nfs\d?|cifs|smb\w*|afs|ceph|lustre|glusterfs|beegfs|fuse\.(?:sshfs|rclone|davfs|glusterfs|smb\w*)"
)
SHARED = (
    "Another tui-mail keeps this mail, and it lies on a network disk ({}), which two programs cannot read together."
)
SHARED_REMEDY = "End the other one, perhaps on another machine; or set TUI_MAIL_DATA to a folder of this machine."
ON_NETWORK = (
    "Your mail lies on a network disk ({}): run tui-mail on one machine at a time. TUI_MAIL_DATA names a folder of this"
    " machine instead."
)
_TABLE = Path("/proc/self/mountinfo")


def network(folder: Path, table: str | None = None) -> str:
    """The kind of network disk that the folder lies on (`nfs4`); empty for a disk of this machine, and where the
    system does not tell. `table`: another mountinfo (proc(5)) than the system's."""
    if table is None:
        try:
            table = _TABLE.read_text(errors="surrogateescape")
        except OSError:
            return ""
    place, kind = Path(), ""
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split()
        if len(fields) > 4 and right:
            mounted = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[4]))
            if folder.is_relative_to(mounted) and len(mounted.parts) >= len(place.parts):
                place, kind = mounted, right.split()[0]
    return kind if _SHARED.fullmatch(kind) else ""
