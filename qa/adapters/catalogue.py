"""The door to sqlite3: articles.sqlite, the truth of an index, and its full-text search (FTS5).

    catalogue = Catalogue(folder)
    catalogue.search(["tiktok", "extension"], 10, Filters(since=date(2025, 9, 1)))   # [("9f…", 7.1), …]

Each call opens the file anew, for 0.2 ms: so none reads a file that a rebuild has replaced, keeps a writer
waiting, or belongs to another thread.
"""
# ruff: noqa: S608 — statements are put together of our own words alone; values go in as parameters

import json
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qa.adapters.catalogue_file import SCHEMA, connection, create, transaction, translated
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Filters, Passage, Vector

TITLE_WEIGHT = 0.5
"""BM25's weight of a word in the title; in the text it is 1. All passages of an article share its title, so a
word there tells less about one of them."""

ARTICLE = "a.id, a.text, a.title, a.published, a.publisher, a.url, a.source, a.asides"


@dataclass(frozen=True, slots=True)
class Stored:
    """What tells whether an article has to be indexed again; its source may change without that."""

    sha256: str
    title: str
    published: int | None
    publisher: str | None
    url: str | None
    asides: str

    @classmethod
    def of(cls, article: Article) -> "Stored":
        asides = json.dumps([list(span) for span in article.asides])
        published = number(article.published)
        return cls(article.sha256, article.title, published, article.publisher, article.url, asides)


class Catalogue:
    """Reads articles.sqlite, and writes it for the one writer.

    Raises NotConfigured where there is none, IndexDamaged where it cannot be read, IndexBusy where another
    process keeps it locked.
    """

    def __init__(self, folder: IndexFolder) -> None:
        self.folder = folder
        with self._reading():
            pass

    @classmethod
    def open_or_create(cls, folder: IndexFolder, fingerprint: str, dimensions: int) -> "Catalogue":
        create(folder, fingerprint, dimensions)
        return cls(folder)

    # ── reading

    @property
    def fingerprint(self) -> str:
        return str(self._fact("fingerprint"))

    @property
    def dimensions(self) -> int:
        return int(self._fact("dimensions"))

    @property
    def generation(self) -> int:
        """Grows before and after each change of Chroma's files."""
        return int(self._fact("generation"))

    @property
    def changing(self) -> bool:
        """Whether Chroma's files are being changed; or were, when their writer was killed."""
        return bool(self._fact("changing"))

    def stored(self) -> dict[str, tuple[Stored, str]]:
        """Article id → (what it is compared by, its source); without the texts."""
        with self._reading() as db:
            rows = db.execute("SELECT id, source, sha256, title, published, publisher, url, asides FROM articles")
            return {id: (Stored(*rest), source) for id, source, *rest in rows}

    def roots(self) -> list[str]:
        with self._reading() as db:
            return [path for (path,) in db.execute("SELECT path FROM roots ORDER BY path")]

    def counts(self) -> tuple[int, int]:
        """(articles, passages)."""
        with self._reading() as db:
            articles, passages = (
                db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("articles", "passages")
            )
            return articles, passages

    def articles(self, ids: Sequence[str] | None = None) -> list[Article]:
        """All articles, or those named that exist, in the order of their ids."""
        with self._reading() as db:
            named, values = ("1", []) if ids is None else _among("a.id", ids)
            rows = db.execute(f"SELECT {ARTICLE} FROM articles a WHERE {named} ORDER BY a.id", values)
            return [_article(row) for row in rows]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Those of the passages that exist, in no order."""
        with self._reading() as db:
            named, values = _among("id", ids)
            rows = db.execute(f'SELECT id, article_id, "start", "end" FROM passages WHERE {named}', values)
            return [Passage(*row) for row in rows]

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        with self._reading() as db:
            named, values = _among("id", ids)
            rows = db.execute(f"SELECT id, vector FROM passages WHERE {named} ORDER BY row", values)
            return {id: struct.unpack(f"<{len(vector) // 4}f", vector) for id, vector in rows}

    def passage_ids(self, filters: Filters) -> list[str]:
        with self._reading() as db:
            matching, values = _matching(filters)
            sql = f"SELECT p.id FROM passages p JOIN articles a ON a.id = p.article_id WHERE {matching} ORDER BY p.row"
            return [id for (id,) in db.execute(sql if filters else "SELECT id FROM passages ORDER BY row", values)]

    def search(self, terms: Sequence[str], k: int, filters: Filters) -> list[tuple[str, float]]:
        """(passage id, BM25 score), best first, of passages that hold any of the terms."""
        # Quoted, a term is a phrase of plain words, whatever FTS5 would read into its signs; NUL would end the query.
        quoted = " OR ".join(f'"{term.replace(chr(34), chr(34) * 2)}"' for term in terms if "\0" not in term)
        if not quoted or k < 1:
            return []
        matching, values = _matching(filters)
        # The articles are joined only where a filter asks for them: a common word is in very many passages.
        join = "JOIN articles a ON a.id = p.article_id" if filters else ""
        sql = (
            f"SELECT p.id, -bm25(passages_fts, {TITLE_WEIGHT}, 1.0) AS score FROM passages_fts"
            f" JOIN passages p ON p.row = passages_fts.rowid {join}"
            f" WHERE passages_fts MATCH ? AND {matching} ORDER BY score DESC, p.id LIMIT ?"
        )
        with self._reading() as db:
            return [(id, score) for id, score in db.execute(sql, (quoted, *values, k))]

    # ── writing

    def put(self, articles: Iterable[tuple[Article, Sequence[Passage]]], vectors: Mapping[str, Vector]) -> list[str]:
        """Store the articles with these passages, all or none. Returns the ids of passages that are gone for it.

        `vectors` are those of the passages that are new, by id; they are stored as 32-bit floats.
        """
        gone: list[str] = []
        with self._writing() as db:
            for article, passages in articles:
                # Before the article: the full-text table has to see the old words to forget them.
                gone += _drop_passages(db, article.id, keep={p.id for p in passages})
                row = asdict(Stored.of(article)) | {"id": article.id, "source": article.source, "text": article.text}
                columns = ", ".join(row)
                values = ", ".join(f":{column}" for column in row)
                db.execute(f"INSERT OR REPLACE INTO articles({columns}) VALUES ({values})", row)
                _add_passages(db, [(p, vectors[p.id]) for p in passages if p.id in vectors])
        return gone

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Remove articles. Returns the ids of their passages."""
        gone: list[str] = []
        with self._writing() as db:
            for id in ids:
                gone += _drop_passages(db, id, keep=set())
                db.execute("DELETE FROM articles WHERE id = ?", (id,))
        return gone

    def mark(self, *, changing: bool) -> None:
        """Write down that Chroma's files are about to change, or have changed."""
        with self._writing() as db:
            db.execute("UPDATE meta SET value = ? WHERE key = 'changing'", (int(changing),))
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    def note(self, *, roots: Iterable[str], gone: Iterable[str], sources: Mapping[str, str]) -> None:
        """Write down roots that were indexed, roots to forget, and new sources of articles (id → source)."""
        with self._writing() as db:
            db.executemany("INSERT OR IGNORE INTO roots VALUES (?)", [(root,) for root in roots])
            db.executemany("DELETE FROM roots WHERE path = ?", [(root,) for root in gone])
            db.executemany(
                "UPDATE articles SET source = ? WHERE id = ?", [(source, id) for id, source in sources.items()]
            )

    # ── the file

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if not self.folder.articles.is_file():
            raise self.folder.missing()
        # Where we may write, we open so: SQLite can then take back what a killed writer left half written.
        with translated(self.folder), connection(self.folder, "rw" if self.folder.writable else "ro") as db:
            schema = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if schema != (SCHEMA,):
                raise self.folder.damaged("it was made by another version of qa")
            db.execute("PRAGMA query_only = ON")
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with translated(self.folder), connection(self.folder, "rw") as db, transaction(db):
            yield db

    def _fact(self, key: str) -> Any:
        with self._reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise self.folder.damaged(f"it does not tell its {key}")
        return row[0]


def number(day: date | None) -> int | None:
    """A date as yyyymmdd, which SQLite and Chroma compare."""
    return None if day is None else day.year * 10_000 + day.month * 100 + day.day


def _matching(filters: Filters) -> tuple[str, list[Any]]:
    """The filters as SQL over `articles a`; an undated article is in no span of time."""
    clauses: list[str] = ["1"]
    values: list[Any] = []
    for clause, day in (("a.published >= ?", filters.since), ("a.published <= ?", filters.until)):
        if day:
            clauses.append(clause)
            values.append(number(day))
    if filters.source:
        clauses.append("(instr(folded(a.publisher), ?) OR instr(folded(a.url), ?) OR instr(folded(a.id), ?))")
        values += [filters.source.casefold()] * 3
    return " AND ".join(clauses), values


def _among(column: str, ids: Sequence[str]) -> tuple[str, list[str]]:
    """As JSON, since SQLite bounds the number of values of a query."""
    return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))]


def _article(row: Sequence[Any]) -> Article:
    id, text, title, published, publisher, url, source, asides = row
    try:
        day = published and date(published // 10_000, published // 100 % 100, published % 100)
        spans = tuple((int(start), int(end)) for start, end in json.loads(asides))
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"article {id}: {error}") from error
    return Article(id, text, title, day, publisher, url, source, spans)


def _add_passages(db: sqlite3.Connection, passages: Iterable[tuple[Passage, Vector]]) -> None:
    for p, vector in passages:
        row = (p.id, p.article, p.start, p.end, struct.pack(f"<{len(vector)}f", *vector))
        columns = 'id, article_id, "start", "end", vector'
        added = db.execute(f"INSERT INTO passages({columns}) VALUES (?, ?, ?, ?, ?)", row)
        text = "SELECT row, title, text FROM passage_texts WHERE row = ?"
        db.execute(f"INSERT INTO passages_fts(rowid, title, text) {text}", (added.lastrowid,))


def _drop_passages(db: sqlite3.Connection, article: str, keep: set[str]) -> list[str]:
    rows = db.execute("SELECT row, id FROM passages WHERE article_id = ?", (article,)).fetchall()
    gone = [(row, id) for row, id in rows if id not in keep]
    db.executemany("DELETE FROM passages_fts WHERE rowid = ?", [(row,) for row, _ in gone])
    db.executemany("DELETE FROM passages WHERE row = ?", [(row,) for row, _ in gone])
    return [id for _, id in gone]
