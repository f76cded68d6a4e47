"""Checks a stored answer against the index again: each quote in its place, each statement through the gate.

check({"status": "answered", "answer": "It ends on December 17 [1].", "citations": [{"n": 1, …}], …}, index)
    → ["'December 17' is not in what is cited for it: It ends on December 17."]
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from qa.domain import Article, Evidence, JsonObject, Passage, Retrieved
from qa.evidence import gate, locate, markup


class Articles(Protocol):
    def article(self, id: str) -> Article | None: ...
    def articles(self) -> list[Article]: ...


def check(answer: JsonObject, index: Articles) -> list[str]:
    """What does not hold, a line each; nothing where all holds."""
    if answer["status"] != "answered" and not answer.get("citations"):
        return []
    spans: dict[int, gate.Span] = {}
    failures = list(_citations(answer.get("citations"), index, spans))
    return failures or list(_statements(answer, spans, index))


def _citations(cited: object, index: Articles, spans: dict[int, gate.Span]) -> Iterator[str]:
    if not isinstance(cited, list) or not cited:
        yield "The answer has no citations."
        return
    for row in cited:
        try:
            n, start, end = (int(row[name]) for name in ("n", "start", "end"))
            id, quote = str(row["article"]), str(row["quote"])
        except (KeyError, TypeError, ValueError):
            yield f"A citation is incomplete: {str(row)[:100]}"
            continue
        article = index.article(id)
        if article is None:
            yield f"[{n}] {id}: there is no such article in the index."
        elif wrong := _wrong(row, quote, start, end, article):
            yield f"[{n}] {id}: {wrong}."
        elif n in spans:
            yield f"[{n}] stands for two citations."
        else:
            spans[n] = gate.Span(article, start, end)


def _wrong(row: Mapping[str, object], quote: str, start: int, end: int, article: Article) -> str | None:
    if not quote or start < 0 or end - start != len(quote) or article.text[start:end] != quote:
        place = locate.find(quote, article.text)
        where = f"those words stand at {place[0]}-{place[1]}" if place else "those words stand nowhere in the article"
        return f"the quote does not stand at {start}-{end}; {where}"
    published = article.published.isoformat() if article.published else None
    facts = {"title": article.title, "published": published, "url": article.url}
    return next((f"its {f} is {facts[f]!r}, not {row[f]!r}" for f in facts if f in row and row[f] != facts[f]), None)


def _statements(answer: JsonObject, spans: dict[int, gate.Span], index: Articles) -> Iterator[str]:
    """Statements that cite nothing, or state a value or a name that what they cite does not hold."""
    text, question = str(answer.get("answer", "")), str(answer.get("understood") or answer.get("question", ""))
    sources = list({span.article.id: span.article for span in spans.values()}.values())
    for statement in markup.shown(text):
        unknown = [e.source for e in statement.evidence if e.source not in spans]
        if unknown:
            yield f"[{unknown[0]}] is cited, but is not among the citations."
            continue
        cited = [spans[e.source] for e in statement.evidence]
        evidence = tuple(Evidence(sources.index(span.article) + 1, span.quote) for span in cited)
        quoting = replace(statement, evidence=evidence)
        verdict = _gate(question, sources).check(quoting)
        if isinstance(verdict, gate.Failed):
            # A word is no name where any article writes it small; those beyond the cited ones are read only now.
            verdict = _gate(question, [*sources, *index.articles()]).check(quoting)
        if isinstance(verdict, gate.Failed):
            yield _told(verdict)


def _gate(question: str, articles: Sequence[Article]) -> gate.Gate:
    return gate.Gate(question, [Retrieved(Passage("", a.id, 0, 0), a, 0.0) for a in articles])


def _told(failed: gate.Failed) -> str:
    if failed.why == "uncited":
        return f"A statement cites nothing: {failed.statement.text}"
    if failed.why == "value":
        return f"{failed.what!r} is not in what is cited for it: {failed.statement.text}"
    return f"{failed.what!r} is {failed.why}: {failed.statement.text}"
