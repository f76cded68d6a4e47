"""The file articles.sqlite: its tables, its connections and transactions, and what its errors mean."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from qa.adapters.index_folder import IndexFolder
from qa.errors import IndexBusy, IndexFailure, QaError, UsageError

SCHEMA = "1"
BUSY_SECONDS = 30.0
# The full-text table holds no text of its own: it looks the passages up in the articles, through a view.
TABLES = (
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value)",
    "CREATE TABLE roots(path TEXT PRIMARY KEY)",
    """CREATE TABLE articles(
        id TEXT PRIMARY KEY, title TEXT NOT NULL, published INTEGER, publisher TEXT, url TEXT, source TEXT NOT NULL,
        sha256 TEXT NOT NULL, asides TEXT NOT NULL, text TEXT NOT NULL)""",
    """CREATE TABLE passages(
        row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL,
        "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, vector BLOB NOT NULL)""",
    "CREATE INDEX passages_by_article ON passages(article_id)",
    """CREATE VIEW passage_texts AS
        SELECT p.row, a.title, substr(a.text, p."start" + 1, p."end" - p."start") AS text
        FROM passages p JOIN articles a ON a.id = p.article_id""",
    """CREATE VIRTUAL TABLE passages_fts USING fts5(
        title, text, content='passage_texts', content_rowid='row', tokenize='porter unicode61 remove_diacritics 2')""",
)


def create(folder: IndexFolder, fingerprint: str, dimensions: int) -> None:
    """Make the tables, unless they are there."""
    # Counted on from the clock, so that an open reader sees a rebuilt index as another one.
    generation = time.time_ns() // 1000
    facts = {"schema": SCHEMA, "fingerprint": fingerprint, "dimensions": dimensions}
    facts |= {"generation": generation, "changing": 0}
    with translated(folder), connection(folder, "rwc") as db:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return
        with transaction(db):
            for statement in TABLES:
                db.execute(statement)
            db.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())


@contextmanager
def connection(folder: IndexFolder, mode: str) -> Iterator[sqlite3.Connection]:
    uri = f"{folder.articles.absolute().as_uri()}?mode={mode}"
    db = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        db.create_function("folded", 1, lambda text: (text or "").casefold(), deterministic=True)
        yield db
    finally:
        db.close()


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def translated(folder: IndexFolder) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _translation(folder, error) from error


def _translation(folder: IndexFolder, error: sqlite3.Error) -> QaError:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the lower byte is the kind, the rest details it
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return IndexBusy(f"Another process is writing the index {folder.path}.", "Try again later.")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return UsageError(f"{folder.articles} cannot be opened: {error}.", "Name another folder with --index DIR.")
        case sqlite3.SQLITE_FULL:
            return IndexFailure(f"The disk that holds {folder.path} is full.", "Free some space, then try again.")
        case _:
            return folder.damaged(error)
