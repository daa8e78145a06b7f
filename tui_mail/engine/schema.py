"""The two database files: how they look and how they are opened."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tui_mail.model.errors import StorageFailed

OWED = "(folder != server_folder OR flags != server_flags OR words != server_words)"
"""A row whose belief the server has not been told yet; the text must stay the one of the partial index."""
UNTOLD = f"{OWED} AND awaiting != 3"
"""What of it can still be told: what went with its folder (`index.Awaiting.FOLDER_GONE`) can be told nobody."""
CACHE = 16_000
"""Kilobytes that a connection keeps of its file, so that a search that is made again does not read it again."""

INDEX = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE folder(
  id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL,
  raw BLOB NOT NULL,                            -- the wire's own bytes: the key, always sent back as they came
  name TEXT NOT NULL, delimiter TEXT NOT NULL, role TEXT, selectable INT NOT NULL DEFAULT 1,
  gone INT NOT NULL DEFAULT 0,                  -- the server no longer has it; its rows wait to be found elsewhere
  uidvalidity INT,
  uidnext INT NOT NULL DEFAULT 1,               -- every server uid in [low, uidnext) has a row
  modseq INT NOT NULL DEFAULT 0,                -- every change up to it is in the rows
  low INT,                                      -- NULL: never synced; 1: complete
  flags_checked REAL NOT NULL DEFAULT 0,        -- when every flag was last compared (servers without CONDSTORE)
  said_uidnext INT, said_messages INT, said_unseen INT, said_modseq INT,   -- STATUS as of the last finished pass
  beyond_total INT NOT NULL DEFAULT 0, beyond_unread INT NOT NULL DEFAULT 0,   -- on the server but not here yet
  total INT NOT NULL DEFAULT 0, unread INT NOT NULL DEFAULT 0,                 -- as believed; by triggers and `place`
  placed INT NOT NULL DEFAULT 0, placed_unread INT NOT NULL DEFAULT 0,         -- as the server has it
  UNIQUE(account, raw));
CREATE TABLE message(
  id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL,
  server_folder INT NOT NULL, uid INT,          -- what the server said; 0: nowhere; uid NULL: not found there yet
  server_flags INT NOT NULL, server_words TEXT NOT NULL,
  folder INT NOT NULL, flags INT NOT NULL, words TEXT NOT NULL,                -- what the person believes
  awaiting INT NOT NULL DEFAULT 0,              -- why uid is NULL, see index.Awaiting
  sort INT NOT NULL, date INT NOT NULL, size INT NOT NULL,
  sender_name TEXT NOT NULL, sender_email TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL,
  message_id TEXT NOT NULL, thread INT NOT NULL, print INT NOT NULL,           -- print: what copies of one mail share
  attachment INT NOT NULL DEFAULT 0, snippet TEXT NOT NULL DEFAULT '', held INT NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX message_place ON message(server_folder, uid) WHERE uid IS NOT NULL;
CREATE INDEX message_list ON message(folder, sort DESC, id DESC) WHERE flags & 8 = 0;
CREATE INDEX message_unread ON message(folder, sort DESC, id DESC) WHERE flags & 9 = 0;
CREATE INDEX message_starred ON message(folder, sort DESC, id DESC) WHERE flags & 12 = 4;
CREATE INDEX message_owed ON message(account) WHERE {OWED};
CREATE INDEX message_unplaced ON message(account, print) WHERE uid IS NULL;
CREATE INDEX message_thread ON message(thread);
CREATE INDEX message_print ON message(print);
CREATE TABLE kin(account TEXT NOT NULL, message_id TEXT NOT NULL, thread INT NOT NULL,
  PRIMARY KEY(account, message_id)) WITHOUT ROWID;   -- ids that are only referred to count too
CREATE INDEX kin_thread ON kin(thread);
CREATE TABLE body(message INTEGER PRIMARY KEY, raw BLOB, path TEXT, size INT NOT NULL);
CREATE VIRTUAL TABLE heads USING fts5(subject, sender, recipients, content='',
  tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE texts USING fts5(body, content='', tokenize='unicode61 remove_diacritics 2');

CREATE TRIGGER message_died AFTER DELETE ON message BEGIN
  UPDATE folder SET total = total - (old.flags & 8 = 0), unread = unread - (old.flags & 9 = 0)
    WHERE id = old.folder;
  UPDATE folder SET placed = placed - 1, placed_unread = placed_unread - (old.server_flags & 9 = 0)
    WHERE id = old.server_folder AND old.uid IS NOT NULL;
END;
CREATE TRIGGER message_believed AFTER UPDATE OF folder, flags ON message
  WHEN old.folder != new.folder OR old.flags != new.flags BEGIN
  UPDATE folder SET total = total - (old.flags & 8 = 0), unread = unread - (old.flags & 9 = 0)
    WHERE id = old.folder;
  UPDATE folder SET total = total + (new.flags & 8 = 0), unread = unread + (new.flags & 9 = 0)
    WHERE id = new.folder;
END;
CREATE TRIGGER message_told AFTER UPDATE OF server_folder, uid, server_flags ON message BEGIN
  UPDATE folder SET placed = placed - 1, placed_unread = placed_unread - (old.server_flags & 9 = 0)
    WHERE id = old.server_folder AND old.uid IS NOT NULL;
  UPDATE folder SET placed = placed + 1, placed_unread = placed_unread + (new.server_flags & 9 = 0)
    WHERE id = new.server_folder AND new.uid IS NOT NULL;
END;
"""

WORK = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE operation(
  id INTEGER PRIMARY KEY, at REAL NOT NULL, words TEXT NOT NULL,
  kind TEXT NOT NULL,                           -- person, undo, redo, own (the program's: never undone)
  undone INT NOT NULL DEFAULT 0,                -- id of the undo; -1: undone and past redoing
  settled INT NOT NULL DEFAULT 0);              -- the server knows all of it
CREATE INDEX operation_open ON operation(id) WHERE settled = 0;
CREATE TABLE step(
  operation INT NOT NULL REFERENCES operation ON DELETE CASCADE, position INT NOT NULL,
  message INT NOT NULL, account TEXT NOT NULL, message_id TEXT NOT NULL, size INT NOT NULL,
  source BLOB, target BLOB,                     -- raw folder names; NULL: nowhere
  added TEXT NOT NULL, removed TEXT NOT NULL, PRIMARY KEY(operation, position)) WITHOUT ROWID;
CREATE TABLE attempt(
  id INTEGER PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL,   -- move, append
  source BLOB, uidvalidity INT NOT NULL, target BLOB NOT NULL,
  uidnext INT NOT NULL,                         -- the target's before the bytes went out: what we made has this or more
  items TEXT NOT NULL, at REAL NOT NULL);       -- JSON: [message, uid, message_id, size]
CREATE TABLE grave(
  message INTEGER PRIMARY KEY, account TEXT NOT NULL, folder BLOB NOT NULL, message_id TEXT NOT NULL,
  size INT NOT NULL, date INT NOT NULL, flags TEXT NOT NULL, raw BLOB NOT NULL, at REAL NOT NULL);
CREATE TABLE draft(
  id TEXT PRIMARY KEY, account TEXT NOT NULL, state TEXT NOT NULL,   -- open, queued, sent, discarded
  changed REAL NOT NULL, owner TEXT NOT NULL, fields TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE version(draft TEXT NOT NULL, changed REAL NOT NULL, fields TEXT NOT NULL,
  PRIMARY KEY(draft, changed)) WITHOUT ROWID;
CREATE TABLE letter(
  id INTEGER PRIMARY KEY AUTOINCREMENT, draft TEXT NOT NULL, account TEXT NOT NULL, message_id TEXT NOT NULL UNIQUE,
  sender TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL, utf8 INT NOT NULL,
  wire BLOB NOT NULL, copy BLOB NOT NULL, due REAL NOT NULL,
  state TEXT NOT NULL,                          -- waiting, sending, sent, refused, unknown, done
  owner TEXT NOT NULL DEFAULT '',               -- the live process that carries it
  why TEXT NOT NULL DEFAULT '', tries INT NOT NULL DEFAULT 0,
  since_uid INT NOT NULL DEFAULT 0,             -- Sent's UIDNEXT before SMTP: our copy has this or more
  appends INT NOT NULL DEFAULT 0,               -- how often we began to put a copy into Sent
  answers INT NOT NULL DEFAULT 0, forwards INT NOT NULL DEFAULT 0, answers_id TEXT NOT NULL DEFAULT '',
  at REAL NOT NULL, sent_at REAL NOT NULL DEFAULT 0);
CREATE INDEX letter_open ON letter(due) WHERE state != 'done';
"""

INDEX_STEPS: tuple[str, ...] = (
    # 2: what else is looked for (who got a copy, the mailing list, names of attachments), and all folders in one order
    """
CREATE VIRTUAL TABLE ties USING fts5(cc, list, content='', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE files USING fts5(name, content='', tokenize='unicode61 remove_diacritics 2');
CREATE INDEX message_all ON message(sort DESC, id DESC, folder, print) WHERE flags & 8 = 0;
""",
    # 3: rows that the server no longer shows, and what the person said of them
    "CREATE TABLE IF NOT EXISTS withheld(message INTEGER PRIMARY KEY, place INT NOT NULL, uid INT, state TEXT NOT NULL,"
    " at REAL NOT NULL);",
    # who or what writes: model/kind.py
    "ALTER TABLE message ADD COLUMN kind INT NOT NULL DEFAULT 0;",
    # 5: what came into an inbox and was not looked at by the rules yet: 1 all of it, 2 its text is still awaited
    "ALTER TABLE message ADD COLUMN fresh INT NOT NULL DEFAULT 0;"
    " CREATE INDEX message_fresh ON message(id) WHERE fresh != 0;",
    # 6: the Message-ID of what a message answers
    "ALTER TABLE message ADD COLUMN parent TEXT NOT NULL DEFAULT '';",
    # 7: what is to be answered later; in an older index that word stood among the others
    "UPDATE message SET flags = flags | 256, words = trim(replace(' ' || words || ' ', ' $ReplyLater ', ' '))"
    " WHERE ' ' || words || ' ' LIKE '% $ReplyLater %';"
    " UPDATE message SET server_flags = server_flags | 256,"
    " server_words = trim(replace(' ' || server_words || ' ', ' $ReplyLater ', ' '))"
    " WHERE ' ' || server_words || ' ' LIKE '% $ReplyLater %';"
    " CREATE INDEX message_later ON message(folder, sort DESC, id DESC) WHERE flags & 264 = 256;",
    # 8: large letters that were read: all of them but what is attached
    "CREATE TABLE outline(message INTEGER PRIMARY KEY, packed BLOB NOT NULL);",
    # 9: rows whose Cc, mailing list and names of attachments may not be in the full text (see late_words)
    "CREATE TABLE late(message INTEGER PRIMARY KEY); INSERT INTO late SELECT id FROM message;",
    # 10: rows whose message is looked for, also by what does not change with what a server calls it
    "CREATE INDEX message_sought ON message(account, message_id) WHERE uid IS NULL;",
    # 11: what is kept of a message goes with its row, whatever takes that; `dropped` are files that lie there still
    """
CREATE TABLE dropped(path TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO dropped SELECT path FROM body WHERE path IS NOT NULL AND message NOT IN (SELECT id FROM message);
DELETE FROM body WHERE message NOT IN (SELECT id FROM message);
DELETE FROM outline WHERE message NOT IN (SELECT id FROM message);
DELETE FROM late WHERE message NOT IN (SELECT id FROM message);
CREATE TRIGGER message_forgotten AFTER DELETE ON message BEGIN
  INSERT OR IGNORE INTO dropped SELECT path FROM body WHERE message = old.id AND path IS NOT NULL;
  DELETE FROM body WHERE message = old.id;
  DELETE FROM outline WHERE message = old.id;
  DELETE FROM late WHERE message = old.id;
END;
""",
    # 12: rows that could not be read when they came
    "CREATE INDEX message_noted ON message(server_folder, uid) WHERE note != '';",
)
"""What turns a mail.db of version n into one of n + 1, for n = 1, 2, …; a new file goes through all of them."""

WORK_STEPS: tuple[str, ...] = (
    # 2: copies that were asked for and that the server has not made yet
    "CREATE TABLE IF NOT EXISTS copy(message INTEGER PRIMARY KEY, origin INT NOT NULL);",
    # 3: lists that are left by one click, until it was asked
    "CREATE TABLE IF NOT EXISTS request(id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, name TEXT NOT NULL,"
    " due REAL NOT NULL);",
    # 4: whom one writes to; `hidden` ones were taken out by the person, `learned` holds the letters that were counted
    "CREATE TABLE contact(key TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL DEFAULT '',"
    " nick TEXT NOT NULL DEFAULT '', groups TEXT NOT NULL DEFAULT '[]', note TEXT NOT NULL DEFAULT '',"
    " letters INT NOT NULL DEFAULT 0, last REAL NOT NULL DEFAULT 0, edited INT NOT NULL DEFAULT 0,"
    " hidden INT NOT NULL DEFAULT 0) WITHOUT ROWID; CREATE TABLE learned(print INTEGER PRIMARY KEY);",
    # 5: copies of drafts in the server's Drafts folder, by Message-ID; `confirmed` once the server was seen to have it
    "CREATE TABLE placed(draft TEXT NOT NULL, account TEXT NOT NULL, message_id TEXT NOT NULL, digest TEXT NOT NULL,"
    " confirmed INT NOT NULL DEFAULT 0, PRIMARY KEY(draft, message_id)) WITHOUT ROWID;",
    # 6: what the server said of a letter, whether its last dot has left (-1: the shell's), the dialogue of each try
    """
ALTER TABLE letter ADD COLUMN handed INT NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN reply TEXT NOT NULL DEFAULT '';
ALTER TABLE letter ADD COLUMN refused TEXT NOT NULL DEFAULT '';
ALTER TABLE letter ADD COLUMN bounce TEXT NOT NULL DEFAULT '';
CREATE INDEX letter_bounced ON letter(id) WHERE bounce != '';
CREATE INDEX letter_sent ON letter(sent_at) WHERE sent_at > 0;
CREATE TABLE dialogue(id INTEGER PRIMARY KEY, letter INT NOT NULL, at REAL NOT NULL, lines BLOB NOT NULL);
CREATE INDEX dialogue_letter ON dialogue(letter);
""",
    # 7: the size of a draft's copy as its server counts it
    "ALTER TABLE placed ADD COLUMN size INT NOT NULL DEFAULT 0;",
    # 8: messages that are put off until their time, muted threads, rules that were made in the program
    """
CREATE TABLE snooze(message INTEGER PRIMARY KEY, source BLOB NOT NULL, due REAL NOT NULL);
CREATE TABLE muted(account TEXT NOT NULL, message_id TEXT NOT NULL, operation INT NOT NULL,
  PRIMARY KEY(account, message_id)) WITHOUT ROWID;
CREATE TABLE rule(name TEXT PRIMARY KEY, query TEXT NOT NULL, actions TEXT NOT NULL, is_on INT NOT NULL DEFAULT 1,
  made REAL NOT NULL) WITHOUT ROWID;
""",
)
"""The same for work.db. A step that was released is never changed: the next one is added behind it."""


def connect(path: Path, *, durable: bool, query_only: bool = False, cache: int = CACHE) -> sqlite3.Connection:
    """Opens one file, 0600 from its first byte (its -wal and -shm follow); transactions are always explicit.

    `cache`: kilobytes of the file that the connection keeps in memory for itself.
    """
    if not query_only:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        os.chmod(path, 0o600)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA cache_size=-{cache}")
    if query_only:
        connection.execute("PRAGMA query_only=ON")
    return connection


def prepare(connection: sqlite3.Connection, script: str, steps: Sequence[str], name: str) -> bool:
    """Makes the tables where there are none; True when it did. A file of an older version is brought up to this one.

    Raises StorageFailed for a file of a newer program, and leaves that as it is.
    """
    version = 1 + len(steps)
    if _version(connection) == version:
        return False
    with writing(connection):
        found = _version(connection)  # another process may have been first
        if found > version:
            raise StorageFailed(
                f"{name} was written by a newer tui-mail (version {found}, this one reads {version}).",
                remedy="Update tui-mail; nothing was changed.",
            )
        for statement in _statements("".join(steps[found - 1 :] if found else (script, *steps))):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={version}")
    return not found


def require_same(connection: sqlite3.Connection, steps: Sequence[str], name: str) -> None:
    """For a file that another process uses: raises StorageFailed where it is not of this program's version."""
    found, version = _version(connection), 1 + len(steps)
    if found != version:
        other = "a newer" if found > version else "an older" if found else "another"
        raise StorageFailed(
            f"This mail is open in {other} tui-mail, whose {name} this one cannot share.",
            remedy="End the other one, then start again; nothing was changed.",
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """One by one, because `executescript` ends the transaction that it is called in."""
    statement = ""
    for piece in script.split(";"):
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def prepare_work(connection: sqlite3.Connection, path: Path) -> None:
    """The durable file, ready for this program; an older one is copied aside before it is changed.

    Two processes that come at once do it once: the second waits for the lock and finds it done. Raises StorageFailed.
    """
    found = _version(connection)
    if 0 < found <= len(WORK_STEPS):
        _copy_aside(connection, path.with_name(f"{path.name}.version-{found}"))
    prepare(connection, WORK, WORK_STEPS, path.name)


def _copy_aside(connection: sqlite3.Connection, copy: Path) -> None:
    """A whole, synced copy (0600), put in place by one rename; one that is there already is older and stays."""
    if copy.exists():
        return
    part = copy.with_name(f"{copy.name}.{os.getpid()}")
    os.close(os.open(part, os.O_CREAT | os.O_RDWR | os.O_TRUNC | os.O_CLOEXEC, 0o600))
    try:
        target = sqlite3.connect(part)
        try:
            connection.backup(target)
        finally:
            target.close()
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(copy)
    except BaseException:
        part.unlink(missing_ok=True)  # half a copy is none, and takes the room of a whole one
        raise


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction: all of it or nothing. Inside another one it joins that."""
    if connection.in_transaction:
        yield connection
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Several reads of one and the same state: the writer may commit between two of them.

    The overlay is asked before: a step that is in both counts once, one that is in neither would be lost.
    """
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()  # nothing was written; unlike COMMIT it cannot be interrupted
