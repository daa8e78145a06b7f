"""Which part a folder plays: what the configuration says, else the server's mark, else its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_mail.backend.contract import RemoteFolder
from tui_mail.model.folder import Role

_NAMES: dict[Role, tuple[str, ...]] = {
    Role.SENT: (
        *("sent", "sent items", "sent messages", "sent mail", "gesendet", "gesendete elemente", "gesendete objekte"),
        *("envoyés", "éléments envoyés", "messages envoyés", "enviados", "inviati", "posta inviata", "verzonden"),
        *("отправленные", "已发送", "已发送邮件", "寄件備份", "送信済み", "보낸편지함"),
    ),
    Role.DRAFTS: (
        *("drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze", "concepten", "черновики"),
        *("草稿箱", "草稿", "下書き", "임시보관함"),
    ),
    Role.TRASH: (
        *("trash", "deleted", "deleted items", "deleted messages", "bin", "papierkorb", "gelöschte elemente"),
        *("corbeille", "éléments supprimés", "papelera", "cestino", "prullenbak", "корзина", "удаленные"),
        *("已删除", "已删除邮件", "垃圾桶", "ゴミ箱", "휴지통"),
    ),
    Role.JUNK: (
        *(
            "junk",
            "spam",
            "junk e-mail",
            "junk email",
            "bulk mail",
            "junk-e-mail",
            "unerwünscht",
            "courrier indésirable",
        ),
        *("indésirables", "correo no deseado", "posta indesiderata", "спам", "垃圾邮件", "迷惑メール", "스팸편지함"),
    ),
    Role.ARCHIVE: (
        "archive",
        "archives",
        "archiv",
        "archiviert",
        "archivo",
        "archivio",
        "архив",
        "归档",
        "存档",
        "アーカイブ",
    ),
    Role.SNOOZED: ("snoozed", "zurückgestellt", "en attente", "pospuestos", "posticipati", "отложенные", "稍后处理"),
}


def assign(folders: Sequence[RemoteFolder], chosen: Mapping[str, str]) -> dict[bytes, Role]:
    """The role of each folder by its raw name; every role at most once. `chosen` is role → name, as configured."""
    roles: dict[bytes, Role] = {}
    free = set(Role)

    def give(folder: RemoteFolder, role: Role) -> None:
        if folder.raw not in roles and role in free:
            roles[folder.raw] = role
            free.discard(role)

    for key, name in chosen.items():
        for folder in folders:
            if folder.name.casefold() == name.casefold():
                give(folder, Role(key))
    for folder in folders:
        if folder.raw.upper() == b"INBOX":
            give(folder, Role.INBOX)
        if folder.role is not None:
            give(folder, folder.role)
    for role, names in _NAMES.items():
        for folder in folders:
            path = folder.name.casefold().replace(folder.delimiter or "/", "/")
            if path.removeprefix("inbox/") in names:
                give(folder, role)
    return roles
