"""Makes the attachments of the seeded letters: small, real, and the same every time."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from .compose import File
from .winmail import packed


def made(name: str) -> File:
    """The file of that name; its ending says what it is. Raises KeyError for an ending that is not known."""
    ending = name.rpartition(".")[2].lower()
    title = name.rpartition(".")[0].replace("-", " ").replace("_", " ")
    kind, make = _KINDS[ending]
    return File(name, kind, make(title))


def pdf(title: str) -> bytes:
    """One page with its title on it."""
    shown = title.encode("ascii", "replace").decode().replace("(", "").replace(")", "")
    text = f"BT /F1 24 Tf 72 720 Td ({shown}) Tj ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + table + tail


def png(title: str, width: int = 64, height: int = 40) -> bytes:
    """A soft gradient whose colours follow from the title."""
    *colours, slope = hashlib.sha256(title.encode()).digest()[:4]
    step = 1 + slope % 3
    ramp = bytes(
        min(255, (colour + light * 2) // 2 + 40) for light in range(width + height * step) for colour in colours
    )
    rows = b"".join(b"\0" + ramp[3 * y * step : 3 * (y * step + width)] for y in range(height))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, [*chunks, (b"IEND", b"")]))


def _chunk(chunk: tuple[bytes, bytes]) -> bytes:
    kind, data = chunk
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def csv(title: str) -> bytes:
    rows = ["date,what,amount"]
    for number, octet in enumerate(hashlib.sha256(title.encode()).digest()[:12], 1):
        rows.append(f"2026-{number:02}-14,{title} {number},{octet * 7 % 900 / 4 + 12:.2f}")
    return ("\r\n".join(rows) + "\r\n").encode()


def archive(title: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in ((f"{title}/README.txt", note(title)), (f"{title}/preview.png", png(title))):
            packed.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 12, 0, 0)), data)  # fixed, so that it is the same
    return held.getvalue()


def vcard(title: str) -> bytes:
    local = title.lower().replace(" ", ".")
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{title}", f"EMAIL:{local}@example.com", "TEL:+1-555-0142", "END:VCARD"]
    return ("\r\n".join(lines) + "\r\n").encode()


def note(title: str) -> bytes:
    return f"{title}\r\n{'=' * len(title)}\r\n\r\nNothing more than this note.\r\n".encode()


def winmail(title: str) -> bytes:
    """A plan and a picture, packed by Outlook."""
    files = (("seating-plan.pdf", pdf("Seating plan")), ("hall-from-above.png", png("hall from above", 320, 200)))
    return packed((*files, (f"{title}-notes.txt", note("Row A is by the door"))))


def tune(title: str) -> bytes:
    """Eight notes of a standard MIDI file."""
    track = b"".join(
        bytes([0, 0x90, 60 + octet % 12, 80, 96, 0x80, 60 + octet % 12, 0])
        for octet in hashlib.sha256(title.encode()).digest()[:8]
    )
    track += b"\x00\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">I", len(track)) + track


_KINDS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "png": ("image/png", png),
    "csv": ("text/csv", csv),
    "zip": ("application/zip", archive),
    "vcf": ("text/vcard", vcard),
    "txt": ("text/plain", note),
    "mid": ("audio/midi", tune),
    "dat": ("application/ms-tnef", winmail),
}
"""What is made by the ending of its name."""
