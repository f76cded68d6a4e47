"""A verdict is one of three words in a JSON object, and nothing else is taken for one."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest

from qa.domain import Message, Usage
from qa.errors import ServiceUnavailable
from qa.evaluation.gold import Accept, DateIs, ListOf, NumberIs, Regex, Text, Turn, YesNo
from qa.evaluation.judging import Judge, read_verdict, shown


class Says:
    name = "m"

    def __init__(self, reply: str) -> None:
        self.usage: Usage | None = None
        self.reply = reply
        self.messages: Sequence[Message] = ()

    def stream(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        self.messages = messages
        yield from (self.reply[:5], self.reply[5:])


@pytest.mark.parametrize("outcome", ["right", "wrong", "cannot tell"])
def test_each_of_the_three_words_is_a_verdict(outcome: str) -> None:
    bare = f'{{"reason": "So it\\nsays.", "verdict": "{outcome}"}}'
    for reply in (bare, f" {bare}\n", f"```json\n{bare}\n```", f"```\n{bare}\n```"):
        verdict = read_verdict(reply)
        assert (verdict.outcome, verdict.reason) == (outcome, "judge: So it says.")


@pytest.mark.parametrize(
    "reply",
    [
        "", "right", "yes", "yesterday", "null", "NaN", "[]", "{}", '"right"', '{"verdict": "right"}',
        '{"reason": "a"}', '{"reason": " ", "verdict": "right"}', '{"reason": 1, "verdict": "right"}',
        '{"reason": "a", "verdict": "Right"}', '{"reason": "a", "verdict": "right."}',
        '{"reason": "a", "verdict": "rightly not"}', '{"reason": "a", "verdict": true}',
        '{"reason": "a", "verdict": 1}', '{"reason": "a", "verdict": null}', '{"reason": "a", "verdict": {}}',
        'It is {"reason": "a", "verdict": "right"}', '{"reason": "a", "verdict": "right"} or not',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_all_else_is_an_error(reply: str) -> None:
    with pytest.raises(ServiceUnavailable, match="The judge's reply"):
        read_verdict(reply)


def test_the_judge_is_shown_what_it_needs() -> None:
    chat = Says('{"reason": "So.", "verdict": "wrong"}')
    judge = Judge(lambda trial: chat, "m", 5.0)
    turn = Turn("When?", (Text("Friday"), DateIs(2025, 9, 19)), ("Monday",))
    assert judge.turn(turn, "On {question} day.").outcome == "wrong"
    system, user = chat.messages
    assert (system.role, user.role) == ("system", "user")
    for told in ("Question: When?", "- Friday\n- 2025-09-19", "- Monday", "On {question} day."):
        assert told in user.content
    assert judge.fingerprint.startswith("m judge@") and judge.fingerprint.endswith("temperature=0")


@pytest.mark.parametrize(
    ("accept", "told"),
    [
        (Text("Oslo"), "Oslo"),
        (Regex("Os.o"), "/Os.o/"),
        (NumberIs(Decimal("3.5"), "euros", Decimal("0.1")), "3.5 euros (within 10%)"),
        (DateIs(2025, 9), "2025-09"),
        (ListOf(("a", "b")), "a and b"),
        (YesNo(True), "yes"),
    ],
)
def test_accepted_answers_are_shown_as_a_person_reads_them(accept: Accept, told: str) -> None:
    assert shown(accept) == told
