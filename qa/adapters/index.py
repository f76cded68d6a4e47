"""The index for those who ask it: a PassageIndex over the catalogue and the vectors of one folder.

    index = Index(Path("index"))
    index.lexical(["tiktok"], 10, Filters())
    index.dense(vector, 10, Filters(source="reuters"))

It writes nothing of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.adapters.catalogue import Catalogue
from qa.adapters.chroma import Vectors
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Filters, Passage, Vector

SPARE = 16
"""Vectors asked for beyond those wanted: of passages that are alike word for word, Chroma returns any, and we the
first by id, so that a rebuilt index answers alike."""


@dataclass(frozen=True, slots=True)
class Stats:
    articles: int
    passages: int


class Index:
    """Reads an index, while another process may write it; each call sees the state of its own moment.

    Raises NotConfigured where there is no index, IndexDamaged where it cannot be read, and IndexBusy where
    another process does not let go of it. chromadb is imported by the first call of `dense`, and not before.
    """

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path)
        self._catalogue = Catalogue(self._folder)
        self._vectors: Vectors | None = None
        self._generation = 0

    # ── PassageIndex

    def dense(self, vector: Vector, k: int, filters: Filters) -> list[tuple[str, float]]:
        with self._folder.turn():
            vectors = self._opened()
            among = self._catalogue.passage_ids(filters) if filters else None
            wanted = k + SPARE
            while k > 0:
                found = vectors.query(vector, wanted, among)
                # Vectors without a passage: rows of a writer that was killed before it could commit.
                known = {p.id for p in self._catalogue.passages([id for id, _ in found])}
                rows = [row for row in found if row[0] in known]
                if len(rows) >= k or len(found) < wanted:
                    return rows[:k]
                wanted *= 2
            return []

    def lexical(self, terms: Sequence[str], k: int, filters: Filters) -> list[tuple[str, float]]:
        return self._catalogue.search(terms, k, filters)

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        passages = self._catalogue.passages(ids)
        articles = {a.id: a for a in self._catalogue.articles([p.article for p in passages])}
        return {p.id: (p, articles[p.article]) for p in passages if p.article in articles}

    # ── what is in it

    def articles(self) -> list[Article]:
        """All articles, in the order of their ids."""
        return self._catalogue.articles()

    def article(self, id: str) -> Article | None:
        return next(iter(self._catalogue.articles([id])), None)

    def known(self) -> dict[str, str]:
        """The source of each article → its id, which the reader of articles lets it keep."""
        return {source: id for id, (_, source) in self._catalogue.stored().items()}

    def roots(self) -> list[str]:
        """The files, folders and URLs that were indexed; what a refresh without a path reads again."""
        return self._catalogue.roots()

    @property
    def fingerprint(self) -> str:
        """Of the embedder that made the vectors: a question has to be embedded by the same one."""
        return self._catalogue.fingerprint

    @property
    def stats(self) -> Stats:
        return Stats(*self._catalogue.counts())

    def close(self) -> None:
        """Let go of Chroma's files; the next `dense` opens them again."""
        if self._vectors:
            vectors, self._vectors = self._vectors, None
            vectors.close()

    def _opened(self) -> Vectors:
        """The vectors as they are now: opened again when the writer has moved on."""
        generation = self._catalogue.generation
        if self._vectors is None or generation != self._generation:
            self.close()
            vectors = Vectors(self._folder)
            # Vectors are written before their passages and deleted after them, so fewer means that some are lost.
            if vectors.count() < self._catalogue.counts()[1]:
                vectors.close()
                raise self._folder.vectors_damaged("some are not there")
            self._vectors, self._generation = vectors, generation
        return self._vectors
