"""Mail on a disk that other machines write too: said once, and never read by two programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.world import SETTINGS, Ears, Machine
from tui_mail.backend.memory import MemoryStore
from tui_mail.config.credentials import Credentials
from tui_mail.engine.mail import Mail
from tui_mail.engine.mounts import network
from tui_mail.model.errors import StorageFailed
from tui_mail.model.event import Noticed

TABLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /home rw,relatime shared:9 - nfs4 files.example.org:/home rw,vers=4.2
41 40 8:2 / /home/ann/with\\040blank rw,relatime - xfs /dev/sdb1 rw
42 22 0:36 / /mnt/there rw,nosuid master:3 - fuse.sshfs ann@example.org:/ rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/mail", ""),
        ("/home/ann/.local/share/tui-mail", "nfs4"),
        ("/home/ann/with blank/mail", ""),
        ("/homework", ""),
        ("/mnt/there/mail", "fuse.sshfs"),
    ],
)
def test_a_network_disk_is_known_by_the_mount_that_is_nearest(folder: str, kind: str) -> None:
    assert network(Path(folder), TABLE) == kind


def test_a_system_that_tells_nothing_has_no_network_disk() -> None:
    assert network(Path("/home"), "") == ""


def test_it_is_said_once_and_a_second_program_stays_away(tmp_path: Path) -> None:
    here = Machine(tmp_path / "data")

    def program() -> tuple[Mail, Ears]:
        mail = Mail(
            SETTINGS,
            here.data,
            connect=lambda account: MemoryStore(here.box),
            carry=lambda account: here.sender,
            credentials=Credentials(ask=True),
            network=lambda folder: "nfs4",
        )
        return mail, Ears()

    first, ears = program()
    first.start(ears.listen)
    try:
        assert "network disk (nfs4)" in ears.wait(Noticed).text
        second, others = program()
        with pytest.raises(StorageFailed, match="two programs cannot read together"):
            second.start(others.listen)
    finally:
        first.close()
    again, ears = program()
    again.start(ears.listen)
    assert again.settled() and not ears.of(Noticed)
    again.close()
