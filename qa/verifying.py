"""Checks a stored answer against the index again: each quote in its place, each statement's values in its quotes."""

import re
from collections.abc import Iterator
from typing import Protocol

from qa.domain import Article, JsonObject
from qa.evidence import gate, locate, markup


class Articles(Protocol):
    def article(self, id: str) -> Article | None: ...


def check(answer: JsonObject, articles: Articles) -> list[str]:
    """What does not hold, a line each; nothing where all holds."""
    if answer.get("status") != "answered":
        return []
    spans: dict[int, gate.Span] = {}
    failures = list(_citations(answer, articles, spans))
    return failures + list(_statements(str(answer.get("answer", "")), spans, failures))


def _citations(answer: JsonObject, articles: Articles, spans: dict[int, gate.Span]) -> Iterator[str]:
    cited = answer.get("citations")
    if not isinstance(cited, list) or not cited:
        yield "The answer has no citations."
        return
    for row in cited:
        try:
            n, id, quote, start, end = row["n"], row["article"], row["quote"], row["start"], row["end"]
            numbers = [int(n), int(start), int(end)]
        except (KeyError, TypeError, ValueError):
            yield f"A citation is incomplete: {str(row)[:100]}"
            continue
        article = articles.article(str(id))
        if article is None:
            yield f"[{n}] {id}: there is no such article."
        elif not quote or numbers[1] < 0 or article.text[numbers[1] : numbers[2]] != quote:
            place = locate.find(str(quote), article.text)
            where = f"it stands at {place[0]}-{place[1]} now" if place else "it stands nowhere in the article"
            yield f"[{n}] {id}: the quote does not stand at {start}-{end}; {where}."
        else:
            spans[numbers[0]] = gate.Span(article, numbers[1], numbers[2])


def _statements(text: str, spans: dict[int, gate.Span], failures: list[str]) -> Iterator[str]:
    """Statements that cite nothing, or state a value that what they cite does not hold."""
    marked = re.sub(r"\[(\d+)\]", r'[\1: "as cited above"]', text)
    for statement in markup.read(marked)[0]:
        cited = [spans[e.source] for e in statement.evidence if e.source in spans]
        unknown = [e.source for e in statement.evidence if e.source not in spans]
        if unknown and not failures:
            yield f"[{unknown[0]}] is cited, but is not among the citations."
        if not statement.evidence and statement.kind == "sentence":
            yield f"A statement cites nothing: {statement.text}"
        elif cited and (value := gate.value_not_held(statement.text, cited)):
            yield f"{value!r} is not in what is cited for it: {statement.text}"
