"""What Outlook packed into winmail.dat, as a letter again.

It runs in a process of its own, `python -m tui_mail.mime.tnef`. The parser is tnefparse, an optional extra; its input
is a stranger's, so memory and time are bounded around it.
"""

from __future__ import annotations

import base64
import mimetypes
import re
import sys

MISSING = 3
"""The exit status where tnefparse is not installed."""
_MOST_MEMORY = 1_000_000_000
_MOST_SECONDS = 20
_MOST_FILES = 200
_BOUNDARY = "----unpacked-by-tui-mail"


def main() -> int:
    """Octets in, a message out. The status says what went wrong; nothing is said in words."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass  # a system without limits: whoever started this process ends it after a while
    try:
        from tnefparse.tnef import TNEF
    except ImportError:
        return MISSING
    packed = TNEF(sys.stdin.buffer.read(), do_checksum=False)
    parts = [_text(kind, body) for kind, body in (("plain", packed.body), ("html", packed.htmlbody)) if body]
    parts += [_file(_name(one), one.data or b"") for one in packed.attachments[:_MOST_FILES]]
    delimiter = b"--" + _BOUNDARY.encode()
    out = f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{_BOUNDARY}"\r\n\r\n'.encode()
    out += b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts) + delimiter + b"--\r\n"
    sys.stdout.buffer.write(out)
    return 0


def _octets(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def _text(kind: str, body: object) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + base64.encodebytes(_octets(body))


def _name(attachment: object) -> str:
    """Its long name where it has one, else the short one."""
    long = getattr(attachment, "long_filename", None)
    found = (long() if callable(long) else long) or getattr(attachment, "name", "") or "file"
    text = found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)
    return re.sub(r"[\x00-\x1f\x7f]", "_", text.rstrip("\0")).strip() or "file"


def _file(name: str, octets: bytes) -> bytes:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    coded = "".join(f"%{octet:02X}" for octet in name.encode("utf-8", "replace"))
    head = (
        f"Content-Type: {kind}\r\nContent-Disposition: attachment; filename*=utf-8''{coded}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(octets)


if __name__ == "__main__":
    sys.exit(main())
