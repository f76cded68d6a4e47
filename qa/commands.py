"""What each command does, between the command line and the product: read its input, call, show, give the exit code."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from qa import interchange, settings, wiring
from qa.display import Display
from qa.domain import Article, Filters, JsonObject
from qa.errors import NotConfigured, QaError, UsageError
from qa.settings import Settings

ABSTAINED = 1


@dataclass(frozen=True, slots=True)
class Common:
    """The options that stand everywhere, read."""

    settings: Settings
    display: Display

    @classmethod
    def of(cls, index: Path | None, model: str | None, timeout: float | None, quiet: bool) -> "Common":
        return cls(settings.load(index=index, model=model, timeout=timeout), Display(quiet))


# ── ask


def filters(since: str | None, until: str | None, source: str | None) -> Filters:
    """Raises UsageError for a date that is none."""
    return Filters(_day("--since", since), _day("--until", until), (source or "").strip() or None)


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    from qa.content import dates

    day = dates.parse(text)
    if day is None:
        raise UsageError(f"{option} takes a date such as 2025-09-19, not {text!r}.")
    return day


def ask(common: Common, question: str | None, chosen: Filters, as_json: bool, why: bool) -> int:
    if question is None:
        raise UsageError("What is the question?", 'As in: qa ask "Who spoke on Friday?", or - to read it from stdin.')
    asked = _stdin() if question == "-" else question
    from qa.answering import check_question

    check_question(asked)  # before anything is loaded or built for it
    display = common.display
    assistant = wiring.assistant(common.settings, display.notice)
    show = (lambda piece: None) if as_json else display.stream
    try:
        found = assistant.ask(asked, filters=chosen, timeout=common.settings.timeout, show=show)
    except BaseException:
        display.end_stream()
        raise
    if as_json:
        display.write(_dump(interchange.answer(found, why)))
    else:
        display.answer(found, why)
    return 0 if found.status == "answered" else ABSTAINED


def ask_many(common: Common, file: str, chosen: Filters, why: bool) -> int:
    """One line of JSON for each question, in order; a question that fails is one too."""
    questions = list(_questions(file))
    if not questions:
        raise UsageError(f"There is no question in {file}.", "Write one a line, or JSONL with a “question”.")
    assistant = wiring.assistant(common.settings, common.display.notice)
    with common.display.progress("Asking", len(questions)) as progress:
        for done, (id, question) in enumerate(questions, 1):
            try:
                if isinstance(question, UsageError):
                    raise question
                found = assistant.ask(question, filters=chosen, timeout=common.settings.timeout)
                answer = interchange.answer(found, why)
            except QaError as error:
                answer = interchange.failure("" if isinstance(question, UsageError) else question, error)
            common.display.write(_dump({"id": id, **answer}))
            progress(done)
    return 0


def _questions(file: str) -> Iterator[tuple[object, str | UsageError]]:
    text = _stdin() if file == "-" else _read(Path(file))
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            yield None, line.strip()
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield None, UsageError(f"{file}:{number} is no JSON: {error}.")
            continue
        question = row.get("question")
        if isinstance(question, str):
            yield row.get("id"), question
        else:
            yield row.get("id"), UsageError(f"{file}:{number} has no “question”.")


# ── index and articles


def index(
    common: Common, paths: Sequence[str], prune: bool, rebuild: bool, embedder_name: str | None, as_json: bool
) -> None:
    from qa import indexing
    from qa.adapters.index import Index
    from qa.content import articles

    folder = common.settings.index or wiring.own_index()
    try:
        stored = Index(folder)
        known = {source: id for id, source in stored.sources().items()}
        fingerprint, roots = stored.fingerprint, stored.roots()
    except QaError as error:
        if not isinstance(error, NotConfigured) and not (rebuild and paths):
            raise
        known, fingerprint, roots = {}, "", []
    if fingerprint and not rebuild and not embedder_name:
        embedder = wiring.embedder_of(fingerprint, common.settings)
    else:
        embedder = wiring.embedder_named(embedder_name, common.settings)
    given = _indexable(paths or roots)
    if prune or rebuild:
        known = {source: id for source, id in known.items() if _file(source).exists() or not _under(source, given)}
    found = _Watched(articles.read(given, {} if rebuild else known))
    with common.display.progress("Indexing", len(articles.sources(given))) as progress:
        if rebuild:
            report = indexing.rebuild(folder, found, embedder, roots=_roots(given), progress=progress)
        else:
            vanished = found.vanished(given) if prune else None
            report = indexing.refresh(
                folder, found, embedder, roots=_roots(given), prune_missing=vanished, progress=progress
            )
    for problem in report.problems:
        common.display.problem(f"{problem.where}: {problem.reason}")
    if as_json:
        common.display.write(_dump(_report(folder, report)))
    else:
        common.display.write(
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed; "
            f"{report.passages_embedded} passages embedded. Index: {folder}\n"
        )
    if report.problems and not (report.added or report.changed or report.unchanged):
        raise UsageError("No article could be indexed.", "The reasons stand above.")


def _report(folder: Path, report: "indexing.Report") -> JsonObject:  # type: ignore[name-defined]  # noqa: F821
    return {
        "index": str(folder),
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "passages_embedded": report.passages_embedded,
        "problems": [{"where": p.where, "reason": p.reason} for p in report.problems],
    }


def _indexable(paths: Sequence[str]) -> list[Path]:
    if not paths:
        raise UsageError("There is nothing to refresh yet.", "Name files or folders: qa index PATH")
    for path in paths:
        if re.match(r"https?://", path):
            raise UsageError(f"{path}: web addresses cannot be read yet.", "Save the page as .html and index that.")
    return [Path(path).expanduser().absolute() for path in paths]


def _roots(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in paths if path.exists()]


def _file(source: str) -> Path:
    """The file of a source, which may be a line of it (`news.jsonl:12`)."""
    return Path(source if Path(source).exists() else re.sub(r":\d+\Z", "", source))


def _under(source: str, given: Sequence[Path]) -> bool:
    path = _file(source)
    return any(path == root or root in path.parents for root in given)


class _Watched:
    """The articles and problems as they pass by, remembering which sources there were."""

    def __init__(self, items: Iterator[object]) -> None:
        self._items = items
        self._sources: set[str] = set()
        self._troubled: set[str] = set()

    def __iter__(self) -> Iterator[object]:
        for item in self._items:
            if isinstance(item, Article):
                self._sources.add(item.source)
            else:
                self._troubled.add(item.where)  # type: ignore[attr-defined]
            yield item

    def vanished(self, given: Sequence[Path]) -> Callable[[str], bool]:
        """Whether a source under the given paths is gone; one that could not be read this time is not."""

        def gone(source: str) -> bool:
            if source in self._sources or source in self._troubled or not _under(source, given):
                return False
            file = _file(source)
            return not file.exists() or (str(file) != source and str(file) not in self._troubled)

        return gone


def list_articles(common: Common, as_json: bool) -> None:
    opened = wiring.open_index(common.settings, common.display.notice)
    found = opened.articles()
    if as_json:
        for article in found:
            common.display.write(_dump(_metadata(article)))
        return
    rows = ((a.id, a.published.isoformat() if a.published else "undated", a.publisher or "", a.title) for a in found)
    common.display.table(("id", "published", "publisher", "title"), rows)


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


def show_article(common: Common, id: str, text_alone: bool, as_json: bool) -> None:
    opened = wiring.open_index(common.settings, common.display.notice)
    article = opened.article(id)
    if article is None:
        raise UsageError(f"The index has no article {id!r}.", "`qa articles` lists those it has.")
    if text_alone:
        common.display.write(article.text + "\n")
    elif as_json:
        common.display.write(_dump({**_metadata(article), "text": article.text}))
    else:
        common.display.article(article)


def remove_article(common: Common, id: str) -> None:
    from qa import indexing

    folder = common.settings.index or wiring.own_index()
    indexing.remove(folder, id)
    common.display.write(f"Removed {id} from {folder}.\n")


# ── verify


def verify(common: Common, file: str, as_json: bool) -> int:
    from qa import verifying

    answers = list(_answers(file))
    opened = wiring.open_index(common.settings, common.display.notice)
    failures = [failure for answer in answers for failure in verifying.check(answer, opened)]
    citations = sum(len(answer.get("citations") or []) for answer in answers)
    if as_json:
        common.display.write(
            _dump({"answers": len(answers), "citations": citations, "holds": not failures, "failures": failures})
        )
    else:
        for failure in failures:
            common.display.problem(failure)
        verdict = f"{len(failures)} of them do not hold." if failures else "all hold."
        common.display.write(f"{len(answers)} answers, {citations} citations: {verdict}\n")
    return 1 if failures else 0


def _answers(file: str) -> Iterator[JsonObject]:
    """One JSON object over many lines, or one a line."""
    text = _stdin() if file == "-" else _read(Path(file))
    if not text.strip():
        raise UsageError(f"There is no answer in {file}.", "Write one with: qa ask QUESTION --json")
    try:
        rows = [json.loads(text)]
    except ValueError:
        rows = []
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    rows.append(json.loads(line))
                except ValueError as error:
                    raise UsageError(f"{file}:{number} is no JSON: {error}.") from error
    for row in rows if not (len(rows) == 1 and isinstance(rows[0], list)) else rows[0]:
        if not isinstance(row, dict) or "status" not in row:
            raise UsageError(f"{file} holds something that is no answer.", "Write one with: qa ask QUESTION --json")
        yield row


# ── shared


def _dump(value: JsonObject) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _stdin() -> str:
    return _decoded(sys.stdin.buffer.read(), "stdin")


def _read(path: Path) -> str:
    try:
        return _decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start}).") from error
