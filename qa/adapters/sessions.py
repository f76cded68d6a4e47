"""Conversations that are kept: sessions.sqlite in a folder of the user's own; the door to sqlite3 for them.

    sessions = Sessions(data_folder() / "chat")
    id = sessions.add(None, [Kept(turn, at, filters, {"002_ee…": "9f2c…"})], summary="", summed=0)
    sessions.load(id).kept[0].turn.question

A turn is written in one transaction, so that a kill at any moment leaves whole turns alone.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from qa.domain import Answer, Citation, Conflict, Filters, Position, Turn, Usage, Withheld
from qa.errors import SessionsFailure, UsageError

T = TypeVar("T")

SCHEMA = 1
BUSY_SECONDS = 5.0
_NO_ID = 2**63
"""The first number that SQLite cannot hold."""
TABLES = (
    """CREATE TABLE sessions(
        id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, summary TEXT NOT NULL, summed INTEGER NOT NULL)""",
    """CREATE TABLE turns(
        session INTEGER NOT NULL REFERENCES sessions(id), n INTEGER NOT NULL, at TEXT NOT NULL,
        question TEXT NOT NULL, understood TEXT, status TEXT NOT NULL, answer TEXT NOT NULL, missing TEXT,
        model TEXT NOT NULL, prompt TEXT, seconds REAL NOT NULL,
        filters TEXT NOT NULL, usage TEXT NOT NULL, citations TEXT NOT NULL, withheld TEXT NOT NULL,
        conflicts TEXT NOT NULL, PRIMARY KEY (session, n))""",
    f"PRAGMA user_version = {SCHEMA}",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn with what its answer does not say of itself."""

    turn: Turn
    at: datetime
    filters: Filters
    sha256: Mapping[str, str]
    """Of the text of each cited article, as it was then, by the article's id."""


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    kept: Sequence[Kept]
    summary: str
    """Of the first `summed` turns."""
    summed: int


@dataclass(frozen=True, slots=True)
class Listed:
    id: int
    started: datetime
    last: datetime
    turns: int
    question: str
    """The first one."""


class Sessions:
    """Reads and writes the user's conversations. Each method raises SessionsFailure where that cannot be."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "sessions.sqlite"

    def all(self) -> list[Listed]:
        """The newest first."""
        rows = self._read(
            "SELECT s.id, s.started, max(t.at), count(*), (SELECT question FROM turns WHERE session = s.id AND n = 1)"
            " FROM sessions s JOIN turns t ON t.session = s.id GROUP BY s.id ORDER BY max(t.at) DESC, s.id DESC",
            (),
            lambda row: Listed(row[0], _moment(row[1]), _moment(row[2]), row[3], str(row[4])),
        )
        return list(rows)

    def load(self, id: int) -> Session:
        """Raises UsageError where there is none of this id."""
        found = self._read("SELECT summary, summed FROM sessions WHERE id = ?", (id,), tuple) if id < _NO_ID else []
        kept = self._read("SELECT * FROM turns WHERE session = ? ORDER BY n", (id,), _kept) if found else []
        if not kept:
            raise UsageError(f"There is no conversation {id}.", "`qa chat --list` lists them.")
        return Session(id, kept, str(found[0][0]), int(found[0][1]))

    def add(self, id: int | None, kept: Sequence[Kept], summary: str, summed: int, saved: int = 0) -> int:
        """Adds kept[saved:] to a conversation, or begins one with all of them; gives its id.

        One is also begun where the file has other turns than the first `saved`: another chat has gone on with the same
        conversation, or somebody has taken the file away. The numbers of its citations stay its own.
        """
        with self._open(create=True) as db:
            db.execute("BEGIN IMMEDIATE")
            there = "SELECT count(*) FROM sessions JOIN turns ON session = id WHERE id = ?"
            if id is None or db.execute(there, (id,)).fetchone()[0] != saved:
                began = (kept[0].at.isoformat(), summary, summed)
                id = db.execute("INSERT INTO sessions(started, summary, summed) VALUES (?, ?, ?)", began).lastrowid
                assert id is not None
                saved = 0
            db.execute("UPDATE sessions SET summary = ?, summed = ? WHERE id = ?", (summary, summed, id))
            for n, each in enumerate(kept[saved:], saved + 1):
                row = {"session": id, "n": n, **_row(each)}
                db.execute(f"INSERT INTO turns VALUES ({', '.join(f':{name}' for name in row)})", row)  # noqa: S608
            db.execute("COMMIT")
        return id

    # ── the file

    def _read(self, sql: str, values: Sequence[Any], made: Callable[[sqlite3.Row], T]) -> list[T]:
        if not self.file.exists():
            return []
        with self._open(create=False) as db:
            return [made(row) for row in db.execute(sql, values)]

    @contextmanager
    def _open(self, create: bool) -> Iterator[sqlite3.Connection]:
        try:
            if create:
                private_file(self.file)
            db = sqlite3.connect(self.file, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                db.row_factory = sqlite3.Row
                self._check(db, create)
                yield db
            finally:
                db.close()  # takes back what is not committed
        except sqlite3.OperationalError as error:
            raise SessionsFailure(f"The conversations in {self.file} cannot be used: {error}.") from error
        except OSError as error:
            raise SessionsFailure(f"The conversations in {self.file} cannot be used: {error.strerror}.") from error
        except (sqlite3.Error, ValueError, TypeError, LookupError) as error:
            hint = "Move it away, and a new one is begun."
            raise SessionsFailure(f"The file of conversations {self.file} is damaged: {error}.", hint) from error

    def _check(self, db: sqlite3.Connection, create: bool) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and (create or not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]):
            db.execute("BEGIN IMMEDIATE")  # of two first chats at once, the second finds it done
            if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in TABLES:
                    db.execute(statement)
            db.execute("COMMIT")
        elif version != SCHEMA:
            raise ValueError("it was made by another version of qa")


def private_file(file: Path) -> None:
    """Makes the file, for the user's eyes alone, in a folder for theirs alone. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    file.chmod(0o600)


def _row(kept: Kept) -> dict[str, Any]:
    found = kept.turn.answer
    cited = [{**asdict(c), "sha256": kept.sha256.get(c.article)} for c in found.citations]
    return {
        "at": kept.at.isoformat(),
        "question": kept.turn.question,
        "understood": found.understood,
        "status": found.status,
        "answer": found.text,
        "missing": found.missing,
        "model": found.model,
        "prompt": found.prompt,
        "seconds": found.seconds,
        "filters": _json(asdict(kept.filters)),
        "usage": _json(found.usage and asdict(found.usage)),
        "citations": _json(cited),
        "withheld": _json([asdict(w) for w in found.withheld]),
        "conflicts": _json([asdict(c) for c in found.conflicts]),
    }


def _kept(row: sqlite3.Row) -> Kept:
    usage, filters, cited = (json.loads(row[name]) for name in ("usage", "filters", "citations"))
    sha256 = {c["article"]: c.pop("sha256") for c in cited}
    answer = Answer(
        question=row["question"],
        status=row["status"],
        text=row["answer"],
        citations=tuple(Citation(**{**c, "published": _day(c["published"])}) for c in cited),
        withheld=tuple(Withheld(**w) for w in json.loads(row["withheld"])),
        conflicts=tuple(
            Conflict(tuple(Position(p["value"], tuple(p["citations"])) for p in c["positions"]))
            for c in json.loads(row["conflicts"])
        ),
        missing=row["missing"],
        model=row["model"],
        prompt=row["prompt"],
        usage=usage and Usage(**usage),
        seconds=row["seconds"],
        understood=row["understood"],
    )
    chosen = Filters(_day(filters["since"]), _day(filters["until"]), filters["source"])
    return Kept(Turn(row["question"], answer), _moment(row["at"]), chosen, sha256)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=date.isoformat)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
