"""The keyless answer: which sentences are quoted, when none is, and what is said where articles differ."""

from collections.abc import Sequence
from datetime import date

from qa.answering import Assistant
from qa.domain import Answer, Article, Filters, Passage, Retrieved, Span
from qa.picking import SentencePicker, candidates, probabilities


class Shelf:
    """A retriever that always finds the same passages, each a whole article."""

    def __init__(self, *texts: str) -> None:
        self._found = [
            Retrieved(Passage(str(n), str(n), 0, len(text)), _article(n, text), 1 / n, n, n, 0.8)
            for n, text in enumerate(texts, 1)
        ]

    def retrieve(self, question: str, k: int, filters: Filters | None = None) -> list[Retrieved]:
        return self._found[:k]


class Marker:
    """A reader that is sure of the words it is given, and of no others."""

    def __init__(self, *marked: str, blind_to: str = "\0") -> None:
        self._marked, self._blind_to = marked, blind_to

    def read(
        self, question: str, texts: Sequence[str], bounds: Sequence[Sequence[tuple[int, int]]]
    ) -> list[list[Span | None]]:
        marked = () if self._blind_to in question else self._marked
        return [[self._best(marked, text, *bound) for bound in own] for text, own in zip(texts, bounds, strict=True)]

    def _best(self, marked: Sequence[str], text: str, start: int, end: int) -> Span:
        for words in marked:
            if (at := text.find(words, start, end)) >= 0:
                return Span(at, at + len(words), 9.0)
        return Span(start, end, -9.0)


def _article(n: int, text: str) -> Article:
    return Article(str(n), text, f"Title {n}", date(2025, 9, 19))


def ask(question: str, shelf: Shelf, reader: Marker) -> Answer:
    return Assistant(shelf, SentencePicker(reader)).ask(question)  # type: ignore[arg-type]  # it has what is called


def test_the_sentence_with_the_words_that_answer_is_quoted() -> None:
    shelf = Shelf("The bridge opened in May 1901. The harbour closed in 1960 after a fire.")
    found = ask("When did the harbour close?", shelf, Marker("1960"))
    assert found.text == "1960. [1]"
    assert (found.value, found.citations[0].quote) == ("1960", "The harbour closed in 1960 after a fire.")
    assert found.confidence is not None and found.confidence > 0.5


def test_where_no_words_answer_it_abstains_and_says_how_sure_it_is() -> None:
    found = ask("What did the harbour cost?", Shelf("The harbour closed in 1960 after a fire."), Marker())
    assert (found.status, found.value) == ("abstained", None)
    assert found.confidence is not None and found.confidence < 0.5


def test_articles_that_differ_are_quoted_against_each_other() -> None:
    shelf = Shelf("The summit begins on October 30 in the town.", "The town's summit begins on October 31.")
    found = ask("When does the summit begin?", shelf, Marker("October 30", "October 31"))
    assert found.text.startswith("The articles differ:")
    (conflict,) = found.conflicts
    assert {(p.value, p.citations) for p in conflict.positions} == {("October 30", (1,)), ("October 31", (2,))}


def test_a_conflict_holds_the_values_of_its_own_question() -> None:
    shelf = Shelf(
        "The summit begins on October 30 in the town. The mayor of the town was Ruth Adeyemi.",
        "The town's summit begins on October 31.",
    )
    asked = "When does the summit begin, and who was the mayor of the town?"
    found = ask(asked, shelf, Marker("October 30", "October 31", "Ruth Adeyemi"))
    assert [{p.value for p in conflict.positions} for conflict in found.conflicts] == [{"October 30", "October 31"}]
    assert "Ruth Adeyemi" in found.text


def test_articles_that_agree_are_no_conflict() -> None:
    shelf = Shelf("The summit begins on October 30 in the town.", "The town's summit begins on Oct. 30.")
    found = ask("When does the summit begin?", shelf, Marker("October 30", "Oct. 30"))
    assert found.conflicts == ()


def test_a_relative_day_that_answers_is_dated_and_the_quote_is_not_touched() -> None:
    found = ask("When was the extension approved?", Shelf("The extension was approved on Tuesday."), Marker("Tuesday"))
    assert found.text == "Tuesday (September 16, 2025). [1]"
    assert found.citations[0].quote == "The extension was approved on Tuesday."


def test_each_place_of_an_article_is_a_candidate_once() -> None:
    article = _article(1, "One sentence is here. Another sentence is there.")
    twice = [Retrieved(Passage(str(n), "1", 0, len(article.text)), article, 1.0, n, n, 0.5) for n in (1, 2)]
    assert [c.text for c in candidates("What?", twice, Marker())] == [
        "One sentence is here.",
        "Another sentence is there.",
    ]


def test_probabilities_leave_room_for_none() -> None:
    assert probabilities([]) == []
    assert probabilities([(0.0,), (0.0,)], (1.0,)) == [1 / 3, 1 / 3]
    (sure,) = probabilities([(800.0,)], (1.0,))
    assert sure == 1.0


def test_two_questions_in_one_are_answered_one_by_one() -> None:
    shelf = Shelf("The harbour closed in 1960 after a fire.", "The mayor of the town was Ruth Adeyemi.")
    asked = "When did the harbour close, and who was the mayor of the town?"
    found = ask(asked, shelf, Marker("1960", "Ruth Adeyemi"))
    assert [c.quote for c in found.citations] == [
        "The harbour closed in 1960 after a fire.",
        "The mayor of the town was Ruth Adeyemi.",
    ]


def test_the_part_that_nothing_answers_is_named() -> None:
    asked = "When did the harbour close, and what did the repairs cost?"
    found = ask(asked, Shelf("The harbour closed in 1960 after a fire."), Marker("1960", blind_to="cost"))
    assert (found.status, found.missing) == ("answered", "what did the repairs cost?")


def test_words_that_do_not_hold_by_themselves_are_told_in_their_sentence() -> None:
    class Cutting(Marker):
        def _best(self, marked: Sequence[str], text: str, start: int, end: int) -> Span:
            found = super()._best(marked, text, start, end)
            return Span(found.start, found.end - 1, found.margin)

    found = ask("When did the harbour close?", Shelf("The harbour closed in 1960."), Cutting("1960."))
    assert found.text == "1960. [1]"
    found = ask("When did the harbour close?", Shelf("The harbour closed in the 1960s."), Cutting("1960s"))
    assert found.text == "The harbour closed in the 1960s. [1]"
