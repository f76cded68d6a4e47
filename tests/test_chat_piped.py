"""`qa chat` without a terminal, what it keeps between sessions, and conversations that are long."""

import json
import signal
import sqlite3
import statistics
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from loopback import Cut, Loopback, Text
from program import ANSWER_KEYS, CITATION_KEYS, QA, Program, quotes_hold
from program import COST_QUESTION as UNDERSTOOD
from program import HARBOUR_QUESTION as FIRST

from qa.adapters.sessions import Kept, Sessions
from qa.domain import Answer, Filters, Turn

REOPENED = (
    'The harbour reopened on Friday [1: "The harbour of Oslo reopened on Friday, harbour master Kari Lund said"].'
)


def service(body: Any) -> Any:
    system = body["messages"][0]["content"]
    if "Sum it up" in system:
        return Text("They spoke of the harbour of Oslo.")
    return Text(UNDERSTOOD if "heard nothing of" in system else REOPENED)


def test_a_question_a_line_and_answers_out(keyless: Program) -> None:
    asked = "Who is the harbour master of Oslo?"
    lines = (
        f"{asked}\n\n/sources\n/filter source nobody\n{asked}\n/filter off\n/souces\nx"
        + "y" * 2000
        + "\n/quit\nnever\n"
    )
    done = keyless.call("chat", stdin=lines)
    answer, rest = done.out.split("\n\n", 1)
    sources, abstained = rest.rstrip().rsplit("\n", 1)
    assert done.code == 0 and answer == "Kari Lund. [1]\n[1] Harbour reopens after storm"
    assert sources.startswith("[1] Harbour reopens after storm · 2025-09-19 · Nordic Wire\n    “The harbour of Oslo")
    assert abstained == "The articles do not say."
    assert done.err.split("\n") == [
        "Only articles source nobody.",
        "Only articles source nobody were searched; /filter off searches all.",
        "No filter; all articles may answer.",
        "There is no /souces. Did you mean /sources?",
        "The question has 2,001 characters; at most 2,000 can be asked.",
        "",
    ]


def test_json_has_one_object_for_each_question(keyed: Program) -> None:
    rows = [
        FIRST,
        '{"id": 7, "question": "and the cost?"}',
        "/why",
        "?",
        "{",
        "/retry",
        "/filter until 1999-12-31",
        "Again?",
    ]
    with Loopback(service) as server:
        program = keyed.set(OPENAI_BASE_URL=server.url)
        done = program.call("chat", "--json", stdin="\ufeff" + "\n".join(rows).encode().decode() + "\n")
        failing = [json.loads(line) for line in done.out.splitlines() if '"error"' in line]
    answers = [row for row in done.rows if row["status"] != "error"]
    assert done.code == 0 and [row["status"] for row in done.rows] == (
        ["answered", "answered", "error", "error", "error", "answered", "abstained"]
    )
    assert all(set(row) == ANSWER_KEYS | {"id", "understood"} for row in answers)
    assert [(row["id"], row["understood"]) for row in answers[:2]] == [(None, None), (7, UNDERSTOOD)]
    assert all(set(cited) == CITATION_KEYS and cited["n"] == 1 for row in answers for cited in row["citations"])
    assert answers[1]["usage"]["input_tokens"] == 200 and quotes_hold(program, answers[1])
    assert [row["error"]["code"] for row in failing] == [2, 2, 2] and failing[0]["question"] == "/why"
    assert done.err == "Only articles until 1999-12-31.\n"


def test_a_service_that_fails_costs_one_line(keyed: Program) -> None:
    with Loopback(Cut("It rains. And"), service) as server:
        done = keyed.set(OPENAI_BASE_URL=server.url).call("chat", stdin=f"{FIRST}\n/retry\n")
        assert done.code == 0 and done.out.startswith("The harbour reopened on Friday [1].\n[1] Harbour")
        assert "ended the reply before it was complete" in done.err and "100 tokens in" in done.err
    with Loopback(Cut("It rains. And")) as server:
        done = keyed.set(OPENAI_BASE_URL=server.url).call("chat", "--json", stdin=f"{FIRST}\n")
        assert done.code == 0 and done.rows[0]["error"]["code"] == 5


def test_what_stops_a_conversation_before_it_begins(keyless: Program, tmp_path: Path) -> None:
    def failed(code: int, *arguments: str, said: str) -> bool:
        return keyless.call("chat", *arguments, stdin=f"{FIRST}\n").failed(code, said)

    assert failed(3, "--index", "nowhere", said="There is no index")
    assert failed(3, "--model", "gpt-x", said="There is no key")
    assert failed(2, "--continue", said="No conversation has been kept yet.")
    assert failed(2, "--resume", "9", said="There is no conversation 9.")
    assert failed(2, "--resume", "9", "--continue", said="not both")
    assert failed(2, "--since", "tomorrow", said="--since takes a date")
    assert keyless.call("chat", "--list").err == "No conversation has been kept yet. Begin one: qa chat\n"
    assert not (tmp_path / "data").exists()


def test_nothing_is_kept_that_is_not_to_be(keyless: Program, tmp_path: Path) -> None:
    assert keyless.call("chat", "--no-save", stdin=f"{FIRST}\n").code == 0
    assert not (tmp_path / "data").exists()
    assert keyless.call("chat", stdin=f"{FIRST}\n").code == 0
    assert keyless.call("chat", "--no-save", "--continue", stdin="/retry\n").code == 0
    assert keyless.call("chat", "--list", "--json").rows[0]["turns"] == 1


@pytest.mark.parametrize("harm", ["noise", "rows", "version"])
def test_a_damaged_file_of_conversations_stops_nothing(keyless: Program, tmp_path: Path, harm: str) -> None:
    assert keyless.call("chat", stdin=f"{FIRST}\n").code == 0
    file = tmp_path / "data" / "qa" / "chat" / "sessions.sqlite"
    if harm == "noise":
        file.write_bytes(b"no database at all " * 500)
    else:
        with sqlite3.connect(file) as db:
            db.execute("UPDATE turns SET at = 'x'" if harm == "rows" else "PRAGMA user_version = 9")
        db.close()
    before = file.read_bytes()
    done = keyless.call("chat", "--continue", stdin=f"{FIRST}\n")
    assert done.code == 0 and "The harbour of Oslo reopened" in done.out
    assert done.err.count("\n") == 1 and "will not be saved" in done.err and str(file) in done.err
    assert keyless.call("chat", "--list").failed(8, "damaged") and file.read_bytes() == before


def test_a_folder_that_cannot_be_written_to_stops_nothing(keyless: Program, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "qa").write_text("a file stands where the folder would be")
    done = keyless.call("chat", stdin=f"{FIRST}\n{FIRST}\n")
    assert done.code == 0 and done.out.count("The harbour of Oslo reopened") == 2
    assert done.err.count("This conversation is not saved") == 1


def test_a_turn_is_kept_when_it_is_answered(keyless: Program) -> None:
    chat = subprocess.Popen(
        [str(QA), "chat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=keyless.environment, cwd=keyless.folder
    )
    assert chat.stdin and chat.stdout
    chat.stdin.write(f"{FIRST}\n".encode())
    chat.stdin.flush()
    assert chat.stdout.readline().startswith(b"The harbour")  # it answers before the input has ended
    chat.stdout.readline()
    chat.send_signal(signal.SIGKILL)
    chat.communicate()
    assert keyless.call("chat", "--list", "--json").rows[0]["question"] == FIRST
    done = keyless.call("chat", "--continue", stdin=f"{FIRST}\n")
    assert "[1]" in done.out  # the same words have the same number


def said(n: int) -> Kept:
    answer = Answer(
        f"What did person {n} say of the harbour?", "answered", f"Person {n} said that it is a fine harbour. " * 4
    )
    return Kept(Turn(answer.question, answer), datetime.now(UTC), Filters(), {})


def held(program: Program, turns: int, summed: int) -> str:
    """The number of a conversation of so many turns, some of them summed up, as the program leaves them."""
    folder = Path(program.environment["XDG_DATA_HOME"]) / "qa" / "chat"
    summary = "They spoke of the harbour of Oslo. " * 15 if summed else ""
    return str(Sessions(folder).add(None, [said(n) for n in range(turns)], summary, summed))


def test_the_two_hundredth_question_is_as_quick_and_as_dear_as_the_fifth(keyed: Program) -> None:
    questions = [f"And what did person {n} say of it?" for n in range(5)]

    def ask(turns: int, summed: int) -> tuple[float, int, int]:
        """The seconds of a turn, and the characters of its requests; those of the first turn apart."""
        with Loopback(service) as server:
            program = keyed.set(OPENAI_BASE_URL=server.url)
            id = held(program, turns, summed)
            done = program.call("chat", "--json", "--resume", id, stdin="\n".join(questions))
        sizes: list[int] = [0]
        for request in server.requests:
            sizes[-1] += len(json.dumps(request.body))
            if "You answer questions" in request.body["messages"][0]["content"]:
                sizes.append(0)
        assert [row["status"] for row in done.rows] == ["answered"] * 5
        return statistics.median(row["seconds"] for row in done.rows[1:]), max(sizes[1:]), sizes[0]

    few, many, never_summed = ask(4, 0), ask(199, 190), ask(199, 0)
    print(few, many, never_summed)
    assert many[0] < 2 * few[0] + 0.2 and never_summed[0] < 2 * few[0] + 0.2
    assert max(few[1:]) < 10_000 and max(many[1:]) < 10_000 + max(few[1:]) and never_summed[1] < 10_000 + few[1]
    # What was held without a service, and comes to one for the first time, is summed up once, and not all of it.
    assert never_summed[2] < 35_000


def test_a_long_conversation_without_a_service_stays_quick(keyless: Program) -> None:
    def seconds(turns: int) -> float:
        asked = "".join(f"And what about the harbour, number {n}?\n" for n in range(5))
        done = keyless.call("chat", "--json", "--resume", held(keyless, turns, 0), stdin=asked)
        return statistics.median(row["seconds"] for row in done.rows)

    few, many = seconds(4), seconds(199)
    print(f"{few:.3f} s, {many:.3f} s")
    assert many < 2 * few + 0.2


def test_what_no_file_and_no_number_can_be_costs_one_line(keyless: Program) -> None:
    lines = ["/save ~nobody-here/a.md", "/save a\0b.md", "/save! nowhere/a.md"]
    lines += [f"/{name} {'9' * 5000}" for name in ("open", "resume")]
    done = keyless.call("chat", stdin="\n".join([FIRST, *lines, FIRST]) + "\n")
    assert done.code == 0 and done.out.count("The harbour of Oslo reopened") == 2
    assert done.err.count("cannot be written") == 3 and done.err.count("\n") == 5
    assert keyless.call("chat", "--resume", "9" * 20).failed(2, "There is no conversation 999")


@pytest.mark.parametrize("id", ["NaN", "[1e999]"])
def test_an_id_that_is_no_json_is_not_given_back(keyless: Program, id: str) -> None:
    done = keyless.call("chat", "--json", stdin=f'{{"id": {id}, "question": "Who?"}}\n')
    assert done.rows[0]["id"] is None and done.rows[0]["error"]["code"] == 2


def test_a_question_in_json_is_no_command(keyless: Program, tmp_path: Path) -> None:
    wanted = [json.dumps({"question": f"/save! {tmp_path / 'a.md'}"}), json.dumps({"question": "/quit"}), FIRST]
    done = keyless.call("chat", "--json", stdin="\n".join([FIRST, *wanted]) + "\n")
    assert [row["status"] for row in done.rows][-1] == "answered" and len(done.rows) == 4
    assert not (tmp_path / "a.md").exists()


@pytest.mark.parametrize("meanwhile", ["another chat", "taken away"])
def test_a_conversation_that_has_changed_meanwhile_is_kept_as_another(tmp_path: Path, meanwhile: str) -> None:
    sessions, turns = Sessions(tmp_path), [said(n) for n in range(5)]
    id = sessions.add(None, turns[:2], "", 0)
    assert sessions.add(id, turns[:3], "", 0, saved=2) == id
    if meanwhile == "taken away":
        sessions.file.unlink()
        sessions.add(None, turns[4:], "", 0)
    else:
        sessions.add(id, [*turns[:3], turns[4]], "", 0, saved=3)
    other = sessions.add(id, turns[:4], "", 0, saved=3)
    assert other != id and [kept.turn.question for kept in sessions.load(other).kept] == [
        kept.turn.question for kept in turns[:4]
    ]
    assert sessions.load(id).kept[-1].turn.question == turns[4].turn.question


@pytest.mark.parametrize(
    ("reply", "understood"),
    [
        (UNDERSTOOD, UNDERSTOOD),
        ("What did the repairs cost Elon Musk?", None),
        ("What did the repairs of 1987 cost?", None),
        ("The repairs cost a fortune.", None),
    ],
)
def test_a_follow_up_is_understood_by_what_was_spoken_of(keyed: Program, reply: str, understood: str | None) -> None:
    def answers(body: Any) -> Any:
        return Text(reply if "heard nothing of" in body["messages"][0]["content"] else REOPENED)

    with Loopback(answers) as server:
        done = keyed.set(OPENAI_BASE_URL=server.url).call("chat", "--json", stdin=f"{FIRST}\nand the cost?\n")
    assert done.rows[1]["understood"] == understood
