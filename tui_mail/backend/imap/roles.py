"""Which folder plays which part: the server's marks first, then names in the languages people read mail in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui_mail.model.folder import Role

_MARKS = {
    # RFC 6154, and XLIST as Gmail and QQ once spoke it
    "\\inbox": Role.INBOX,
    "\\archive": Role.ARCHIVE,
    "\\drafts": Role.DRAFTS,
    "\\sent": Role.SENT,
    "\\junk": Role.JUNK,
    "\\spam": Role.JUNK,
    "\\trash": Role.TRASH,
    "\\all": Role.ALL,
    "\\allmail": Role.ALL,
    "\\flagged": Role.FLAGGED,
    "\\starred": Role.FLAGGED,
    "\\important": Role.IMPORTANT,
}

_NAMES: dict[Role, str] = {
    # en · zh-Hans, zh-Hant · de · fr · ja · ru · es · it · pt · nl, pl, sv, da, ko
    Role.SENT: """
        sent|sent items|sent mail|sent messages|sent-mail|outbox sent
        已发送|已发送邮件|已发邮件|已发信息|寄件備份|寄件备份|已傳送郵件|已寄出|已传送
        gesendet|gesendete objekte|gesendete elemente|gesendete nachrichten
        envoyés|éléments envoyés|messages envoyés|envoyes|courrier envoyé
        送信済み|送信済みアイテム|送信済みメール|送信済みトレイ
        отправленные|отправленные письма
        enviados|elementos enviados|mensajes enviados|correo enviado
        inviata|posta inviata|inviati|messaggi inviati
        itens enviados|mensagens enviadas|e-mails enviados
        verzonden|verzonden items|wysłane|elementy wysłane|skickat|skickade objekt|sendt|sendte elementer
        보낸편지함|보낸 편지함|보낸메일함""",
    Role.DRAFTS: """
        drafts|draft
        草稿|草稿箱|草稿夹|草稿匣
        entwürfe|entwurf|entwuerfe
        brouillons|brouillon
        下書き
        черновики
        borradores|borrador
        bozze|bozza
        rascunhos|rascunho
        concepten|szkice|kopie robocze|wersje robocze|utkast|kladder|임시보관함|임시 보관함""",
    Role.TRASH: """
        trash|deleted|deleted items|deleted messages|bin|wastebasket
        已删除|已删除邮件|已删除信息|垃圾箱|废件箱|垃圾桶|刪除的郵件|已刪除的郵件|回收站
        papierkorb|gelöscht|gelöschte objekte|gelöschte elemente|gelöschte nachrichten
        corbeille|éléments supprimés|messages supprimés|poubelle
        ごみ箱|ゴミ箱|削除済みアイテム|削除済み
        корзина|удаленные|удалённые|удаленные элементы
        papelera|elementos eliminados|eliminados|papelera de reciclaje
        cestino|posta eliminata|eliminata|elementi eliminati
        lixeira|lixo|itens excluídos|itens eliminados|mensagens excluídas
        prullenbak|verwijderde items|kosz|elementy usunięte|papperskorgen|borttaget|papirkurv|slettet post
        휴지통|지운 편지함""",
    Role.JUNK: """
        junk|spam|junk mail|junk e-mail|junk email|bulk mail|bulk
        垃圾邮件|垃圾郵件|广告邮件|垃圾信件匣
        spamverdacht|unerwünscht|junk-e-mail|werbung
        indésirables|courrier indésirable|pourriel|indesirables
        迷惑メール
        спам|нежелательная почта
        correo no deseado|no deseado|correo basura
        posta indesiderata|indesiderata
        lixo eletrônico|lixo eletrónico|correio eletrónico não solicitado|lixo electrónico
        ongewenste e-mail|wiadomości-śmieci|skräppost|uønsket e-mail|스팸메일함|스팸함|정크 메일""",
    Role.ARCHIVE: """
        archive|archives|archived
        归档|存档|封存|封存郵件
        archiv
        archivage
        アーカイブ
        архив
        archivo|archivados|archivar
        archivio
        arquivo|arquivos|arquivo morto
        archief|archiwum|arkiv|보관함|보관""",
    Role.ALL: "all mail|alle nachrichten|tous les messages|所有邮件|すべてのメール|вся почта|todos|tutti i messaggi",
}


def _index() -> dict[str, tuple[int, Role]]:
    """Name → (how far down its list it stands, role)."""
    found: dict[str, tuple[int, Role]] = {}
    for role, words in _NAMES.items():
        for place, word in enumerate(words.replace("\n", "|").split("|")):
            if word.strip():
                found.setdefault(word.strip().casefold(), (place, role))
    return found


_WHO = _index()
_OUTER = ("inbox", "[gmail]", "[google mail]")
"""A folder inside one of these counts as one at the top."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing says of one folder."""

    raw: bytes
    name: str
    delimiter: str
    attributes: frozenset[str]
    """In lower case."""


def roles(folders: Iterable[Listed], chosen: Mapping[str, str]) -> dict[bytes, Role]:
    """Raw name → role, at most one folder a role. `chosen` is the person's own: role → decoded name."""
    folders = list(folders)
    taken: dict[Role, bytes] = {}
    for folder in folders:
        if folder.raw.upper() == b"INBOX":
            taken.setdefault(Role.INBOX, folder.raw)
    for word, name in chosen.items():
        match = next((folder for folder in folders if folder.name == name or folder.raw == name.encode()), None)
        if match is not None and word in set(Role):
            taken[Role(word)] = match.raw
    for folder in folders:
        for attribute in sorted(folder.attributes):
            role = _MARKS.get(attribute)
            if role is not None and folder.raw not in taken.values():
                taken.setdefault(role, folder.raw)
    guesses = [(place, role, folder.raw) for folder in folders for place, role in _guess(folder)]
    for _, role, raw in sorted(guesses, key=lambda guess: guess[0]):
        if raw not in taken.values():
            taken.setdefault(role, raw)
    return {raw: role for role, raw in taken.items()}


def _guess(folder: Listed) -> list[tuple[int, Role]]:
    """What its name alone suggests: (how far down our list the name stands, role)."""
    if folder.attributes & {"\\noselect", "\\nonexistent"}:
        return []
    path = folder.name.split(folder.delimiter) if folder.delimiter else [folder.name]
    if len(path) == 2 and path[0].casefold() in _OUTER:
        path = path[1:]
    found = _WHO.get(path[0].strip().casefold()) if len(path) == 1 else None
    return [found] if found else []
