"""What `qa index` and `qa articles` do: which files are meant, which articles have gone, what is told of it."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qa import interchange, wiring
from qa.commands import Common
from qa.display import Display, counted
from qa.domain import Article, Embedder, JsonObject
from qa.errors import NotConfigured, QaError, UsageError
from qa.settings import Options

if TYPE_CHECKING:
    from qa.content.articles import Problem
    from qa.indexing import Report


def index(
    options: Options, paths: Sequence[str], prune: bool, rebuild: bool, embedder_name: str | None, as_json: bool
) -> int:
    from qa import indexing
    from qa.adapters.index import Index
    from qa.content import articles

    common = Common.of(options)
    folder = common.settings.index or wiring.own_index()
    try:
        stored = Index(folder)
        known, fingerprint, roots = stored.known(), stored.fingerprint, stored.roots()
    except QaError as error:
        if not isinstance(error, NotConfigured) and not (rebuild and paths):
            raise
        known, fingerprint, roots = {}, "", []
    embedder = _embedder(common, embedder_name, fingerprint, rebuild)
    given = _indexable(paths or roots)
    if prune or rebuild:
        known = {source: id for source, id in known.items() if _file(source).exists() or not _under(source, given)}
    found = _Watched(articles.read(given, {} if rebuild else known))
    # An index of nothing would stand in the way of the bundled one, and a rebuilt one of what there was.
    if not found.any and (rebuild or not fingerprint):
        report = indexing.Report(problems=tuple(found.problems))
    else:
        with common.display.progress("Indexing", _expected(articles.sources(given))) as progress:
            report = indexing.refresh(
                folder,
                found,
                embedder,
                roots=[str(path) for path in given if path.exists()],
                prune_missing=found.vanished(given) if prune else None,
                progress=progress,
                rebuild=rebuild,
            )
    return _reported(common.display, folder, report, as_json)


def _embedder(common: Common, name: str | None, fingerprint: str, rebuild: bool) -> Embedder:
    """The one named, else the one the index has; a rebuild goes on without that one where it is not to be had."""
    if name or not fingerprint:
        return wiring.embedder_named(name, common.settings)
    try:
        return wiring.embedder_of(fingerprint, common.settings)
    except NotConfigured:
        if not rebuild or fingerprint.startswith("openai:"):
            raise
        return wiring.embedder_named(None, common.settings)


def _reported(display: Display, folder: Path, report: "Report", as_json: bool) -> int:
    for problem in report.problems:
        display.problem(f"{problem.where}: {problem.reason}")
    numbers = {name: getattr(report, name) for name in ("added", "changed", "unchanged", "removed")}
    if as_json:
        problems = [{"where": p.where, "reason": p.reason} for p in report.problems]
        embedded = report.passages_embedded
        display.write(
            interchange.line({"index": str(folder), **numbers, "passages_embedded": embedded, "problems": problems})
        )
    if report.problems and not any(numbers.values()):
        raise UsageError("No article could be indexed:", "see the reasons above.")
    if not as_json:
        done = ", ".join(f"{number} {name}" for name, number in numbers.items())
        display.write(f"{done}; {counted(report.passages_embedded, 'passage')} embedded. Index: {folder}\n")
    return 0


def _indexable(paths: Sequence[str]) -> list[Path]:
    if not paths:
        raise UsageError("There is nothing to refresh yet.", "Name files or folders: qa index PATH")
    for path in paths:
        if re.match(r"https?://", path):
            raise UsageError(f"{path}: web addresses cannot be read yet.", "Save the page as .html and index that.")
    return [Path(path).expanduser().absolute() for path in paths]


def _expected(files: Sequence[Path]) -> int | None:
    """How many articles there will be; unknown where a file holds many."""
    return None if any(file.suffix.lower() in (".jsonl", ".ndjson") for file in files) else len(files)


def _file(source: str) -> Path:
    """The file of a source, which may be a line of it (`news.jsonl:12`)."""
    return Path(source if Path(source).exists() else re.sub(r":\d+\Z", "", source))


def _under(source: str, given: Sequence[Path]) -> bool:
    path = _file(source)
    return any(path == root or root in path.parents for root in given)


class _Watched:
    """The articles and problems as they pass by, remembering which sources there were."""

    def __init__(self, items: Iterable["Article | Problem"]) -> None:
        self.problems: list[Problem] = []
        self._sources: set[str] = set()
        items = iter(items)
        self._first = next((item for item in items if self._is_article(item)), None)
        self._rest = items

    @property
    def any(self) -> bool:
        """Whether there is an article at all."""
        return self._first is not None

    def __iter__(self) -> Iterator["Article | Problem"]:
        yield from self.problems
        for item in chain([self._first] if self._first else [], self._rest):
            self._is_article(item)
            yield item

    def _is_article(self, item: "Article | Problem") -> bool:
        if isinstance(item, Article):
            self._sources.add(item.source)
            return True
        self.problems.append(item)
        return False

    def vanished(self, given: Sequence[Path]) -> Callable[[str], bool]:
        """Whether a source under the given paths is gone; one that could not be read this time is not."""

        def gone(source: str) -> bool:
            file, troubled = _file(source), {problem.where for problem in self.problems}
            if source in self._sources or not _under(source, given):
                return False
            if not os.path.lexists(file):  # a dead symlink is there, and may live again
                return True
            return source not in troubled and str(file) != source and str(file) not in troubled

        return gone


def list_articles(options: Options, as_json: bool) -> int:
    common = Common.of(options)
    found = wiring.open_index(common.settings, common.display.notice).articles()
    if as_json:
        for article in found:
            common.display.write(interchange.line(_metadata(article)))
    else:
        common.display.articles(found)
    return 0


def _metadata(article: Article) -> JsonObject:
    return {
        "id": article.id,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "publisher": article.publisher,
        "url": article.url,
        "source": article.source,
        "sha256": article.sha256,
    }


def show_article(options: Options, id: str, text_alone: bool, as_json: bool) -> int:
    common = Common.of(options)
    article = wiring.open_index(common.settings, common.display.notice).article(id)
    if article is None:
        raise UsageError(f"The index has no article {id!r}.", "`qa articles` lists those it has.")
    if text_alone:
        common.display.write(article.text + "\n")
    elif as_json:
        common.display.write(interchange.line({**_metadata(article), "text": article.text}))
    else:
        common.display.article(article)
    return 0


def remove_article(options: Options, id: str) -> int:
    from qa import indexing

    common = Common.of(options)
    if not common.settings.index and not wiring.has_own_index():
        raise NotConfigured("There is no index of yours to remove it from;", "the bundled articles stay as they are.")
    folder = common.settings.index or wiring.own_index()
    indexing.remove(folder, id)
    common.display.write(f"Removed {id} from {folder}.\n")
    return 0
