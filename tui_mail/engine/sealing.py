"""Letters signed, encrypted, opened and checked with the person's own keys."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from tui_mail.backend.gnupg import Gnupg, Ran
from tui_mail.config.settings import Account
from tui_mail.mime import header, sealed
from tui_mail.mime.build import Wrap
from tui_mail.mime.clean import line
from tui_mail.mime.contents import Entity
from tui_mail.mime.seven_bit import seven_bit
from tui_mail.model.draft import Draft
from tui_mail.model.errors import BadInput, MailError, PassphraseWanted
from tui_mail.model.seal import Seal, Signature

from .in_text import Armored

_KEPT = 4
"""Opened letters that are kept in memory, for their attachments."""
_LARGEST_KEPT = 20_000_000


def _always() -> bool:
    """Nobody calls it off."""
    return True


class Sealing:
    """Runs gpg on the thread of whoever calls; nothing that it opens is written to the disk."""

    def __init__(self, accounts: Mapping[str, Account], gpg: Gnupg | None = None, gpgsm: Gnupg | None = None) -> None:
        self._accounts = accounts
        self._gpg = gpg or Gnupg("gpg")
        self._gpgsm = gpgsm or Gnupg("gpgsm")
        self._lock = threading.Lock()
        self._opened: OrderedDict[bytes, tuple[bytes, Seal]] = OrderedDict()
        self.in_text = Armored(self._gpg, lambda seal, ran, raw: self._judged(seal, self._gpg, ran, raw), _closed)
        """PGP that is written into the text of a letter."""

    # --- letters that go out

    def wrap(self, draft: Draft, *, ask: bool = False, is_wanted: Callable[[], bool] = _always) -> Wrap | None:
        """What signs or encrypts this letter as it is built; None where neither is wished.

        It raises BadInput where a key is missing, PassphraseWanted unless `ask`, Cancelled; nothing was sent then.
        """
        gpg = self._gpg.while_wanted(is_wanted)
        account = self._accounts.get(draft.account)
        if account is None:
            return None  # whoever builds it says so
        wants_sign = account.sign if draft.sign is None else draft.sign
        may_encrypt = account.encrypt if draft.encrypt is None else draft.encrypt
        if not (wants_sign or may_encrypt):
            return None

        def wrapped(content: Entity, sender: str, shown: tuple[str, ...], hidden: tuple[str, ...]) -> Entity:
            people = _people(gpg, (*shown, *hidden)) if may_encrypt else {}
            unknown = [address for address, key in people.items() if not key]
            if draft.encrypt and unknown:
                raise BadInput(
                    f"There is no key of {', '.join(unknown)}, so nothing was sent.",
                    remedy="Import the key, or send it unencrypted (F9).",
                )
            is_secret = may_encrypt and not unknown
            if not (wants_sign or is_secret):
                return content
            own = _own_key(gpg, account, sender)
            entity = seven_bit(content.part)
            if not is_secret:
                return sealed.signed(entity, *gpg.sign(entity, own, ask=ask))
            keys = [own, *(people[one] for one in shown)]
            data = gpg.encrypt(
                content.part, keys, [people[one] for one in hidden], signer=own if wants_sign else "", ask=ask
            )
            return sealed.encrypted(data)

        return wrapped

    def knows(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """Those of these addresses whose key is in the keyring."""
        return tuple(address for address, key in _people(self._gpg, addresses).items() if key)

    def autocrypt(self, draft: Draft, address: str, is_wanted: Callable[[], bool] = _always) -> list[str]:
        """The header that offers the own key, in pieces; empty where keys are not used or there is none."""
        account = self._accounts[draft.account]
        if not (account.sign or account.encrypt or draft.sign or draft.encrypt) or not self._gpg.is_there:
            return []
        gpg = self._gpg.while_wanted(is_wanted)
        try:
            key = _own_key(gpg, account, address)
        except BadInput:
            return []
        return sealed.autocrypt_line(address, gpg.export(key))

    # --- letters that came

    def open(self, raw: bytes, *, ask: bool = False) -> tuple[bytes, Seal | None]:
        """The letter with its content opened where it was encrypted, and what is to be said of its protection.

        Never raises for what is in the letter; Cancelled where the person gave no passphrase.
        """
        found = sealed.find(raw)
        if found is None:
            return raw, None
        digest = sha256(raw).digest()
        with self._lock:
            kept = self._opened.get(digest)
        if kept is not None:
            return kept
        letter, seal = self._open(raw, found, ask)
        if seal.is_encrypted and not (seal.is_locked or seal.trouble) and len(letter) < _LARGEST_KEPT:
            with self._lock:
                self._opened[digest] = letter, seal
                while len(self._opened) > _KEPT:
                    self._opened.popitem(last=False)
        return letter, seal

    def _open(self, raw: bytes, found: sealed.Sealed, ask: bool) -> tuple[bytes, Seal]:
        seal = Seal("S/MIME" if found.form.startswith("smime") else "PGP")
        program = self._gpgsm if seal.scheme == "S/MIME" else self._gpg
        if found.form == "part":
            return raw, replace(seal, is_part=True)
        is_encrypted = found.form.endswith("encrypted")
        seal = replace(seal, is_encrypted=is_encrypted)
        if not program.is_there:
            name = "gpgsm" if seal.scheme == "S/MIME" else "gpg"
            words = f"{'Encrypted' if is_encrypted else 'Signed'} ({seal.scheme}), and {name} is not installed"
            return raw, replace(seal, trouble=words)
        try:
            match found.form:
                case "pgp-signed" | "smime-signed":
                    return raw, self._judged(seal, program, program.verify(found.data, found.signature), raw)
                case "smime-opaque":
                    ran = program.unwrap(found.data)
                    inside = sealed.opened(raw, ran.output) if ran.output else raw
                    return inside, self._judged(seal, program, ran, raw)
            ran = program.decrypt(found.data, ask=ask)
        except PassphraseWanted:
            return raw, replace(seal, is_locked=True)
        except BadInput as error:
            return raw, replace(seal, trouble=error.text)
        except MailError as error:
            if ask:
                raise
            return raw, replace(seal, trouble=error.text)
        if not ran.output:
            return raw, replace(seal, trouble=_closed(ran))
        inside = sealed.opened(raw, ran.output)
        signs = ran.of("GOODSIG", "BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG")
        if not signs and (inner := sealed.find(inside)) is not None and inner.form in ("pgp-signed", "smime-signed"):
            ran = program.verify(inner.data, inner.signature)  # signed first, then encrypted (RFC 3156 section 6.1)
            return inside, self._judged(seal, program, ran, raw)
        return inside, self._judged(seal, program, ran, raw) if signs else seal

    def _judged(self, seal: Seal, program: Gnupg, ran: Ran, raw: bytes) -> Seal:
        """The verdict on a signature. Of several the worst counts."""
        verdicts = [_verdict(keyword, rest) for keyword, rest in ran.status if keyword in _VERDICTS]
        if not verdicts:
            return replace(seal, signature="broken")
        signature, key, signer = max(verdicts, key=lambda one: _BADNESS.index(one[0]))
        valid = [rest.split()[0] for rest in ran.of("VALIDSIG") if rest]
        fingerprint = valid[0] if len(valid) == 1 else key
        if signature == "good":
            owner = next(iter(program.keys(fingerprint)), None) if valid else None
            emails = owner.emails if owner is not None else ()
            if len(verdicts) != 1 or len(valid) != 1:
                signature = "broken"
            elif _sender(raw) not in emails:
                signature = "other"
            elif not ran.of("TRUST_FULLY", "TRUST_ULTIMATE"):
                signature = "doubtful"
        return replace(seal, signature=signature, signer=line(signer)[:120], fingerprint=fingerprint)

    def take_key(self, raw: bytes) -> str:
        """Puts the key that a letter offers (Autocrypt) into the keyring; whose it is. Raises BadInput.

        A key that would bring other addresses along is refused: the header speaks for its sender alone.
        """
        offered = sealed.autocrypt_key(raw)
        if offered is None:
            raise BadInput("This letter offers no key.")
        address, key = offered
        if [one.emails for one in self._gpg.look(key)] != [(address.lower(),)]:
            raise BadInput(f"What this letter offers is not one key of {address} alone, so it was not taken.")
        if not self._gpg.take(key):
            raise BadInput(f"The key of {address} was here already, or cannot be used.")
        return address


def _people(gpg: Gnupg, addresses: Sequence[str]) -> dict[str, str]:
    """The fingerprint of each address's key, empty where none is known."""
    found = {}
    for address in addresses:
        keys = [key for key in gpg.keys(address) if key.can_encrypt]
        found[address] = keys[0].fingerprint if keys else ""
    return found


def _own_key(gpg: Gnupg, account: Account, sender: str) -> str:
    keys = [key for key in gpg.keys(account.pgp_key or sender, secret=True) if key.can_sign]
    if not keys:
        raise BadInput(
            f"There is no secret key of {account.pgp_key or sender}, so nothing was sent.",
            remedy="Make one with gpg --quick-generate-key, or name it in pgp_key.",
        )
    return keys[0].fingerprint


def is_secret(draft: Draft, account: Account) -> bool:
    """Whether the letter is, or may be, encrypted: then it never leaves this machine in the clear."""
    return account.encrypt if draft.encrypt is None else draft.encrypt


_VERDICTS = ("GOODSIG", "BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG")
_BADNESS: tuple[Signature, ...] = ("good", "missing", "expired", "broken", "bad")
_MISSING_KEY = "9"


def _verdict(keyword: str, rest: str) -> tuple[Signature, str, str]:
    """(verdict, number of the key, who the key says it belongs to)."""
    key, _, signer = rest.partition(" ")
    match keyword:
        case "GOODSIG":
            return "good", key, signer
        case "BADSIG":
            return "bad", key, signer
        case "ERRSIG":
            pieces = rest.split()
            return ("missing" if len(pieces) > 5 and pieces[5] == _MISSING_KEY else "broken"), key, ""
        case _:
            return "expired", key, signer


def _sender(raw: bytes) -> str:
    """The one address in From, lower case; empty where there is not exactly one."""
    head, _ = header.split(raw)
    people = [one for name, value in header.fields(head) if name.lower() == "from" for one in header.addresses(value)]
    return people[0].email.lower() if len(people) == 1 else ""


def _closed(ran: Ran) -> str:
    if ran.of("NO_SECKEY") and not ran.of("DECRYPTION_OKAY"):
        return "Encrypted, but for none of your keys"
    if ran.of("DECRYPTION_OKAY") or ran.of("BADMDC"):
        return "Encrypted without a proof that nobody changed it, so it stays closed"
    return f"Encrypted, and it cannot be opened: {ran.words or 'gpg does not say why'}"
