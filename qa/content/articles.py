"""Files and folders in, articles out, and a Problem for everything that could not be read as it stands.

    for found in read([Path("/news")], known={"/news/a.txt": "a"}):
        Article(id="a", source="/news/a.txt", …)
        Article(id="today-12", source="/news/today.jsonl:12", …)
        Problem(where="/news/today.jsonl:13", reason="no “text”")

One format is one function from bytes to a Draft, and one row in FORMATS.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.content import asides, dates, files, jsonl, markdown, plain, webpage
from qa.content.draft import Draft, Problem, UnreadableError
from qa.content.ids import Ids, claim
from qa.content.text import BOM, clean, fold
from qa.domain import Article
from qa.sentences import spans

__all__ = ["FORMATS", "Problem", "read", "sources"]


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one kind are read: `parse` makes a Draft of a file or a line of it, or raises UnreadableError."""

    parse: Callable[[bytes], Draft]
    by_line: bool = False
    claims_ids: bool = False


_MARKDOWN = Format(markdown.parse, claims_ids=True)
_WEBPAGE = Format(webpage.parse)
_JSONL = Format(jsonl.parse, by_line=True, claims_ids=True)
FORMATS = {
    ".txt": Format(plain.parse),
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _WEBPAGE,
    ".htm": _WEBPAGE,
    ".jsonl": _JSONL,
    ".ndjson": _JSONL,
}

_LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class _Read:
    source: str
    name: str  # the id where nothing else gives one
    draft: Draft
    claimed: str | None


def sources(paths: Sequence[Path]) -> list[Path]:
    """The absolute paths of the files that `read` would read, in its order; a JSONL counts as one."""
    return _found(paths)[0]


def _found(paths: Sequence[Path]) -> tuple[list[Path], list[Problem]]:
    found = set(files.find(paths, FORMATS))
    problems = (each for each in found if isinstance(each, Problem))
    return sorted(each for each in found if isinstance(each, Path)), sorted(problems, key=lambda each: each.where)


def read(paths: Sequence[Path], known: Mapping[str, str] = {}) -> Iterator[Article | Problem]:
    """Every article in these files and folders, one at a time; only one text is held.

    `known` maps the source of each article indexed before to its id: it keeps that id, unless its metadata now gives
    another, and no other article is given it. Leave out of `known` what is to be forgotten. Two articles that claim
    one id are one Problem, and neither is yielded, except that one known by that id keeps it.
    """
    found, problems = _found(paths)
    yield from problems
    ids = _ids(found, known)
    for path in found:
        for piece in _pieces(path):
            if isinstance(piece, Problem):
                yield piece
                continue
            try:
                id = ids.of(piece.source, piece.name, piece.claimed)
            except UnreadableError as problem:
                yield files.problem(piece.source, str(problem))
                continue
            if id is not None:
                yield from _article(id, piece)


def _ids(found: Sequence[Path], known: Mapping[str, str]) -> Ids:
    """Reads the files whose articles can claim ids ahead of all else: who may have one depends on all who want it."""
    claims: dict[str, str | None] = {}
    lines_of = set()
    for path in found:
        if not FORMATS[path.suffix.lower()].claims_ids:
            continue
        problems = set()
        for piece in _pieces(path):
            if isinstance(piece, Problem):
                problems.add(piece.where)
            else:
                claims[piece.source] = piece.claimed
        if FORMATS[path.suffix.lower()].by_line and str(path) not in problems:
            lines_of.add(str(path))
            claims |= dict.fromkeys(problems)
    return Ids(known, claims, lines_of)


def _pieces(path: Path) -> Iterator[_Read | Problem]:
    """The articles of one file, as its format states them."""
    form = FORMATS[path.suffix.lower()]
    name = fold(path.stem) or "article"
    try:
        if not form.by_line:
            yield _piece(form, str(path), name, files.whole(path))
            return
        empty = True
        for number, line in files.lines(path):
            yield _piece(form, f"{path}:{number}", f"{name}-{number}", line)
            empty = False
        if empty:
            yield files.problem(path, "empty: there is no line in it")
    except UnreadableError as problem:
        yield files.problem(path, str(problem))
    except OSError as error:
        yield files.problem(path, files.why(error, path))


def _piece(form: Format, source: str, name: str, data: bytes) -> _Read | Problem:
    try:
        if len(data) > files.LARGEST:
            raise UnreadableError(files.TOO_LARGE)
        # A blank page would be said to hold no article.
        draft = form.parse(data) if data.removeprefix(BOM).strip() else Draft("")
        draft = replace(draft, text=clean(draft.text))
        if not draft.text:
            raise UnreadableError("empty: there is no text in it")
        return _Read(source, name, draft, claim(draft.id))
    except UnreadableError as problem:
        return files.problem(source, str(problem))


def _article(id: str, piece: _Read) -> Iterator[Article | Problem]:
    draft = piece.draft
    title, headline = fold(draft.title or ""), fold(draft.headline or "")
    found = asides.find(draft.text)
    start, end = asides.first_line(draft.text, found)
    if start < end and fold(draft.text[start:end]) in (title, headline):
        found = tuple(sorted((*found, (start, end))))
    published = dates.parse(draft.published or "")
    yield Article(
        id=id,
        text=draft.text,
        title=title or headline or _first_sentence(draft.text, found) or id,
        published=published,
        publisher=fold(draft.publisher or "") or None,
        url=fold(draft.url or "") or None,
        source=piece.source,
        asides=found,
    )
    stated = textwrap.shorten(fold(draft.published or ""), 60, placeholder="…")
    if stated and not published:
        yield files.problem(
            piece.source, f"“{stated}” is not one full date; the article is read undated, write the date as 2025-09-19"
        )


def _first_sentence(text: str, found: Sequence[tuple[int, int]]) -> str:
    """The first sentence that is no aside, cut between words; empty where all is asides."""
    start = 0
    for aside_start, aside_end in (*found, (len(text), len(text))):
        prose = text[start : min(aside_start, start + 1000)]
        if any(character.isalnum() for character in prose):
            first = next(prose[a:b] for a, b in spans(prose) if any(c.isalnum() for c in prose[a:b]))
            return (
                textwrap.shorten(first, _LONGEST_TITLE, placeholder="", break_on_hyphens=False)
                or first[:_LONGEST_TITLE]
            )
        start = aside_end
    return ""
