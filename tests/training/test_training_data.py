"""The questions: read, split by title, made unanswerable. None of it needs torch."""

import gzip
import json
import random
from hashlib import sha256
from pathlib import Path

import pytest

from training.data import (
    ADVERSARIAL,
    BENCH,
    Passage,
    Question,
    occurrences,
    passages_of,
    read_own_articles,
    read_own_questions,
    read_squad,
    split_titles,
)
from training.mix import UNANSWERABLE, Sources, one_pass
from training.negatives import Negatives, holds

HARBOUR = Passage(
    "The harbour bridge opened in May 1901. It was built by Thomas Reed. The oldest ferry stopped in 1950.", "Harbour"
)
LIGHTHOUSE = Passage(
    "The lighthouse by the harbour bridge was designed by Ann Cole. A storm broke it in 1912.", "Harbour"
)
OPENED = Question("When did the harbour bridge open?", HARBOUR, ((25, 37),))
BUILT = Question("Who, asked Thomas Reed, built the bridge in 1901?", HARBOUR, ((55, 66),))
OPENED_IN = Question("Which bridge opened in 1901?", HARBOUR, ((4, 18),))
FERRY = Question("When did the oldest ferry stop?", HARBOUR, ((96, 100),))


def squad(path: Path, *rows: dict[str, object]) -> Path:
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_squad_rows_become_questions_and_wrong_offsets_are_left_out(tmp_path: Path) -> None:
    row = {"title": "T", "context": "It opened in May.", "question": "When? ", "answers": ["May"] * 2}
    rows = [
        row | {"answer_starts": [13, 13]},
        row | {"answer_starts": [2, 2]},
        row | {"answers": [], "answer_starts": []},
    ]
    right, without = read_squad(squad(tmp_path / "a.jsonl.gz", *rows))
    assert (right.text, right.answer_texts) == ("When?", ["May"])
    assert without.answers == ()


def test_titles_are_split_whole_and_always_alike() -> None:
    questions = [Question("?", Passage(f"{title} {n}", title), ()) for title in "ABCDEFGH" for n in range(3)]
    split = split_titles(questions)
    titles = [{q.passage.group for q in part} for part in (split.training, split.development, split.reported)]
    assert [len(part) for part in titles] == [3, 2, 3]
    assert set.union(*titles) == set("ABCDEFGH")
    assert split_titles(questions) == split


def test_own_questions_find_their_passage_by_its_hash(tmp_path: Path) -> None:
    name = sha256(HARBOUR.text.encode()).hexdigest()[:12]
    lines = [
        {"passage": name, "question": "Who built it?", "answers": ["Thomas Reed"]},
        {"passage": name, "question": "Who burnt it?", "answers": []},
        {"passage": name, "question": "not word for word", "answers": ["Tom Reed"]},
        {"passage": "0" * 12, "question": "unknown", "answers": []},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [q.answer_texts for q in read_own_questions(tmp_path, [HARBOUR])] == [["Thomas Reed"], []]


def test_an_articles_questions_get_the_passage_that_answers(tmp_path: Path) -> None:
    text = " ".join(f"Sentence {n} says a little about nothing in particular." for n in range(30)) + " It cost £9m."
    asked = [{"question": "What did it cost?", "answers": ["£9m"]}]
    row = {"id": "a1", "title": "The bridge", "text": text, "questions": asked}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    trained, held = read_own_articles(tmp_path)
    (question,) = trained + held
    assert question.answer_texts == ["£9m"]
    assert len(question.passage.text) <= 900
    titled = question.titled()
    assert titled.passage.text == f"The bridge\n{question.passage.text}"
    assert titled.answer_texts == ["£9m"]


def test_a_question_for_yes_or_no_keeps_its_verdict(tmp_path: Path) -> None:
    asked = [
        {"question": "Is it open?", "answers": ["It opened"], "verdict": "yes"},
        {"question": "Was it dear?", "answers": ["cost little"], "verdict": "no"},
        {"question": "Is it loved?", "answers": [], "verdict": "unknown"},
    ]
    row = {"id": "a1", "title": "The bridge", "text": "It opened, and cost little.", "questions": asked}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    trained, held = read_own_articles(tmp_path)
    assert [question.verdict for question in trained + held] == [True, False, None]


def test_passages_are_whole_sentences_and_lose_none() -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(100))
    assert " ".join(p.text for p in passages_of(text, "a")) == text
    assert passages_of("", "a") == []


@pytest.mark.parametrize(("answer", "count"), [("May", 1), ("1901", 1), ("ridge", 0), ("e", 0), ("The", 2)])
def test_an_answer_is_whole_words(answer: str, count: int) -> None:
    assert len(occurrences(HARBOUR.text, answer)) == count


class TestNegatives:
    negatives = Negatives([HARBOUR, LIGHTHOUSE])

    def test_a_neighbour_does_not_hold_the_answer(self) -> None:
        made = self.negatives.neighbour(OPENED, random.Random(0))
        assert made == Question(OPENED.text, LIGHTHOUSE, ())

    def test_no_neighbour_where_all_hold_the_answer(self) -> None:
        question = Question("Who stopped the harbour?", HARBOUR, ((0, 3),))
        assert self.negatives.neighbour(question, random.Random(0)) is None

    def test_the_answers_sentence_is_removed(self) -> None:
        made = self.negatives.removed(OPENED, random.Random(0))
        assert made is not None
        assert made.passage.text == "It was built by Thomas Reed. The oldest ferry stopped in 1950."
        assert made.answers == ()

    def test_nothing_is_removed_where_the_answer_stands_again(self) -> None:
        passage = Passage("It opened in 1901. Yes, 1901.", "X")
        assert self.negatives.removed(Question("When?", passage, ((13, 17),)), random.Random(0)) is None

    def test_what_is_exchanged_is_nowhere_in_the_passage(self) -> None:
        made = {q.text for seed in range(40) if (q := self.negatives.falsified(BUILT, random.Random(seed)))}
        assert "Who, asked Thomas Reed, built the bridge in 1912?" in made
        assert "Who, asked Ann Cole, built the bridge in 1901?" in made
        assert BUILT.text not in made

    def test_confused_questions_name_what_the_passage_says_elsewhere(self) -> None:
        made = {q.text for seed in range(40) if (q := self.negatives.confused(OPENED_IN, random.Random(seed)))}
        assert made == {"Which bridge opened in 1950?"}

    def test_nothing_is_confused_where_the_passage_has_nothing_else(self) -> None:
        assert self.negatives.confused(OPENED, random.Random(0)) is None

    def test_a_word_becomes_its_opposite(self) -> None:
        made = {q.text for seed in range(40) if (q := self.negatives.falsified(FERRY, random.Random(seed)))}
        assert made & {"When did the newest ferry stop?", "When did the youngest ferry stop?"}

    def test_words_are_compared_without_case_and_marks(self) -> None:
        assert holds("In “MAY 1901”.", "may 1901")
        assert not holds("In May 19012", "may 1901")


def test_a_pass_has_its_share_of_unanswerable_questions() -> None:
    found = Sources([OPENED, FERRY] * 50, [BUILT] * 5, [], [])
    negatives = Negatives([HARBOUR, LIGHTHOUSE])
    made = one_pass(found, negatives, random.Random(0))
    assert sum(not q.answers for q in made) / len(made) == pytest.approx(UNANSWERABLE, abs=0.02)
    assert made == one_pass(found, negatives, random.Random(0))


@pytest.mark.skipif(not (BENCH / ADVERSARIAL).exists(), reason="the public data sets are not here")
def test_the_public_data_set_is_as_we_think() -> None:
    split = split_titles(read_squad(BENCH / ADVERSARIAL))
    assert [len({q.passage.group for q in part}) for part in (split.training, split.development, split.reported)] == [
        11,
        2,
        3,
    ]
    assert not {q.passage.text for q in split.training} & {q.passage.text for q in split.development + split.reported}
