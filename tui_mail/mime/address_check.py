"""Whether an address can be sent to, said in a sentence where it cannot."""

from __future__ import annotations

from tui_mail.model.errors import BadAddress

from .clean import line

_LONGEST_LOCAL, _LONGEST = 64, 254
"""Octets (RFC 5321 section 4.5.3.1)."""


def check(email: str) -> str:
    """The address as it goes on the wire: local part normalised, domain in lower case and punycode.

    Raises BadAddress. Asks no DNS; special-use domains (`.local`, `.test`) are let through, see `is_special`.
    """
    from email_validator import EmailNotValidError, validate_email  # imported late: it brings idna's tables along

    shown = line(email)[:100]
    if not email or any(char in email for char in "\r\n\0"):
        raise BadAddress(f"“{shown}” is not an address." if email else "The address is empty.")
    # The validator refuses special-use names outright, so such a name is judged as a name below .com.
    below = ".com" if is_special(email) else ""
    try:
        found = validate_email(email + below, check_deliverability=False, allow_quoted_local=True)
    except EmailNotValidError as error:
        raise BadAddress(f"“{shown}” is not an address: {line(str(error))}") from error
    domain = found.ascii_domain
    if domain is None:  # an address literal, which the validator does not let through here
        raise BadAddress(f"“{shown}” is not an address: its host is a number.")
    email = f"{found.local_part}@{domain.removesuffix(below) if below else domain}"
    if len(found.local_part.encode()) > _LONGEST_LOCAL or len(email.encode()) > _LONGEST:
        raise BadAddress(f"“{shown[:40]}…” is longer than mail allows.")
    return email


def is_special(email: str) -> bool:
    """Whether the domain never leaves this network (RFC 6761): worth a warning before sending."""
    from email_validator import SPECIAL_USE_DOMAIN_NAMES

    domain = email.rpartition("@")[2].lower().rstrip(".")
    return any(domain == name or domain.endswith("." + name) for name in SPECIAL_USE_DOMAIN_NAMES)
