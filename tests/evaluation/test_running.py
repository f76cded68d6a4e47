"""Results item by item, and the stage at which each that is not right went wrong: every stage broken on purpose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from qa import evaluating
from qa.answering import NOT_SAID
from qa.display import Display
from qa.domain import Answer, Article, Citation, Filters, Passage, Retrieved, Vector, Withheld
from qa.errors import CannotTell, RateLimited, ServiceUnavailable
from qa.evaluation import figures, pacing
from qa.evaluation.attribution import Attribution
from qa.evaluation.gold import Cite, Item, Text, Turn
from qa.evaluation.pacing import Pace, work
from qa.evaluation.results import Result, Run
from qa.evaluation.running import Runner, check, grouped, tasks
from qa.evaluation.scratch import Scratch
from qa.retrieval import Retriever

HARBOUR = Article("harbour", "The harbour reopened on Friday. Ferries sail again soon.", "Harbour reopens")
BUDGET = Article("budget", "The council passed a budget on Monday.", "Budget")
OPENING, FERRIES = Passage("h1", "harbour", 0, 31), Passage("h2", "harbour", 32, 56)
MONDAY = Passage("b1", "budget", 0, 38)
TURN = Turn("When did the harbour reopen?", (Text("Friday"),), cite=Cite(any_of=("harbour",)))
ITEM = Item("reopened", (TURN,), cluster="harbour")


@dataclass
class FakeIndex:
    """Finds what it is told to."""

    found: Sequence[Passage] = (OPENING, FERRIES, MONDAY)
    articles: Sequence[Article] = (HARBOUR, BUDGET)
    seen: list[str] = field(default_factory=list)

    def dense(self, vector: Vector, k: int, filters: Filters) -> list[tuple[str, float]]:
        return [(passage.id, 0.5) for passage in self.found][:k]

    def lexical(self, terms: Sequence[str], k: int, filters: Filters) -> list[tuple[str, float]]:
        return []

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        articles = {article.id: article for article in self.articles}
        return {p.id: (p, articles[p.article]) for p in self.found if p.id in ids}


class FakeEmbedder:
    fingerprint = "fake"
    dimensions = 1

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [[1.0] for _ in texts]

    def count_tokens(self, text: str) -> int:
        return len(text.split())


def answer(text: str = NOT_SAID, cited: Sequence[tuple[Article, str]] = (), **more: Any) -> Answer:
    """An abstention unless something is cited; it read everything unless `read` says what."""
    citations = tuple(
        Citation(n, a.id, a.title, None, None, None, quote, a.text.find(quote), a.text.find(quote) + len(quote))
        for n, (a, quote) in enumerate(cited, 1)
    )
    read = more.pop("read", (OPENING, FERRIES, MONDAY))
    articles = {"harbour": HARBOUR, "budget": BUDGET}
    retrieved = tuple(Retrieved(p, articles[p.article], 0.1, similarity=0.5) for p in read)
    return Answer(TURN.question, "answered" if cited else "abstained", text, citations, retrieved=retrieved, **more)


def attribution(index: FakeIndex | None = None) -> Attribution:
    index = index or FakeIndex()
    return Attribution(Retriever(index, FakeEmbedder()), index.articles)


RIGHT = answer("It reopened on Friday [1].", [(HARBOUR, "The harbour reopened on Friday.")])


@pytest.mark.parametrize(
    ("stage", "given", "index"),
    [
        ("not indexed", answer(), FakeIndex((MONDAY,), (BUDGET,))),
        ("not retrieved", answer(read=(MONDAY,)), FakeIndex((MONDAY,))),
        ("not retrieved", answer(read=(FERRIES,)), FakeIndex((FERRIES, MONDAY))),
        ("ranked out", answer(read=(MONDAY,)), FakeIndex()),
        ("ranked out", answer(read=(FERRIES, MONDAY)), FakeIndex()),
        ("withheld by the gate", answer(withheld=(Withheld("It reopened on Friday.", "uncited"),)), FakeIndex()),
        ("wrongly refused", answer(), FakeIndex()),
        ("not used", answer("On Monday [1].", [(BUDGET, "passed a budget on Monday")]), FakeIndex()),
        ("wrongly read", answer("Ferries sail again [1].", [(HARBOUR, "Ferries sail again soon")]), FakeIndex()),
    ],
)
def test_the_stage_that_broke_is_named(stage: str, given: Answer, index: FakeIndex) -> None:
    found = Runner(lambda *_: given, attribution(index)).result(tasks([ITEM])[0])
    assert (found.verdict, found.stage) == ("wrong", stage)


def test_a_right_answer_has_no_stage() -> None:
    found = Runner(lambda *_: RIGHT, attribution()).result(tasks([ITEM])[0])
    assert (found.verdict, found.must_cite, found.stage, found.passed) == ("right", True, None, True)
    assert (found.hit, found.mrr, found.ndcg, found.citation_recall) == (1.0, 1.0, 1.0, 1.0)
    assert found.accepted == ("Friday",) and found.cluster == "harbour"


def test_an_answer_to_what_cannot_be_answered() -> None:
    item = Item("kittens", (Turn("How many kittens?", why="None."),))
    assert Runner(lambda *_: RIGHT, attribution()).result(tasks([item])[0]).stage == "wrongly answered"
    assert Runner(lambda *_: answer(), attribution()).result(tasks([item])[0]).passed


def test_a_failure_is_an_error_and_never_a_pass() -> None:
    def fail(question: str, trial: int) -> Answer:
        raise ServiceUnavailable("It is down.")

    found = Runner(fail, attribution()).result(tasks([ITEM])[0])
    assert (found.verdict, found.stage, found.error_code, found.passed) == ("error", "error", 5, False)


def test_tasks_are_turns_and_trials() -> None:
    talk = Item("talk", (TURN, TURN))
    assert [task.key for task in tasks([talk, ITEM], 2)] == [
        ("talk#1", 1), ("talk#2", 1), ("talk#1", 2), ("talk#2", 2), ("reopened", 1), ("reopened", 2),
    ]  # fmt: skip


def test_a_measure_must_be_a_number() -> None:
    sound = Runner(lambda *_: RIGHT, attribution()).result(tasks([ITEM])[0])
    check(sound)
    for wrong in (float("nan"), float("-inf"), "0.5", 1.5, -0.1):
        with pytest.raises(CannotTell, match="f1 of reopened"):
            check(replace(sound, f1=wrong))  # type: ignore[arg-type]


def test_work_is_done_by_several_and_each_comes_out_once() -> None:
    assert sorted(work(range(50), lambda n: n * n, jobs=4)) == [n * n for n in range(50)]
    with pytest.raises(ZeroDivisionError):
        list(work([1, 0], lambda n: 1 // n, jobs=2))


def test_a_rate_limit_is_waited_out_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "FIRST_WAIT", 0.001)
    calls: list[int] = []

    def limited() -> str:
        calls.append(1)
        if len(calls) < 3:
            raise RateLimited("slow down")
        return "done"

    pace = Pace()
    assert pace.run(limited) == "done" and len(calls) == 3
    calls.clear()

    def always() -> str:
        calls.append(1)
        raise RateLimited("quota")

    for expected in (pacing.TRIES, pacing.TRIES + 1):  # the second task no longer waits in vain
        with pytest.raises(RateLimited):
            pace.run(always)
        assert len(calls) == expected


def test_scratch_keeps_what_is_finished_and_whole(tmp_path: Path) -> None:
    found = Runner(lambda *_: RIGHT, attribution()).result(tasks([ITEM])[0])
    scratch = Scratch(tmp_path, "f")
    scratch.start([])
    scratch.add(found)
    scratch.add(replace(found, trial=2, verdict="error"))
    with (tmp_path / "f.jsonl").open("a") as file:
        file.write('{"id": "cut o')
    kept: dict[tuple[str, int], Result] = scratch.results()
    assert kept == {("reopened", 1): found}
    scratch.remove()
    assert scratch.results() == {}


# ── conversations


def conversing(*answers: Answer | Exception) -> Callable[[int], Callable[[str], Answer]]:
    def converse(trial: int) -> Callable[[str], Answer]:
        left = list(answers)

        def say(question: str) -> Answer:
            found = left.pop(0)
            if isinstance(found, Exception):
                raise found
            return found

        return say

    return converse


PAIR = Item("pair", (ITEM.turns[0], Turn("and why?", (Text("Friday"),))))


def runner(*answers: Answer | Exception) -> Runner:
    return Runner(lambda *_: RIGHT, attribution(), converse=conversing(*answers))


def test_tasks_are_grouped_by_conversation_and_trial() -> None:
    groups = grouped(tasks([PAIR, ITEM], 2))
    assert [[task.key for task in group] for group in groups] == [
        [("pair#1", 1), ("pair#2", 1)], [("pair#1", 2), ("pair#2", 2)], [("reopened", 1)], [("reopened", 2)],
    ]  # fmt: skip


def test_each_trial_is_a_conversation_of_its_own() -> None:
    ours = runner(RIGHT, RIGHT)
    found = [result for group in grouped(tasks([PAIR], 2)) for result in ours.results(group)]
    assert [r.verdict for r in found] == ["right"] * 4
    [share] = [f for f in figures.figures(Run("", {}, tuple(found))) if f.name.startswith("conversations")]
    assert (share.value, share.of) == (1.0, 1)


def test_a_wrong_turn_is_gone_on_from_and_a_failed_one_is_not() -> None:
    [group] = grouped(tasks([PAIR]))
    assert [r.verdict for r in runner(answer(), RIGHT).results(group)] == ["wrong", "right"]
    failed = runner(ServiceUnavailable("It is down."), RIGHT).results(group)
    assert [(r.verdict, r.error_code) for r in failed] == [("error", 5)] * 2
    assert failed[1].error == "Not asked: the turn before failed."


def test_a_single_question_is_no_conversation() -> None:
    found = runner().results(grouped(tasks([ITEM]))[0])
    assert [r.verdict for r in found] == ["right"]
    assert all(not f.name.startswith("conversations") for f in figures.figures(Run("", {}, tuple(found))))


def test_a_conversation_that_was_begun_is_begun_anew(tmp_path: Path) -> None:
    asked = tasks([PAIR, ITEM])
    scratch = Scratch(tmp_path, "f")
    whole = [result for group in grouped(asked) for result in runner(RIGHT, RIGHT).results(group)]
    scratch.start([whole[0], whole[2]])
    again = evaluating.gone_through(runner(answer(), RIGHT), asked, 1, scratch, True, Display(quiet=True))
    assert [r.verdict for r in again] == ["wrong", "right", "right"]
