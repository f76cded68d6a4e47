"""Conversations in the evaluation: their turns are asked in order, and one passes where every turn of it does."""

import json
from typing import Any

import pytest
from eval_bench import REOPENED, Bench, quoting
from loopback import Error, Reply
from loopback import Text as Said
from program import Program

TALK = """\
version: 1
items:
  - id: talk
    turns:
      - question: On which day did the harbour of Oslo reopen?
        accept: [{text: Friday}]
        cite: {any_of: [harbour]}
      - question: and who said so?
        accept: [{text: Kari Lund}]
      - question: When had it closed?
        accept: [{date: {value: 2025-09-12, year: optional}}]
  - id: alone
    question: On which day did the harbour of Oslo reopen?
    accept: [{text: Friday}]
"""
CONDENSED = {
    "and who said so?": "Who said that the harbour of Oslo reopened on Friday?",
    "When had it closed?": "When had the harbour of Oslo closed?",
}
LUND = quoting("Kari Lund said so", "reopened on Friday, harbour master Kari Lund said")
CLOSED = quoting("It had closed on September 12", "The harbour had closed on September 12")


def talking(body: Any) -> Reply:
    """A service that makes follow-ups stand alone and answers them."""
    asked = body["messages"][1]["content"]
    for typed, alone in CONDENSED.items():
        if asked.endswith(f"The last question: {typed}"):
            return Said(alone)
    question = asked.rsplit("Question: ", 1)[-1]
    return LUND(body) if "Who said" in question else CLOSED(body) if "closed" in question else REOPENED(body)


@pytest.fixture
def bench(reporter: Program) -> Bench:
    return Bench(reporter)


def test_a_conversation_is_asked_as_one_and_each_turn_scored(bench: Bench) -> None:
    done, server = bench.serve(talking, options=["--json"], gold=TALK)
    run = done.json
    assert [(r["id"], r["verdict"]) for r in run["items"]] == [
        ("talk#1", "right"), ("talk#2", "right"), ("talk#3", "right"), ("alone", "right"),
    ], done  # fmt: skip
    assert [r["understood"] for r in run["items"]] == ["", *CONDENSED.values(), ""]
    assert len(server.requests) == 6 and done.code == 0
    [share] = [f for f in run["summary"]["figures"] if f["name"] == "conversations, right at every turn"]
    assert (share["value"], share["of"]) == (1.0, 1)
    assert "condense@" in run["fingerprints"]["prompt"]


def test_one_wrong_turn_fails_the_conversation_alone(bench: Bench) -> None:
    def once_wrong(body: Any) -> Reply:
        wrong = "Who said" in body["messages"][1]["content"].rsplit("Question: ", 1)[-1]
        return Said("INSUFFICIENT: who") if wrong else talking(body)

    done, _ = bench.serve(once_wrong, gold=TALK)
    assert done.code == 0
    assert "conversations, right at every turn    0.0%" in done.out
    assert "and who said so? (understood: Who said that the harbour of Oslo reopened on Friday?)" in done.out


def test_a_recorded_conversation_is_had_again(bench: Bench) -> None:
    done, _ = bench.serve(talking, options=["--record", "tape"], gold=TALK)
    assert done.code == 0, done
    kept = [json.loads(path.read_text()) for path in (bench.program.folder / "tape").glob("*.json")]
    assert sorted(tape["request"]["purpose"] for tape in kept) == ["answer"] * 3 + ["condense"] * 2
    again = bench.run("--replay", "tape", "--json", gold=TALK)
    assert again.code == 0 and [r["understood"] for r in again.json["items"][1:3]] == list(CONDENSED.values())


def test_what_follows_a_failed_turn_is_not_asked(bench: Bench) -> None:
    def failing(body: Any) -> Reply:
        return Error(400) if "and who said so?" in body["messages"][1]["content"] else talking(body)

    done, _ = bench.serve(failing, options=["--json"], gold=TALK)
    first, second, third, alone = done.json["items"]
    assert (first["verdict"], second["verdict"], third["verdict"], alone["verdict"]) == (
        "right",
        "error",
        "error",
        "right",
    )
    assert third["error"] == "Not asked: the turn before failed." and third["error_code"] == second["error_code"]
    assert done.code == 9 and "right at every turn" not in done.err


def test_without_a_service_the_program_fills_in_what_is_left_out(bench: Bench) -> None:
    run = bench.run("--json", gold=TALK).json
    told = {r["id"]: r["understood"] for r in run["items"]}
    assert told["talk#1"] == "" and told["talk#3"] == "When had the harbour of Oslo closed?"
    assert told["talk#2"].startswith("Who said that ")
