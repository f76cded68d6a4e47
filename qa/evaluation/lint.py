"""What is doubtful in gold pairs that read well: `qa eval --lint`.

    lint(items, articles) → ["eval/gold.yaml:14: tiktok-price: asks the same as tiktok-cost (eval/gold.yaml:90)", …]

What cannot be told is not said: a yes or no, a pattern or a reason in other words may stand in an article unseen.
"""

import re
from collections.abc import Iterator, Sequence

from qa import sentences
from qa.domain import Article
from qa.evaluation import matching, phrases, wording
from qa.evaluation.gold import Accept, Cite, Item, Regex, Text, Turn, YesNo
from qa.evaluation.matching import Asked
from qa.evidence import locate, values

_ASKS_NUMBER = re.compile(r"\bhow (?:many|much|long|high|large|big|old|far)\b", re.IGNORECASE)
_ASKS_DATE = re.compile(r"\bwhen\b|\b(?:what|which|on what|on which) (?:date|day|month|year)\b", re.IGNORECASE)


def lint(items: Sequence[Item], articles: Sequence[Article]) -> list[str]:
    """One line for each doubt, in the order of the items."""
    known = {article.id: article for article in articles}
    doubts: list[str] = []
    ids: dict[str, Item] = {}
    asked: dict[tuple[str, ...], tuple[Item, Turn]] = {}
    for item in items:
        if item.id in ids:
            doubts.append(_line(item, f"the id is used at {ids[item.id].where} already"))
        ids.setdefault(item.id, item)
        for number, turn in enumerate(item.turns):
            doubts += [_line(item, doubt) for doubt in _doubts(turn, known)]
            # A later turn of a conversation means what the ones before it make it mean.
            before = tuple(t.question for t in item.turns[:number])
            if told := next((a for a in turn.accept for q in before if _given_away(a, q, matching.asked(q))), None):
                doubts.append(_line(item, f"a question before gives the answer away: {matching.in_words(told)}"))
            key = tuple(stem for text in (*before, turn.question) for stem in (*_carrying(text), "/"))
            if key in asked:
                doubts.append(_line(item, _same(*asked[key], turn)))
            else:
                asked[key] = (item, turn)
    return doubts


def _line(item: Item, doubt: str) -> str:
    return f"{item.where}: {item.id}: {doubt}" if item.where else f"{item.id}: {doubt}"


def _carrying(question: str) -> list[str]:
    """The question's keys without small words, in one order; "not" stays, for it turns a question round."""
    return sorted({word.key for word in wording.read(question).words} - (phrases.STOP_KEYS - {"not"}))


def _same(other: Item, asked: Turn, turn: Turn) -> str:
    where = f"{other.id} ({other.where})" if other.where else other.id
    if asked.answerable != turn.answerable:
        return f"asks the same as {where}, which is {'' if asked.answerable else 'not '}answerable"
    if set(map(repr, asked.accept)) == set(map(repr, turn.accept)):
        return f"asks the same as {where}"
    return f"asks the same as {where} and accepts something else"


def _doubts(turn: Turn, articles: dict[str, Article]) -> Iterator[str]:
    known = matching.asked(turn.question)
    if not turn.answerable:
        yield from _seems_answered(turn.question, articles)
        return
    for given in (a for a in turn.accept if _given_away(a, turn.question, known)):
        yield f"the question gives the answer away: {matching.in_words(given)}"
    for wrong in turn.reject:
        if any(isinstance(a, Text) and wording.exact_match(wrong, [a.value]) for a in turn.accept):
            yield f"{wrong!r} is accepted and rejected"
    if turn.cite:
        yield from _citing(turn, turn.cite, articles)


def _given_away(accept: Accept, question: str, known: Asked) -> bool:
    """Whether the question states it; a choice ("A or B?") and a yes or no do not count."""
    if isinstance(accept, YesNo | Regex) or " or " in question.lower():
        return False
    # Nothing is "asked" here, or else what the question says would not be looked for in it.
    return matching.find(accept, known.reading, Asked(wording.read(""), frozenset())).fit == "stated"


def _citing(turn: Turn, cite: Cite, articles: dict[str, Article]) -> Iterator[str]:
    missing = [id for id in cite.articles if id not in articles]
    for id in missing:
        yield f"must cite {id}, which is not in the corpus"
    cited = [articles[id] for id in cite.articles if id in articles]
    for quote in cite.quotes:
        if not any(locate.find(quote, article.text) for article in cited):
            yield f"the quote stands in no cited article: {quote!r}"
    tellable = [a for a in turn.accept if not isinstance(a, YesNo | Regex)]
    if missing or len(tellable) < len(turn.accept) or not cited:
        return
    # What needs all of the articles is looked for in all of them as one.
    texts = ["\n\n".join(a.text for a in cited)] if cite.all_of else [a.text for a in cited]
    stands = any(
        matching.find(accept, wording.Reading(text), matching.asked("", cited[n].published)).fit != "absent"
        for n, text in enumerate(texts)
        for accept in tellable
    )
    if not stands:
        yield f"no cited article states {' or '.join(map(matching.in_words, tellable[:3]))}"


def _seems_answered(question: str, articles: dict[str, Article]) -> Iterator[str]:
    """Only for numbers and dates, whose kind shows: a sentence that holds all the question asks and a value besides."""
    kind = values.Number if _ASKS_NUMBER.search(question) else values.Date if _ASKS_DATE.search(question) else None
    carrying = set(_carrying(question)) - {"how", "mani", "much", "long", "high", "when", "what", "do", "doe", "did"}
    if kind is None or len(carrying) < 3:
        return
    own = {value.text.lower() for value in wording.read(question).values}
    for article in articles.values():
        for start, end in sentences.spans(article.text):
            reading = wording.read(article.text[start:end])
            fresh = any(
                isinstance(meaning, kind) for v in reading.values if v.text.lower() not in own for meaning in v.meanings
            )
            if fresh and carrying <= set(reading.places):
                yield f"is not answerable, but {article.id} seems to answer it: {reading.raw[:160]!r}"
                return
