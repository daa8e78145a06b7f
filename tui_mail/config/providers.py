"""What is known about mail providers: their servers, and what they want before a login works."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

from .settings import Server

Form = Literal["address", "local part"]
"""What a server calls the user: the whole address, or what stands before its @."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Facts about one provider. They are public, and they change: everything can be corrected in the form."""

    name: str
    domains: tuple[str, ...]
    """Addresses that end so are its own; one that begins with a dot stands for all below it."""
    imap: Server
    smtp: Server
    user: Form = "address"
    wants: str = "password"
    """What is typed as the password."""
    hint: str = ""
    """What to do before the login works, in a sentence or two."""
    link: str = ""
    """The page where that is done."""
    is_closed: bool = False
    """No password opens it: it wants OAuth."""

    def login(self, address: str) -> str:
        """What the server calls the user with this address."""
        return address if self.user == "address" else address.rpartition("@")[0]


@dataclass(frozen=True, slots=True)
class Guess:
    """Servers that a domain may have, the likeliest first; each proves its name before it is told anything."""

    imap: tuple[Server, ...]
    smtp: tuple[Server, ...]


def find(address: str) -> Provider | None:
    """The provider of this address, by its domain alone; nobody is asked."""
    domain = _domain(address)
    for provider in PROVIDERS:
        if any(domain == own or (own[0] == "." and domain.endswith(own)) for own in provider.domains):
            return provider
    return None


def at(host: str) -> Provider | None:
    """The provider whose IMAP server this is: for a domain of one's own that is kept there."""
    name = host.strip().rstrip(".").lower()
    return next((provider for provider in PROVIDERS if provider.imap.host == name), None)


def guess(address: str) -> Guess:
    """What to propose where no provider is known. Raises ValueError where there is no domain yet."""
    domain = _domain(address)
    if "." not in domain.strip("."):
        raise ValueError("no domain")
    return Guess(
        imap=tuple(Server(f"{name}.{domain}", 993) for name in ("imap", "mail")),
        smtp=(
            *(Server(f"{name}.{domain}", 465) for name in ("smtp", "mail")),
            *(Server(f"{name}.{domain}", 587, "starttls") for name in ("smtp", "mail")),
        ),
    )


def meant(address: str) -> str:
    """The known domain that a mistyped one (`gmial.com`) was probably meant to be, or empty."""
    domain = _domain(address)
    known = [own for provider in PROVIDERS for own in provider.domains if own[0] != "."]
    if not domain or find(address) is not None:
        return ""
    near = difflib.get_close_matches(domain, known, 1, 0.85)
    same_end = near and (near[0].rpartition(".")[2] == domain.rpartition(".")[2] or near[0].startswith(domain))
    return near[0] if same_end else ""


def table() -> str:
    """The providers as the README shows them."""
    lines = ["| provider | reading (IMAP) | sending (SMTP) | before the first login |", "|---|---|---|---|"]
    for one in PROVIDERS:
        user = "" if one.user == "address" else " The user name is what stands before the @."
        link = f" <{one.link}>" if one.link else ""
        hint = f"{one.hint or 'Nothing: the usual password.'}{user}{link}"
        lines.append(f"| {one.name} | {_shown(one.imap)} | {_shown(one.smtp)} | {hint} |")
    return "\n".join([*lines, ""])


def _shown(server: Server) -> str:
    return f"`{server.host}` {server.port}" + ("" if server.security == "tls" else " STARTTLS")


def _domain(address: str) -> str:
    return address.strip().rstrip(".").rpartition("@")[2].lower() if "@" in address else ""


def _same(name: str, *, imap: str = "imap", smtp: str = "smtp") -> tuple[Server, Server]:
    """The usual pair, both over TLS from the start."""
    return Server(f"{imap}.{name}", 993), Server(f"{smtp}.{name}", 465)


_APP = "app password"
_CODE = "authorisation code (授权码)"
_GOOGLE = (
    "Google wants an app password instead of the usual one: turn on 2-Step Verification, then make one for tui-mail."
)
_MICROSOFT = (
    "Microsoft takes no passwords from mail programs any more, only OAuth, which tui-mail cannot do yet; "
    "forward this mail to another account meanwhile."
)
_NETEASE = (
    "In the web mail, 设置 → POP3/SMTP/IMAP: switch IMAP/SMTP on, and type the 授权码 it shows, not the password."
)
_TENCENT = (
    "In the web mail, 设置 → 账号与安全 → POP3/IMAP/SMTP: switch the service on, "
    "and type the 授权码 it shows, not the password."
)
_ZOHO = "In the web mail, Settings → Mail Accounts: switch IMAP on. With two-factor login make an app password."
_UNITED = (
    "In the web mail, E-Mail → Einstellungen → POP3/IMAP: allow it first. With two-factor login make an app password."
)
_YANDEX = "In the web mail, Settings → Email clients: allow IMAP with app passwords; then make one."


def _zoho(end: str, *domains: str) -> Provider:
    servers = _same(f"zoho.{end}")
    return Provider(f"Zoho ({end})", domains, *servers, hint=_ZOHO, link=f"https://accounts.zoho.{end}/home#security")


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "Gmail, Google Workspace",
        ("gmail.com", "googlemail.com"),
        *_same("gmail.com"),
        wants=_APP,
        hint=_GOOGLE,
        link="https://myaccount.google.com/apppasswords",
    ),
    Provider(
        "Outlook.com, Hotmail",
        (
            *("outlook.com", "hotmail.com", "live.com", "msn.com", "windowslive.com", "passport.com"),
            *(f"outlook.{end}" for end in ("at", "be", "de", "dk", "es", "fr", "ie", "in", "it", "jp", "kr", "pt")),
            *(f"hotmail.{end}" for end in ("co.uk", "de", "es", "fr", "it", "nl", "be", "ca")),
            *(f"live.{end}" for end in ("co.uk", "de", "fr", "it", "nl", "be", "ca", "cn", "jp")),
        ),
        Server("outlook.office365.com", 993),
        Server("smtp-mail.outlook.com", 587, "starttls"),
        hint=_MICROSOFT,
        is_closed=True,
    ),
    Provider(
        "Microsoft 365",
        (".onmicrosoft.com",),
        Server("outlook.office365.com", 993),
        Server("smtp.office365.com", 587, "starttls"),
        hint=_MICROSOFT,
        is_closed=True,
    ),
    Provider(
        "iCloud",
        ("icloud.com", "me.com", "mac.com"),
        Server("imap.mail.me.com", 993),
        Server("smtp.mail.me.com", 587, "starttls"),  # 465 is not served
        wants="app-specific password",
        hint="Apple wants an app-specific password: Sign-In and Security → App-Specific Passwords.",
        link="https://account.apple.com",
    ),
    Provider(
        "Yahoo",
        (
            *("yahoo.com", "ymail.com", "rocketmail.com", "myyahoo.com"),
            *(f"yahoo.{end}" for end in ("ca", "de", "es", "fr", "gr", "ie", "in", "it", "no", "pl", "ro", "se")),
            *(f"yahoo.co.{end}" for end in ("id", "in", "nz", "th", "uk", "za")),
            *(f"yahoo.com.{end}" for end in ("ar", "au", "br", "hk", "mx", "my", "ph", "sg", "tr", "tw", "vn")),
        ),
        *_same("mail.yahoo.com"),
        wants=_APP,
        hint="Yahoo wants an app password: Account Security → Generate app password.",
        link="https://login.yahoo.com/account/security",
    ),
    Provider(
        "AOL",
        ("aol.com", "aim.com", "aol.co.uk", "aol.de", "aol.fr", "netscape.net", "compuserve.com"),
        *_same("aol.com"),
        wants=_APP,
        hint="AOL wants an app password: Account Security → Generate app password.",
        link="https://login.aol.com/account/security",
    ),
    Provider(
        "Fastmail",
        ("fastmail.com", "fastmail.fm", "fastmail.org", "fastmail.net", "sent.com", "messagingengine.com"),
        *_same("fastmail.com"),
        wants=_APP,
        hint="Fastmail wants an app password: Settings → Privacy & Security → App passwords, with access to mail.",
        link="https://app.fastmail.com/settings/security",
    ),
    Provider(
        "Proton (through Proton Mail Bridge)",
        ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
        Server("127.0.0.1", 1143, "starttls"),
        Server("127.0.0.1", 1025, "starttls"),
        wants="Bridge password",
        hint="Proton Mail Bridge must run on this machine; it shows the password. Its certificate is its own: the test "
        "shows it, and you say whether just that one is to be trusted.",
        link="https://proton.me/mail/bridge",
    ),
    Provider(
        "QQ 邮箱",
        ("qq.com", "vip.qq.com"),
        *_same("qq.com"),
        wants=_CODE,
        hint=_TENCENT,
        link="https://wx.mail.qq.com",
    ),
    Provider("Foxmail", ("foxmail.com",), *_same("qq.com"), wants=_CODE, hint=_TENCENT, link="https://wx.mail.qq.com"),
    Provider(
        "腾讯企业邮 (exmail)",
        ("exmail.qq.com",),
        *_same("exmail.qq.com"),
        wants="password or authorisation code (授权码)",
        hint="In the web mail, 设置 → 收发信设置: switch IMAP/SMTP on. With 安全登录 type the 授权码.",
        link="https://exmail.qq.com",
    ),
    *(
        Provider(f"网易 {name}", (name,), *_same(name), wants=_CODE, hint=_NETEASE, link=f"https://mail.{name}")
        for name in ("163.com", "126.com")
    ),
    Provider(
        "网易 yeah.net", ("yeah.net",), *_same("yeah.net"), wants=_CODE, hint=_NETEASE, link="https://www.yeah.net"
    ),
    Provider("Aliyun 阿里云邮箱", ("aliyun.com",), *_same("aliyun.com")),
    Provider(
        "Yandex",
        ("yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru"),
        *_same("yandex.com"),
        wants=_APP,
        hint=_YANDEX,
        link="https://id.yandex.com/security/app-passwords",
    ),
    Provider(
        "Mail.ru",
        ("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"),
        *_same("mail.ru"),
        wants="password for external applications",
        hint="Mail.ru wants a password for external applications: Security → Passwords for external applications.",
        link="https://account.mail.ru/user/2-step-auth/passwords",
    ),
    _zoho("com", "zoho.com", "zohomail.com"),
    _zoho("eu", "zoho.eu", "zohomail.eu"),
    _zoho("in", "zoho.in", "zohomail.in"),
    _zoho("jp", "zoho.jp", "zohomail.jp"),
    _zoho("com.au", "zoho.com.au", "zohomail.com.au"),
    Provider(
        "GMX",
        ("gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.eu", "gmx.org", "gmx.info"),
        *_same("gmx.net", smtp="mail"),
        hint=_UNITED,
        link="https://www.gmx.net",
    ),
    Provider(
        "GMX (international)",
        ("gmx.com", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es", "gmx.it", "gmx.ca"),
        *_same("gmx.com", smtp="mail"),
        hint="In the web mail, Settings → POP3 & IMAP: allow it first. With two-factor login make an app password.",
        link="https://www.gmx.com",
    ),
    Provider("web.de", ("web.de",), *_same("web.de"), user="local part", hint=_UNITED, link="https://web.de"),
    Provider(
        "mailbox.org",
        ("mailbox.org",),
        *_same("mailbox.org"),
        hint="The usual password; with two-factor login make an app password in the web settings.",
        link="https://login.mailbox.org",
    ),
    Provider(
        "Posteo",
        ("posteo.de", "posteo.net", "posteo.at", "posteo.ch", "posteo.eu", "posteo.org", "posteo.com", "posteo.me"),
        Server("posteo.de", 993),
        Server("posteo.de", 465),
    ),
    Provider(
        "T-Online",
        ("t-online.de", "magenta.de"),
        *_same("t-online.de", imap="secureimap", smtp="securesmtp"),
        wants="password for mail programs",
        hint="Telekom wants the password for mail programs, set under Kundencenter → E-Mail-Passwort.",
        link="https://account.idm.telekom.com",
    ),
    Provider(
        "Migadu",
        ("migadu.com",),
        *_same("migadu.com"),
    ),
    Provider("Free", ("free.fr",), *_same("free.fr"), user="local part"),
    Provider(
        "Orange",
        ("orange.fr", "wanadoo.fr"),
        *_same("orange.fr"),
        hint="In the web mail, allow access by mail programs (POP/IMAP) first.",
        link="https://messagerie.orange.fr",
    ),
    Provider(
        "La Poste",
        ("laposte.net",),
        *_same("laposte.net"),
        user="local part",
    ),
    Provider(
        "Seznam",
        ("seznam.cz", "email.cz", "post.cz"),
        *_same("seznam.cz"),
        hint="Allow IMAP in the web settings first.",
    ),
    Provider(
        "Naver",
        ("naver.com",),
        *_same("naver.com"),
        wants="app password with two-step login",
        hint="In the web mail, 환경설정 → POP3/IMAP 설정: switch IMAP on. With two-step login make an app password.",
        link="https://mail.naver.com",
    ),
    Provider(
        "Comcast, Xfinity",
        ("comcast.net",),
        *_same("comcast.net"),
        hint="In the web mail, Settings → Security: allow access by third-party programs first.",
        link="https://connect.xfinity.com",
    ),
)
"""In the order of the README's table. Read from the providers' own pages and from public autoconfiguration files."""
