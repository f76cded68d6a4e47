"""The warning light: what a model service says is compared with what the embedded reader marks in its quote."""

import re
from datetime import date
from typing import Any

import pytest
from loopback import Loopback, Text
from program import HARBOUR_QUESTION as QUESTION
from program import Program

from qa.checking import differs

QUOTE = (
    "The harbour of Oslo reopened on Friday, harbour master Kari Lund said. Four ferries will sail again from Monday"
)


@pytest.mark.parametrize(
    ("question", "said", "read", "expected"),
    [
        ("How many were hurt?", "30 people were hurt.", "12 people", True),
        ("How many were hurt?", "Twelve people were hurt.", "12", False),
        ("How many were hurt?", "12 of the 30 were hurt.", "12", False),
        ("How many were hurt?", "Nobody was hurt.", "12", False),
        ("When does it end?", "It ends on Dec. 16.", "December 16th", False),
        ("When does it end?", "It ends on December 17.", "December 16th", True),
        ("When does it end?", "It ends in December.", "December 16th", False),
        ("How many were hurt?", "It was on September 14.", "12", False),
        ("Who won?", "It was watched by 3,000 in Oslo.", "Ann Lee", False),
        ("Who won?", "Ann Lee won in May.", "Ann", False),
        ("Who won?", "Ann Lee won in May.", "Bob Roy", True),
        ("Who beat Ann Lee?", "Cid Poe beat Ann Lee.", "Bob Roy", True),
        ("Why did it close?", "It closed on Monday.", "Friday", False),
    ],
)
def test_another_value_or_another_name_is_a_difference(question: str, said: str, read: str, expected: bool) -> None:
    assert differs(question, said, read) is expected


def test_a_weekday_counts_from_the_articles_date() -> None:
    asked, said = "When did it reopen?", "It reopened on September 19."
    assert not differs(asked, said, "Friday", date(2025, 9, 19))
    assert differs(asked, said, "Thursday", date(2025, 9, 19))


def served(day: str) -> Any:
    def reply(body: Any) -> Text:
        source = re.search(r"^\[(\d+)\] Harbour reopens", body["messages"][1]["content"], re.M)
        assert source
        return Text(f'It reopened on {day} [{source[1]}: "{QUOTE}"].')

    return reply


def test_the_wrong_one_of_two_days_in_a_quote_is_doubted_under_why(keyed: Program) -> None:
    with Loopback(served("Monday")) as server:
        program = keyed.set(OPENAI_BASE_URL=server.url)
        (doubt,) = program.call("ask", QUESTION, "--why", "--json").json["check"]
        shown = program.call("ask", QUESTION, "--why").out
    assert (doubt["citation"], doubt["text"]) == (1, "It reopened on Monday.") and "Friday" in doubt["reader"]
    assert "check [1]: “It reopened on Monday.” The embedded reader reads “" in shown


def test_the_right_one_is_not_and_without_why_nothing_is_checked(keyed: Program) -> None:
    with Loopback(served("Friday")) as server:
        program = keyed.set(OPENAI_BASE_URL=server.url)
        assert program.call("ask", QUESTION, "--why", "--json").json["check"] == []
        assert "check" not in program.call("ask", QUESTION, "--json").json
