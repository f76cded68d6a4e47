"""A warning light for what a model service wrote: the embedded reader is asked the same question of the same sentence.

    doubts(answer, Reader())     → [Doubt(n=2, said="30 people were hurt.", read="12 people")]

The gate has seen to it that the value stands in the quote. Where the quote holds several, the wrong one may have been taken,
and that a reader can see. It warns and withholds nothing, for it errs too; `make reader-figures` says how often by bare values.
"""

from collections.abc import Iterator
from datetime import date

from qa import asking, sentences
from qa.domain import Answer, Citation, Doubt, Retrieved, SpanReader
from qa.evidence import markup, names, values
from qa.reading import read_below_titles

LEAST = -3.0
"""The margin from which on what the reader marks is held against an answer: here it need not be sure, only differ."""


def doubts(found: Answer, reader: SpanReader) -> list[Doubt]:
    """The statements none of whose citations gives, to the reader, what they say."""
    cited = {citation.n: citation for citation in found.citations}
    told: list[Doubt] = []
    for statement in markup.shown(found.text):
        read = [
            (cited[e.source], words)
            for e in statement.evidence
            if e.source in cited
            for words in _read(found, cited[e.source], reader)
        ]
        if read and all(differs(found.asked, statement.text, words, c.published) for c, words in read):
            told.append(Doubt(read[0][0].n, statement.text, read[0][1]))
    return told


def differs(question: str, said: str, value: str, published: date | None = None) -> bool:
    """Whether an answer gives another value, or another name, of the kind that is asked for, than the reader marks.

    `published` is the date of the article, which a weekday counts from. To say less ("in December") is no difference.
    """
    kind = asking.asks_for(question)
    if asking.offers(kind, said, question) < 0.5:
        return False  # it says something else
    if kind in asking.NAMED_KINDS:
        asked = names.vocabulary(question)
        told, marked = ({word for word in names.vocabulary(text) if word not in asked} for text in (said, value))
        return bool(names.find(value)) and bool(names.find(said)) and told.isdisjoint(marked)
    if kind not in asking.EXACT_KINDS:
        return False
    stated, marks = values.find(said), values.find(value)
    if not stated or not marks:
        return False
    held = any(values.holds(mark, stated, published) for mark in marks)
    return not (held or any(values.holds(told, marks, published) for told in stated))


def _read(found: Answer, cited: Citation, reader: SpanReader) -> Iterator[str]:
    """What the reader marks in the sentences of a quote."""
    source = next((r for r in found.retrieved if _holds(r, cited)), None)
    if not source:
        return
    start, end = cited.start - source.passage.start, cited.end - source.passage.start
    touched = [(a, b) for a, b in sentences.spans(source.text) if a < end and start < b]
    bound = (min(a for a, _ in touched), max(b for _, b in touched))
    ((span,),) = read_below_titles(reader, found.asked, [(source.article.title, source.text)], [[bound]])
    if span and span.margin > LEAST:
        yield source.text[span.start : span.end]


def _holds(source: Retrieved, cited: Citation) -> bool:
    passage = source.passage
    return source.article.id == cited.article and passage.start <= cited.start and cited.end <= passage.end
