"""What `qa eval --lint` doubts, and what it lets be because it cannot be told."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qa.domain import Article
from qa.evaluation import gold
from qa.evaluation.gold import Cite, DateIs, Item, ListOf, NumberIs, Text, Turn, YesNo
from qa.evaluation.lint import lint

EVAL = Path(__file__).parents[2] / "eval"

ARTICLES = (
    Article(id="a", text="The deal will end on December 16th. TikTok has 170 million users in America.", title="A"),
    Article(id="b", text="The call began at 8 a.m. on Friday.", title="B", published=date(2025, 9, 19)),
)


def pair(id: str, question: str, *accept: gold.Accept, cite: Cite | None = None, **more: Any) -> Item:
    return Item(id=id, turns=(Turn(question, accept, cite=cite, **more),), where=f"gold.yaml:{id}")


LINTED = {
    "nothing wrong": ([pair("x", "When does it end?", Text("Dec. 16"), cite=Cite(any_of=("a",)))], []),
    "asked twice": (
        [pair("x", "When does it end?", Text("y")), pair("z", "when does the… it END", Text("y"))],
        ["z: asks the same as x (gold.yaml:x)"],
    ),
    "not the same": ([pair("x", "Did it end?", YesNo(True)), pair("z", "Did it not end?", YesNo(False))], []),
    "contradicted": (
        [pair("x", "When does it end?", Text("y")), pair("z", "When does it end?", Text("w"))],
        ["z: asks the same as x (gold.yaml:x) and accepts something else"],
    ),
    "answered elsewhere": (
        [pair("x", "When does it end?", Text("y")), pair("z", "When does it end?")],
        ["z: asks the same as x (gold.yaml:x), which is answerable"],
    ),
    "given away": (
        [pair("x", "Why does Trump's fourth extension end?", NumberIs(Decimal(4)), Text("Trump"))],
        ["the question gives the answer away: 4", "the question gives the answer away: Trump"],
    ),
    "a choice gives nothing away": ([pair("x", "Is it Oracle or Tencent?", Text("Oracle"))], []),
    "a list is given away as a whole": ([pair("x", "Which board and who?", ListOf(("board", "Beijing")))], []),
    "no such article": (
        [pair("x", "When?", Text("Dec. 16"), cite=Cite(all_of=("a", "c")))],
        ["x: must cite c, which is not in the corpus"],
    ),
    "no such quote": (
        [pair("x", "When?", Text("Dec. 16"), cite=Cite(any_of=("a",), quotes=("end on December 17th",)))],
        ["the quote stands in no cited article: 'end on December 17th'"],
    ),
    "not stated": (
        [pair("x", "When?", Text("Dec. 17"), Text("Boeing"), cite=Cite(any_of=("a", "b")))],
        ["no cited article states Dec. 17 or Boeing"],
    ),
    "stated by its weekday": ([pair("x", "When?", DateIs(2025, 9, 19), cite=Cite(any_of=("b",)))], []),
    "stated by both together": ([pair("x", "?", ListOf(("Friday", "170 million")), cite=Cite(all_of=("a", "b")))], []),
    "cannot be told": ([pair("x", "Is it?", YesNo(True), cite=Cite(any_of=("a",)))], []),
    "seems answered": (
        [pair("x", "How many users has TikTok in America?")],
        ["is not answerable, but a seems to answer it: 'TikTok has 170 million users in America.'"],
    ),
    "seems not": ([pair("x", "How many users has TikTok worldwide?")], []),
    "accepted and rejected": ([pair("x", "Who?", Text("Oracle"), reject=("oracle",))], ["is accepted and rejected"]),
    "id used twice": ([pair("x", "Who?", Text("y")), pair("x", "What?", Text("y"))], ["the id is used at gold.yaml:x"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LINTED)
def test_lint(name: str) -> None:
    items, expected = LINTED[name]
    found = lint(items, ARTICLES)
    assert len(found) == len(expected), found
    for line, part in zip(found, expected, strict=True):
        assert part in line


def test_a_turn_means_what_the_turns_before_it_make_it_mean() -> None:
    def talk(id: str, first: str) -> Item:
        return Item(id, (Turn(first, (Text("y"),)), Turn("And when?", (Text(f"y{id}"),))))

    assert lint([talk("x", "Who called?"), talk("z", "Who won?")], ARTICLES) == []


def test_the_committed_gold_is_clean() -> None:
    seeds = sorted((EVAL.parent / "seeds").glob("*.txt"))
    articles = [Article(p.stem, p.read_text(encoding="utf-8"), p.stem, date(2025, 9, 19)) for p in seeds]
    # A failure shows questions and answers, so what is held out is not looked at here.
    shown = [path for path in sorted(EVAL.glob("*.yaml")) if "held" not in path.name]
    assert lint(gold.read(shown), articles) == []


def test_an_answer_that_an_earlier_turn_gives_away() -> None:
    talk = Item("talk", (Turn("Did the harbour reopen on Friday?", (YesNo(True),)), Turn("when?", (Text("Friday"),))))
    assert lint([talk], []) == ["talk: a question before gives the answer away: Friday"]
