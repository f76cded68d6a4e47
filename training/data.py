"""Reads questions with their passages and answers, and says which are for training, for choices and for reporting.

    Question("When did it open?", Passage("It opened in May 1901.", "Harbour"), answers=((13, 21),))

An answer is a span of characters of the passage; a question without answers asks what its passage does not say.
"""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.reading import heading
from qa.sentences import spans as sentences
from training.overlap import shared_words

Span = tuple[int, int]

FOLDER = Path(__file__).parent
BENCH = FOLDER.parent.parent / "shared" / "bench"
ANSWERABLE = ("squad-train-partial.jsonl.gz", "squadshifts-newwiki.jsonl.gz")
ADVERSARIAL = "squad2-16titles.jsonl.gz"
"""People wrote its unanswerable questions to be mistaken for answerable ones (Rajpurkar et al. 2018)."""
TITLES_FOR_DEVELOPMENT, TITLES_FOR_REPORTING = 2, 3
PASSAGE_CHARACTERS = 900
"""About 200 tokens, the size of the program's own passages."""


@dataclass(frozen=True)
class Passage:
    text: str
    group: str
    """Its Wikipedia title, or its article: where to look for other passages on the same matter."""
    title: str = ""
    """What stands above it."""


@dataclass(frozen=True)
class Question:
    text: str
    passage: Passage
    answers: tuple[Span, ...]
    """In order of preference; none where the passage does not answer."""
    verdict: bool | None = None
    """Of a question that is answered by yes or no, which of the two; its span is what settles it. The reader is not asked for it."""

    @property
    def answer_texts(self) -> list[str]:
        return [self.passage.text[start:end] for start, end in self.answers]

    def titled(self) -> "Question":
        """The same below its title, as the program gives passages to the reader."""
        head = heading(self.passage.title)
        passage = replace(self.passage, text=head + self.passage.text)
        return replace(self, passage=passage, answers=tuple((a + len(head), b + len(head)) for a, b in self.answers))


@dataclass(frozen=True)
class Split:
    """Questions by use. `reported` is opened for the final figures alone."""

    training: list[Question]
    development: list[Question]
    reported: list[Question]


def read_squad(path: Path) -> list[Question]:
    """Questions in SQuAD's fields, one a line: title, context, question, answers, answer_starts."""
    questions = []
    passages: dict[str, Passage] = {}
    for row in _rows(path):
        context = row["context"]
        title = row["title"] or ""
        passage = passages.setdefault(context, Passage(context, title, title.replace("_", " ")))
        spans = dict.fromkeys(
            (start, start + len(answer))
            for start, answer in zip(row["answer_starts"], row["answers"], strict=True)
            if context[start : start + len(answer)] == answer
        )
        if spans or not row["answers"]:
            questions.append(Question(row["question"].strip(), passage, tuple(spans)))
    return questions


def split_titles(questions: Iterable[Question], seed: int = 0) -> Split:
    """By title, so that no passage that is trained on comes again where it is measured."""
    questions = list(questions)
    titles = sorted({question.passage.group for question in questions})
    random.Random(seed).shuffle(titles)
    development = set(titles[:TITLES_FOR_DEVELOPMENT])
    reported = set(titles[TITLES_FOR_DEVELOPMENT : TITLES_FOR_DEVELOPMENT + TITLES_FOR_REPORTING])
    return Split(
        [q for q in questions if q.passage.group not in development | reported],
        [q for q in questions if q.passage.group in development],
        [q for q in questions if q.passage.group in reported],
    )


def read_own_questions(folder: Path, passages: Iterable[Passage]) -> list[Question]:
    """Our own questions on known passages, named by the first 12 hex digits of their SHA-256.

    A line whose passage is not known, or whose answers do not stand in it word for word, is left out.
    """
    named = {hashlib.sha256(p.text.encode()).hexdigest()[:12]: p for p in passages}
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in _rows(path):
            passage = named.get(row["passage"])
            if passage and all(answer in passage.text for answer in row["answers"]):
                found.append(_located(row, passage))
    return found


def read_own_articles(folder: Path) -> tuple[list[Question], list[Question]]:
    """Our own questions on our own news articles: those to train on, and those of each twelfth article, held back."""
    trained: list[Question] = []
    held: list[Question] = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in _rows(path):
            (held if is_held_back(row["id"]) else trained).extend(_of_article(row))
    return trained, held


def is_held_back(article: str) -> bool:
    return hashlib.sha256(article.encode()).digest()[0] % 12 == 0


def passages_of(text: str, group: str, title: str = "") -> list[Passage]:
    """A text in passages of whole sentences, each of at most PASSAGE_CHARACTERS where its sentences allow it."""
    found: list[Passage] = []
    start = end = 0
    for first, last in sentences(text):
        if end > start and last - start > PASSAGE_CHARACTERS:
            found.append(Passage(text[start:end], group, title))
            start = first
        end = last
    return [*found, Passage(text[start:end], group, title)] if end > start else found


def occurrences(text: str, answer: str) -> list[Span]:
    """Where an answer stands as whole words."""
    starts = (match.start() for match in re.finditer(f"(?={re.escape(answer)})", text))
    found = [(start, start + len(answer)) for start in starts]
    return [(a, b) for a, b in found if not text[max(a - 1, 0) : a].isalnum() and not text[b : b + 1].isalnum()]


def _of_article(row: dict[str, Any]) -> Iterator[Question]:
    passages = passages_of(row["text"], row["id"], row["title"])
    for asked in row["questions"]:
        holding = [p for p in passages if any(occurrences(p.text, answer) for answer in asked["answers"])]
        if asked["answers"] and not holding:
            continue  # not word for word, or across two passages
        best = max(holding or passages, key=lambda p: shared_words(asked["question"], p.text))
        yield _located(asked, best)


def _located(asked: dict[str, Any], passage: Passage) -> Question:
    """An answer that stands in several places is meant where its sentence has most of the question's words."""
    text, found = asked["question"], []
    for answer in asked["answers"]:
        places = occurrences(passage.text, answer) or [
            (passage.text.find(answer), passage.text.find(answer) + len(answer))
        ]
        if places[0][0] >= 0:
            found.append(max(places, key=lambda span: shared_words(text, _sentence_at(passage.text, span))))
    verdict = {"yes": True, "no": False}.get(asked.get("verdict", ""))
    return Question(text.strip(), passage, tuple(dict.fromkeys(found)), verdict)


def _sentence_at(text: str, span: Span) -> str:
    return next((text[a:b] for a, b in sentences(text) if a <= span[0] < b), text)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
