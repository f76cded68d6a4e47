"""The index for the one who writes it: keeps the vectors in step with the truth, through a kill at any moment.

    with folder.writing(), IndexWriter(folder, fingerprint, dimensions) as writer:
        writer.put([(article, passages)], {passage.id: vector})

Vectors are added before their passages are committed, and deleted after them: so some may be left over, which readers
skip and the next writer deletes. Chroma itself does not outlive every kill: now and then it rewrites its files in
place, and cannot open what it then leaves behind. The truth holds the vectors too, and tells that a change was begun:
the next writer makes the chroma folder anew, at a thousand vectors a second, and embeds nothing again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType

from qa.adapters.catalogue import Catalogue
from qa.adapters.chroma import Vectors
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Filters, Passage, Vector
from qa.errors import IndexDamaged, QaError

BATCH = 1000
"""Vectors of one step, for which readers wait; less than a second."""


class IndexWriter:
    """Writes an index, whose folder's `writing` its user holds, and mends it when it is opened.

    Raises IndexDamaged where the truth cannot be read; whatever ails the vectors is mended.
    """

    def __init__(self, folder: IndexFolder, fingerprint: str, dimensions: int) -> None:
        """Open the index; an empty one is made for the embedder of this fingerprint, if there is none."""
        self.folder = folder
        self.catalogue = Catalogue.open_or_create(folder, fingerprint, dimensions)
        self._vectors: Vectors | None = None

    def __enter__(self) -> "IndexWriter":
        self._mend()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._vectors:
            with self.folder.turn():
                self._vectors.close()

    def put(self, articles: Sequence[tuple[Article, Sequence[Passage]]], vectors: Mapping[str, Vector]) -> None:
        """Store articles with all their passages, in place of what they had; `vectors` of those that are new, by id."""
        with self._changing() as there:
            _add(there, [(a, p, vectors[p.id]) for a, passages in articles for p in passages if p.id in vectors])
            there.delete(self.catalogue.put(articles, vectors))

    def remove(self, ids: Iterable[str]) -> None:
        with self._changing() as there:
            there.delete(self.catalogue.remove(ids))

    def _mend(self) -> None:
        """Delete vectors without a passage, and add those that passages lack."""
        with self.folder.turn():
            there = self._open()
            passages = self.catalogue.passage_ids(Filters())
        if left_over := sorted(there.difference(passages)):
            with self._changing() as vectors:
                vectors.delete(left_over)
        lacking = [id for id in passages if id not in there]
        for start in range(0, len(lacking), BATCH):
            stored = self.catalogue.vectors(lacking[start : start + BATCH])
            found = self.catalogue.passages(list(stored))
            articles = {a.id: a for a in self.catalogue.articles(sorted({p.article for p in found}))}
            with self._changing() as vectors:
                _add(vectors, [(articles[p.article], p, stored[p.id]) for p in found])

    def _open(self) -> set[str]:
        """Open the vectors, if need be new ones. Returns the ids of those that are there."""
        try:
            if not self.catalogue.changing:
                self._vectors = Vectors(self.folder, create=True)
                return self._vectors.ids()
        except IndexDamaged:
            pass
        self.catalogue.mark(changing=True)
        self.folder.remove_chroma()
        self._vectors = Vectors(self.folder, create=True)
        return set()

    @contextmanager
    def _changing(self) -> Iterator[Vectors]:
        """A turn with the vectors. The truth tells readers of it, before and after; a kill leaves the mark."""
        assert self._vectors
        with self.folder.turn():
            self.catalogue.mark(changing=True)
            try:
                yield self._vectors
            except QaError:
                raise  # it may have stopped halfway, so the mark stays
            except BaseException:
                self.catalogue.mark(changing=False)
                raise
            self.catalogue.mark(changing=False)


def _add(vectors: Vectors, rows: Sequence[tuple[Article, Passage, Vector]]) -> None:
    from qa.adapters import llama_index  # 2 s, which a writer that finds nothing new does not take

    llama_index.add(vectors, rows)
