"""`qa verify`: an answer that was stored holds, until it, or what it cites, is changed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from program import HARBOUR, QUESTION, UNANSWERABLE, Program

Answer = dict[str, Any]

QUOTE = "Four ferries will sail again from Monday."


def answer(quote: str = QUOTE, text: str = "Four ferries sail again from Monday [1].", **changed: Any) -> Answer:
    start = HARBOUR.index(QUOTE)
    cited = {
        "n": 1, "article": "harbour", "title": "Harbour reopens after storm", "published": "2025-09-19",
        "url": "https://example.org/harbour", "quote": quote, "start": start, "end": start + len(QUOTE),
    }  # fmt: skip
    return {
        "question": "How many ferries sail?",
        "status": "answered",
        "answer": text,
        "citations": [{**cited, **changed}],
    }


def verify(program: Program, *answers: Answer | str) -> tuple[int, str, str]:
    text = "\n".join(a if isinstance(a, str) else json.dumps(a) for a in answers)
    done = program.call("verify", "-", stdin=text)
    return done.code, done.out, done.err


def test_answers_of_the_program_hold(qa: Program, tmp_path: Path) -> None:
    questions = [
        QUESTION,
        UNANSWERABLE,
        "What did Trump and Xi talk about on Friday?",
        "Who is the parent company of TikTok?",
        "What did Xi say about TikTok?",
        "Where will the two presidents meet?",
        "How many users does TikTok have in the U.S.?",
        "Who spoke in Madrid?",
    ]
    (tmp_path / "questions.txt").write_text("\n".join([*questions, '{"question": 1}']))
    many = qa.call("ask", "--from", "questions.txt")
    assert sum(row["status"] == "answered" for row in many.rows) > 3
    (tmp_path / "answers.jsonl").write_text(many.out)
    done = qa.run("verify", "answers.jsonl")
    assert done.code == 0 and done.err == ""
    assert done.out.startswith("9 answers (") and done.out.endswith(": all hold.\n")
    pretty = json.dumps(many.rows[0], indent=2)
    told = qa.call("verify", "-", "--json", stdin=pretty).json
    assert told == {"answers": 1, "citations": len(many.rows[0]["citations"]), "holds": True, "failures": []}
    assert qa.call("verify", "-", stdin=json.dumps(many.rows)).code == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (answer(quote="Five ferries will sail again from Monday."), "stand nowhere"),
        (answer(start=0, end=len(QUOTE)), "those words stand at"),
        (answer(end=10**6), "does not stand"),
        (answer(start=-1), "does not stand"),
        (answer(article="nobody"), "no such article"),
        (answer(published="2025-09-18"), "2025-09-19"),
        (answer(title="Harbour burns"), "title"),
        (answer(n="one"), "incomplete"),
        (answer(text="Five ferries sail again from Monday [1]."), "'Five'"),
        (answer(text="Four ferries sail again from Tuesday [1]."), "'Tuesday'"),
        (answer(text="Four ferries of Vera Olsen sail again [1]."), "Vera"),
        (answer(text="Four ferries sail again. They are red [1]."), "cites nothing"),
        (answer(text="Four ferries sail again [2]."), "[2] is cited"),
        ({**answer(), "citations": []}, "no citations"),
        ({**answer(), "citations": 1}, "no citations"),
        ({**answer(quote="Nowhere to be found"), "status": "abstained"}, "stand nowhere"),
    ],
)
def test_what_does_not_hold_is_told_and_is_exit_1(reporter: Program, wrong: Answer, said: str) -> None:
    code, out, err = verify(reporter, wrong)
    assert code == 1 and said in err
    assert out.endswith(": 1 failure.\n")


def test_many_answers_are_checked_each(reporter: Program) -> None:
    code, out, err = verify(reporter, answer(), answer(start=3), {"status": "abstained"}, answer(article="x"))
    assert code == 1
    assert [line.split(":")[0] for line in err.splitlines()] == ["Answer 2", "Answer 4"]
    assert out == "4 answers (1 of them without an answer), 3 citations: 2 failures.\n"


def test_an_answer_falls_with_the_article_it_cites(qa: Program, tmp_path: Path) -> None:
    own = qa.set(QA_INDEX="own")
    file = tmp_path / "ferries.txt"
    file.write_text("The mayor spoke on Friday.\n\nFour new ferries will sail from Monday.")
    assert own.call("index", "ferries.txt").code == 0
    stored = own.call("ask", "How many new ferries will sail?", "--json").out
    holds: Callable[[], int] = lambda: verify(own, stored)[0]  # noqa: E731 — asked four times
    assert '"answered"' in stored and holds() == 0
    file.write_text("The mayor of the town spoke on Friday.\n\nFour new ferries will sail from Monday.")
    assert own.call("index").code == 0
    assert holds() == 1  # the words are there, elsewhere
    file.write_text("The mayor spoke on Friday.\n\nSix new ferries will sail from Monday.")
    assert own.call("index").code == 0
    assert holds() == 1
    assert own.call("articles", "remove", "ferries").code == 0
    assert "no such article" in verify(own, stored)[2]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("", "no answer in"),
        ("{", "no JSON"),
        (json.dumps(answer()) + "\nnot json", "-:2 is no JSON"),
        ('{"answer": "x"}', "no answer"),
        ("[1]", "no answer"),
        ("7", "no answer"),
        ('{"status": {}}', "no answer"),
    ],
)
def test_a_file_that_holds_no_answers_is_exit_2(reporter: Program, broken: str, said: str) -> None:
    assert reporter.call("verify", "-", stdin=broken).failed(2, said)
