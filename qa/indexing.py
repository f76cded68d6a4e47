"""Articles → index: what is new, what has changed, what is gone; only what changed is embedded again.

    report = refresh(Path("index"), read(["seeds"], known), embedder, roots=["seeds"])
    report.added, report.unchanged          # (5, 0), and (0, 5) the next time

A run that is killed goes on where it was: what was committed is not embedded again.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.adapters.catalogue import Stored
from qa.adapters.index_folder import IndexFolder
from qa.adapters.index_writer import IndexWriter
from qa.domain import Article, Embedder, Passage, Vector
from qa.errors import UsageError
from qa.settings import embedder_name

if TYPE_CHECKING:
    from qa.content.articles import Problem

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
    rebuild: bool = False,
) -> Report:
    """Add the articles to the index in `index_dir`, or bring it up to date with them; make it where there is none.

    items          read as they are needed; what is no Article is a problem, and is handed back in the report
    roots          remembered as what a later refresh without a path reads again
    prune_missing  tells of a source (or root) whether it has vanished; articles from there are removed
    progress       is told, after each, the number of articles done so far
    wait           seconds to wait for another writer
    rebuild        empty the index first, of its own files alone; the way out for one that is damaged, or was made
                   by another embedder

    Raises IndexBusy, IndexDamaged, and UsageError where the folder cannot be written to or another embedder made
    the index.
    """
    folder = IndexFolder(index_dir)
    folder.prepare()
    with ExitStack() as held:
        held.enter_context(folder.writing(wait))
        if rebuild:
            with folder.turn():
                folder.empty()
        writer = IndexWriter(folder, embedder.fingerprint, embedder.dimensions)
        if writer.catalogue.fingerprint != embedder.fingerprint:
            raise UsageError(
                f"The index {folder.path} was made by the embedder {writer.catalogue.fingerprint},"
                f" not {embedder.fingerprint}.",
                f"Use that one, or build it anew with `qa index --rebuild --embedder {embedder_name(embedder.fingerprint)}`.",
            )
        return _refresh(held.enter_context(writer), items, embedder, roots, prune_missing, progress)


def remove(index_dir: Path, article_id: str, *, wait: float = 0.0) -> None:
    """Remove an article. Raises NotConfigured, UsageError if there is none of that id, IndexBusy and IndexDamaged."""
    folder = IndexFolder(index_dir)
    if not folder.articles.is_file():
        raise folder.missing()
    folder.prepare()
    with folder.writing(wait), IndexWriter(folder, "", 0) as writer:
        if article_id not in writer.catalogue.stored():
            raise UsageError(f"The index has no article {article_id!r}.", "`qa articles` lists those it has.")
        writer.remove([article_id])


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
    words = title[:1000].split()
    while len(words) > 1 and count_tokens(" ".join(words)) > TITLE_TOKENS:
        words.pop()
    cut = " ".join(words)
    while count_tokens(cut) > TITLE_TOKENS:
        cut = cut[: len(cut) // 2]
    return cut


def _refresh(
    writer: IndexWriter,
    items: "Iterable[Article | Problem]",
    embedder: Embedder,
    roots: Sequence[str],
    prune_missing: Callable[[str], bool] | None,
    progress: Callable[[int], None] | None,
) -> Report:
    before = writer.catalogue.stored()
    batch = _Batch(writer, embedder)
    seen: dict[str, str] = {}
    moved: dict[str, str] = {}
    problems: list[Problem] = []
    added = changed = unchanged = 0
    for item in items:
        if not isinstance(item, Article):
            problems.append(item)
            continue
        if item.id in seen:  # the reader of articles tells of two that claim one id; here the first one stays
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
            batch.put(item)
        if progress:
            progress(len(seen))
    batch.write()
    vanished = prune_missing or (lambda _: False)
    gone = _gone({id: source for id, (_, source) in before.items()}, seen, problems, vanished)
    if gone:
        writer.remove(gone)
    writer.catalogue.note(
        roots=roots, gone=[root for root in writer.catalogue.roots() if vanished(root)], sources=moved
    )
    return Report(added, changed, unchanged, len(gone), batch.embedded, tuple(problems))


def _gone(
    before: Mapping[str, str], seen: Mapping[str, str], problems: "Sequence[Problem]", vanished: Callable[[str], bool]
) -> list[str]:
    """The ids of articles whose source has vanished, or was read without a problem and held only other articles."""
    failed = [problem.where for problem in problems]
    read = {s for s in seen.values() if s and not any(where == s or where.startswith(f"{s}:") for where in failed)}
    return [id for id, source in before.items() if id not in seen and (source in read or vanished(source))]


class _Batch:
    """Takes articles in, and writes them when there are some dozens of passages to embed."""

    def __init__(self, writer: IndexWriter, embedder: Embedder) -> None:
        self.embedded = 0
        self._writer = writer
        self._embedder = embedder
        self._articles: list[tuple[Article, list[Passage]]] = []
        self._texts: dict[str, str] = {}

    def put(self, article: Article) -> None:
        from qa.adapters import llama_index  # 2 s, which a refresh that finds nothing new does not take

        count_tokens = self._embedder.count_tokens
        texts: dict[str, str] = {}
        passages = []
        for start, end in llama_index.split(article, count_tokens):
            text = embedded_text(article, article.text[start:end], count_tokens)
            id = passage_id(article, text, start, end)
            texts[id] = text
            passages.append(Passage(id, article.id, start, end))
        known = {p.id for p in self._writer.catalogue.passages(list(texts))}
        self._articles.append((article, passages))
        self._texts |= {id: text for id, text in texts.items() if id not in known}
        if len(self._texts) >= BATCH or len(self._articles) >= BATCH:
            self.write()

    def write(self) -> None:
        if self._articles:
            ids, texts = list(self._texts), list(self._texts.values())
            vectors: list[Vector] = []
            for start in range(0, len(texts), BATCH):
                vectors += self._embedder.embed(texts[start : start + BATCH])
            self._writer.put(self._articles, dict(zip(ids, vectors, strict=True)))
            self.embedded += len(texts)
            self._articles, self._texts = [], {}
