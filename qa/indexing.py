"""Articles → index: what is new, what has changed, what is gone; only what changed is embedded again.

    report = refresh(Path("index"), read(["seeds"], known), embedder, roots=["seeds"])
    report.added, report.unchanged          # (5, 0), and (0, 5) the next time

An order of writing keeps the index whole through a kill at any moment: vectors are written before their passages are
committed, and deleted after them. So vectors may be left over, which readers skip and the next writer deletes.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from qa.adapters.catalogue import Catalogue, Stored
from qa.adapters.chroma import Vectors
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Embedder, Filters, Passage, Vector
from qa.errors import UsageError

if TYPE_CHECKING:
    from qa.content.articles import Problem

_T = TypeVar("_T")

BATCH = 48
"""New passages that are embedded and committed together: about a second's work, which is what a kill can cost."""

TITLE_TOKENS = 40
"""With the date and a passage's 200 tokens this stays below the 256 that the embedded model reads."""


@dataclass(frozen=True, slots=True)
class Report:
    """Numbers of articles, and of passages that had to be embedded; and what could not be read."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages_embedded: int = 0
    problems: "tuple[Problem, ...]" = ()


def refresh(
    index_dir: Path,
    items: "Iterable[Article | Problem]",
    embedder: Embedder,
    *,
    roots: Sequence[str] = (),
    prune_missing: Callable[[str], bool] | None = None,
    progress: Callable[[int], None] | None = None,
    wait: float = 0.0,
) -> Report:
    """Add the articles to the index in `index_dir`, or bring it up to date with them; make it where there is none.

    items          read as they are needed; what is no Article is a problem, and is handed back in the report
    roots          remembered as what a later refresh without a path reads again
    prune_missing  tells of a source (or root) whether it has vanished; articles from there are removed
    progress       is told, after each, the number of articles done so far
    wait           seconds to wait for another writer

    Raises IndexBusy, IndexDamaged, and UsageError where the folder cannot be written to or another embedder made
    the index.
    """
    folder = IndexFolder(index_dir)
    folder.prepare()
    with folder.writing(wait):
        return _refresh(folder, items, embedder, roots, prune_missing, progress)


def rebuild(
    index_dir: Path,
    items: "Iterable[Article | Problem]",
    embedder: Embedder,
    *,
    roots: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
    wait: float = 0.0,
) -> Report:
    """Empty the index, of its own files alone, then refresh it; also where it is damaged, or another embedder's."""
    folder = IndexFolder(index_dir)
    folder.prepare()
    with folder.writing(wait):
        with folder.turn():
            _empty(folder)
        return _refresh(folder, items, embedder, roots, None, progress)


def remove(index_dir: Path, article_id: str, *, wait: float = 0.0) -> None:
    """Remove an article. Raises NotConfigured, UsageError if there is none of that id, IndexBusy and IndexDamaged."""
    folder = IndexFolder(index_dir)
    if not folder.articles.is_file():
        raise folder.missing()
    folder.prepare()
    with folder.writing(wait), folder.turn():
        catalogue = Catalogue(folder)
        if article_id not in catalogue.stored():
            raise UsageError(f"The index has no article {article_id!r}.", "`qa articles` lists those it has.")
        gone = catalogue.remove([article_id])
        # Where the vectors are lost, there is nothing to delete; the next refresh makes the other ones again.
        if folder.vectors.is_file():
            vectors = Vectors(folder)
            try:
                vectors.delete(gone)
            finally:
                vectors.close()


def embedded_text(article: Article, passage: str, count_tokens: Callable[[str], int]) -> str:
    """What the embedder reads of a passage: the article's title and date, then the passage.

    "TikTok stays. 2025-09-19\\nThe ban waits."
    """
    heading = [_cut(article.title, count_tokens), article.published.isoformat() if article.published else ""]
    return " ".join(filter(None, heading)) + "\n" + passage


def passage_id(article: Article, embedded: str, start: int, end: int) -> str:
    """Tells all that is in a row, for Chroma keeps the old row where an id is known already."""
    row = (article.id, embedded, start, end, article.title, article.published, article.publisher, article.url)
    return hashlib.sha256(repr(row).encode()).hexdigest()[:32]


def _cut(title: str, count_tokens: Callable[[str], int]) -> str:
    """The title's first words, of at most 40 tokens."""
    words = " ".join(title[:1000].split()).split(" ")
    while len(words) > 1 and count_tokens(" ".join(words)) > TITLE_TOKENS:
        words.pop()
    cut = " ".join(words)
    while count_tokens(cut) > TITLE_TOKENS:
        cut = cut[: len(cut) // 2]
    return cut


def _empty(folder: IndexFolder) -> None:
    # The vectors first: a kill in between leaves an index that lacks them, which the next writer mends.
    try:
        if folder.chroma.exists():
            shutil.rmtree(folder.chroma)
        for suffix in ("-journal", ""):
            folder.articles.with_name(folder.articles.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"The index {folder.path} cannot be emptied: {error}.", "Name another with --index DIR."
        ) from error


def _refresh(
    folder: IndexFolder,
    items: "Iterable[Article | Problem]",
    embedder: Embedder,
    roots: Sequence[str],
    prune_missing: Callable[[str], bool] | None,
    progress: Callable[[int], None] | None,
) -> Report:
    with _opened(folder, embedder) as writer:
        writer.mend()
        before = writer.catalogue.stored()
        seen: dict[str, str] = {}
        problems: list[Problem] = []
        moved: dict[str, str] = {}
        added = changed = unchanged = 0
        for item in items:
            if not isinstance(item, Article):
                problems.append(item)
                continue
            if item.id in seen:  # the reader of articles has told of two that claim one id; the first one stays
                continue
            seen[item.id] = item.source
            stored, source = before.get(item.id, (None, item.source))
            if stored == Stored.of(item):
                unchanged += 1
                if source != item.source:
                    moved[item.id] = item.source
            else:
                added += stored is None
                changed += stored is not None
                writer.put(item)
            if progress:
                progress(len(seen))
        writer.flush()
        gone = _gone({id: source for id, (_, source) in before.items()}, seen, problems, prune_missing)
        writer.remove(gone)
        vanished = [root for root in writer.catalogue.roots() if prune_missing and prune_missing(root)]
        writer.catalogue.note(roots=roots, gone=vanished, sources=moved)
        return Report(added, changed, unchanged, len(gone), writer.embedded, tuple(problems))


def _gone(
    before: dict[str, str],
    seen: dict[str, str],
    problems: "Sequence[Problem]",
    prune_missing: Callable[[str], bool] | None,
) -> list[str]:
    """The ids of articles whose source has vanished, or was read and now holds an article of another id."""
    sources = {source for source in seen.values() if source and not any(p.where.startswith(source) for p in problems)}
    return [
        id
        for id, source in before.items()
        if id not in seen and (source in sources or (prune_missing is not None and prune_missing(source)))
    ]


class _Writer:
    """Writes articles in batches: embeds their new passages, adds the vectors, then commits."""

    def __init__(self, folder: IndexFolder, embedder: Embedder, catalogue: Catalogue, vectors: Vectors) -> None:
        self.folder = folder
        self.embedder = embedder
        self.catalogue = catalogue
        self.vectors = vectors
        self.embedded = 0
        self._articles: list[tuple[Article, list[Passage]]] = []
        self._new: list[tuple[Article, Passage]] = []

    def mend(self) -> None:
        """Delete vectors without a passage, and make those that passages lack."""
        with self.folder.turn():
            there = self.vectors.ids()
            passages = self.catalogue.passage_ids(Filters())
            if left_over := there.difference(passages):
                self.vectors.delete(sorted(left_over))
                self.catalogue.vectors_changed()
        for lacking in _batches([id for id in passages if id not in there], BATCH):
            found = self.catalogue.passages(lacking)
            articles = {a.id: a for a in self.catalogue.articles([p.article for p in found])}
            self._new = [(articles[p.article], p) for p in found]
            self.flush()

    def put(self, article: Article) -> None:
        """Take an article in, to be written with the next batch."""
        passages = self._passages(article)
        known = {p.id for p in self.catalogue.passages([p.id for p in passages])}
        self._articles.append((article, passages))
        self._new += [(article, p) for p in passages if p.id not in known]
        if len(self._new) >= BATCH or len(self._articles) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what was taken in."""
        if not (self._articles or self._new):
            return
        vectors: list[Vector] = []
        for part in _batches([self._embedded_text(article, p.start, p.end) for article, p in self._new], BATCH):
            vectors += self.embedder.embed(part)
        # One turn for both, so that no reader queries vectors that have changed without being told of it.
        with self.folder.turn():
            self._add([(article, p, vector) for (article, p), vector in zip(self._new, vectors, strict=True)])
            self.vectors.delete(self.catalogue.put(self._articles))
        self.embedded += len(self._new)
        self._articles, self._new = [], []

    def remove(self, ids: Sequence[str]) -> None:
        if ids:
            with self.folder.turn():
                self.vectors.delete(self.catalogue.remove(ids))

    def _passages(self, article: Article) -> list[Passage]:
        from qa.adapters import llama_index  # 2 s, which a refresh that finds nothing new does not take

        passages = []
        for start, end in llama_index.split(article, self.embedder.count_tokens):
            id = passage_id(article, self._embedded_text(article, start, end), start, end)
            passages.append(Passage(id, article.id, start, end))
        return passages

    def _embedded_text(self, article: Article, start: int, end: int) -> str:
        return embedded_text(article, article.text[start:end], self.embedder.count_tokens)

    def _add(self, rows: Sequence[tuple[Article, Passage, Vector]]) -> None:
        from qa.adapters import llama_index

        llama_index.add(self.vectors, rows)


@contextmanager
def _opened(folder: IndexFolder, embedder: Embedder) -> Iterator[_Writer]:
    catalogue = Catalogue.open_or_create(folder, embedder.fingerprint, embedder.dimensions)
    if catalogue.fingerprint != embedder.fingerprint:
        raise UsageError(
            f"The index {folder.path} was made by the embedder {catalogue.fingerprint}, not {embedder.fingerprint}.",
            f"Name that one, or build it anew with `qa index --rebuild --embedder {embedder.fingerprint}`.",
        )
    with folder.turn():
        vectors = Vectors(folder, create=True)
    try:
        yield _Writer(folder, embedder, catalogue, vectors)
    finally:
        with folder.turn():
            vectors.close()


def _batches(rows: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
