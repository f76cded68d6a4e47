"""`qa chat` on a terminal, without a model service and with one: what a person types, and what they see."""

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

from loopback import Cut, Events, Loopback, Text, chunk
from program import COST_QUESTION as UNDERSTOOD
from program import HARBOUR, PAPER, Program
from program import HARBOUR_QUESTION as FIRST
from typist import PASTE, Typist

REOPENED = (
    'The harbour **reopened** on Friday [1: "The harbour of Oslo reopened on Friday, harbour master Kari Lund said"].'
)
FERRIES = 'Four ferries sail again from Monday [1: "Four ferries will sail again from Monday"].'
COST = 'Repairs cost 3.5 million euros [1: "Repairs cost 3.5 million euros, the city said"].'
CLOSED = 'It had closed on September 12 [1: "The harbour had closed on September 12 because of the storm"].'
FOLLOWING = "and what did it cost?"
MASTER = "Who is the harbour master of Oslo?"
"""One whose answer is the first sentence of its article."""


def asks_to_condense(body: Any) -> bool:
    return "heard nothing of" in body["messages"][0]["content"]


def served(*answers: Any) -> Any:
    """A service that makes every follow-up UNDERSTOOD, and else gives these answers in order, the last one again."""
    waiting = list(answers)

    def reply(body: Any) -> Any:
        if asks_to_condense(body):
            return Text(UNDERSTOOD)
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return reply


def test_a_conversation_without_a_service(keyless: Program, tmp_path: Path) -> None:
    with Typist(keyless, "chat") as person:
        person.sees("3 articles in", "model offline", "/help", ">")
        person.asks(MASTER).sees("Kari Lund. [1]", "[1] Harbour reopens after storm", " s")
        person.asks("/open 1").sees(
            "Harbour reopens after storm · 2025-09-19 · Nordic Wire", "Repairs cost 3.5 million"
        )
        assert b"\x1b[1;33m" in person.raw  # the quote is bright
        person.asks("/open budget").sees("sha256", "treasurer Nils Berg")
        person.asks("/sources").sees("“The harbour of Oslo reopened", "harbour:0-")
        person.asks("/why").sees("fused", "lexical", "harbour")
        person.asks("/souces").sees("There is no /souces. Did you mean /sources?")
        person.asks("/xyzzy").sees("There is no /xyzzy. /help lists what there is.")
        person.asks("/open 9").sees("The conversation has no [9]. It has [1] alone.")
        person.asks("/open nothing").sees("The index has no article 'nothing'.")
        person.asks("/filter").sees("No filter; all articles may answer.")
        person.asks("/filter since tomorrow").sees("since takes a date such as 2025-09-19, not 'tomorrow'.")
        person.asks("/filter since 2025-09-20 source desk").sees("Only articles since 2025-09-20, source desk.")
        person.asks("Who won the chess olympiad in Bukhara?").sees(
            "The articles do not say.", "/filter off searches all"
        )
        person.asks("/filter source off").sees("Only articles since 2025-09-20.")
        person.asks("/filter off").sees("No filter")
        person.asks("/model gpt-x").sees("There is no key for the model gpt-x.")
        person.asks("/model").sees("The model is offline.")
        person.asks("/save answers.md").sees("Saved 2 questions in answers.md.")
        person.asks("/save answers.json").sees("Saved 2 questions")
        person.asks("/save answers.json").sees("answers.json is there already.", "/save! answers.json")
        person.asks("/save! answers.json").sees("Saved 2 questions")
        person.asks("/save answers.txt").sees("ends neither in .md nor in .json")
        person.types("/he").sees("what can be typed").types("\t").sees("> /help").types("\r")
        person.sees("/retry", "Ctrl-D leaves")
        person.asks("/new").sees("A new conversation.")
        person.asks("/sources").sees("Nothing has been answered yet.")
        person.asks("/resume").sees("first question", "1", MASTER)
        person.asks("/resume 1").sees("Conversation 1", "2 questions", "The articles do not say.")
        person.types("something else\x03").idles(0.2).types("\x03").sees("Ctrl-C once more leaves").types("\x03")
        assert person.ends() == 0
        assert b"Traceback" not in person.raw
    assert "“The harbour of Oslo reopened on Friday" in (tmp_path / "answers.md").read_text()
    assert keyless.call("verify", "answers.json").code == 0
    saved = json.loads((tmp_path / "answers.json").read_text())
    assert [row["status"] for row in saved] == ["answered", "abstained"]
    assert saved[1]["filters"] == {"since": "2025-09-20", "until": None, "source": "desk"}
    assert re.fullmatch("[0-9a-f]{64}", saved[0]["citations"][0]["sha256"])
    folder = tmp_path / "data" / "qa" / "chat"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()} == {
        "sessions.sqlite": 0o600,
        "history": 0o600,
    }
    listed = keyless.call("chat", "--list")
    assert listed.code == 0 and re.fullmatch(
        rf"1\t\d{{4}}-\d\d-\d\d \d\d:\d\d\t2 questions\t{re.escape(MASTER)}\n", listed.out
    )
    with Typist(keyless, "chat", "--resume", "1") as person:  # what was typed then is still there
        person.sees("Conversation 1", "do not say. >").types("\x1b[A").sees("> /resume 1").types("\x03\x04")
        assert person.ends() == 0


def test_a_conversation_with_a_service(keyed: Program) -> None:
    slow = Events(chunk({"content": f"{REOPENED} Then it"}), *[chunk({"content": " goes on"})] * 200, delay=0.1)
    first, second = Text(f"{REOPENED} {FERRIES}", size=4, delay=0.02), Text(f"{COST} {REOPENED}", size=9)
    with Loopback(served(first, second, slow, Cut(f"{FERRIES} And th"), Text(CLOSED))) as server:
        program = keyed.set(OPENAI_BASE_URL=server.url)
        with Typist(program, "chat") as person:
            person.sees("model gpt-test")
            person.asks(FIRST).sees("The harbour reopened on Friday [1]")
            assert "Four ferries" not in person.screen  # each sentence comes when it holds
            person.types("and what did").sees("Monday [2].", "[1] [2] Harbour reopens after storm", "100 tokens in")
            person.types(" it cost?\r")  # the first half was typed while the answer ran
            person.sees(
                f"> {FOLLOWING}", f"understood: {UNDERSTOOD}", "euros [3].", "The harbour reopened on Friday [1]."
            )
            person.sees("200 tokens in")
            assert person.words.count("and what did it cost?") == 1
            person.asks("Why?").sees("The harbour reopened on Friday [1].")
            pressed = time.monotonic()
            person.types("\x03").sees("Stopped. Enter or /retry asks again.")
            assert time.monotonic() - pressed < 2.5 and server.hung_up.wait(5)
            person.types("\r").sees("ended the reply before it was complete", "Enter or /retry asks again.")
            person.asks("/retry").sees("It had closed on September 12 [4].", "200 tokens in")
            os.kill(person.child.pid, signal.SIGKILL)
        with Typist(program, "chat", "--continue") as person:
            person.sees("Conversation 1", "3 questions", "> Why?", "September 12 [4].")
            person.asks("/open 3").sees("harbour:", "Repairs cost 3.5 million euros")
            person.asks("And now?").sees(f"understood: {UNDERSTOOD}", "September 12 [4].", " out")
            asked = server.requests[-2].body["messages"][-1]["content"]
            assert "Repairs cost 3.5 million euros" in asked  # the condenser knows the turns before
            person.asks("/quit")
            assert person.ends() == 0
    assert keyed.call("chat", "--list", "--json").rows[0]["turns"] == 4


def test_a_narrow_window_wide_characters_and_no_colours(keyed: Program) -> None:
    chinese = "奥斯陆的港口星期五重新开放了，" * 5
    answer = (
        "# **Reopening**\n\n"
        f"- *First*: {REOPENED}\n"
        f'- {chinese}四艘渡轮[1: "Four ferries will sail again from Monday"]。\n\n'
        f'\x1b]0;owned\x07\x1b[31mRepairs\x9b2J cost 3.5 million\u202e euros [1: "Repairs cost 3.5 million euros"].'
    )
    with Loopback(Text(answer, size=3)) as server:
        program = keyed.set(OPENAI_BASE_URL=server.url, NO_COLOR="1")
        with Typist(program, "chat", columns=40) as person:
            person.sees("model gpt-test").asks("Reopening: 港口什么时候重新开放？").sees(
                "Repairs cost 3.5 million euros [3].", " s"
            )
            person.asks("/quit")
            assert person.ends() == 0
    lines = person.screen.split("\n")
    assert "Reopening" in lines and "• First: The harbour reopened on Friday" in lines
    assert "".join("".join(lines).split()).count("港口星期五") >= 5
    assert all(line.startswith("  ") for line in lines if line.strip().startswith("奥") and "•" not in line)
    assert not person.colours and b"\x1b[1m" in person.raw  # bold is no colour
    for sent in (b"owned", b"\x9b2J\x00", b"\x1b[31m", "\u202e".encode()):
        assert sent not in person.raw


def test_a_dumb_terminal_gets_plain_lines(keyed: Program) -> None:
    with Loopback(served(Text(f"{REOPENED} {FERRIES}", size=9, delay=0.01), Text(COST))) as server:
        program = keyed.set(OPENAI_BASE_URL=server.url, TERM="dumb")
        with Typist(program, "chat") as person:
            person.sees("model gpt-test", ">").asks(FIRST)
            person.sees(
                "The harbour **reopened** on Friday [1]. Four ferries", "[2] Harbour reopens after storm", "20 out >"
            )
            person.asks(FOLLOWING).sees(f"understood: {UNDERSTOOD}", "euros [3].", "> ")
            person.types("\x03").sees("Ctrl-C once more leaves").types("\x04")
            assert person.ends() == 0
    assert b"\x1b" not in person.raw


def test_a_pasted_page_is_one_question(keyless: Program) -> None:
    page = f"{FIRST}\nOr is it closed,\r\nas it was\tin September?\n"
    with Typist(keyless, "chat", "--no-save", rows=60) as person:
        person.sees("/help").types(PASTE.format(page)).sees("as it was").types("\r").sees("[1] Harbour reopens")
        assert person.words.count(" s") and "Nothing" not in person.words
        person.types(PASTE.format("many words " * 300)).sees("words").types("\r")
        person.sees("The question has 3,299 characters; at most 2,000 can be asked.")
        assert person.words.count("many words") > 250  # it is still there to be cut
        person.types("\x03").asks("/open 1").sees("Nordic Wire")
        person.types("\x04")
        assert person.ends() == 0
    assert not (keyless.folder / "data").exists()


def test_what_is_pasted_while_an_answer_runs_is_not_lost(keyed: Program) -> None:
    page = "\n".join(f"{n} and what did the repairs of the harbour cost in the end" for n in range(25))
    with Loopback(served(Text(f"{REOPENED} {FERRIES}", size=4, delay=0.02), Text(COST))) as server:
        with Typist(keyed.set(OPENAI_BASE_URL=server.url), "chat", "--no-save") as person:
            person.sees("/help").asks(FIRST).sees("on Friday [1]").types(PASTE.format(page)).sees("24 and what did")
            person.types("\r").sees("euros [3].")
            person.asks("/quit")
            assert person.ends() == 0
        asked = [r.body["messages"][-1]["content"] for r in server.requests if asks_to_condense(r.body)]
    assert len(asked) == 1 and " ".join(page.split()) in asked[0]


def test_articles_that_have_changed_since(keyless: Program, tmp_path: Path) -> None:
    own = keyless.set(QA_INDEX=str(tmp_path / "own"))

    def index(**changed: str) -> None:
        rows = [{**row, "text": changed.get(row["id"], row["text"])} for row in PAPER if changed.get(row["id"]) != ""]
        (tmp_path / "paper.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert own.call("index", "paper.jsonl", "--prune").code == 0

    def resumed() -> tuple[str, str]:
        done = own.call("chat", "--continue", "--no-save", stdin="/open 1\n")
        assert done.code == 0
        return done.out, done.err

    index()
    assert own.call("chat", stdin=f"{MASTER}\n").code == 0
    assert "Since then" not in resumed()[1] and ">>The harbour of Oslo reopened" in resumed()[0]
    index(harbour="It rained for a week. " + HARBOUR)
    out, err = resumed()
    assert "Since then harbour has changed." in err
    assert "the words now stand here" in out and ">>The harbour of Oslo reopened" in out and "harbour:22-" in out
    index(harbour="It rained for a week. The harbour stays closed.")
    out, err = resumed()
    assert "harbour has changed since, and no longer says:\n“The harbour of Oslo reopened" in out
    index(harbour="")
    out, err = resumed()
    assert "Since then harbour has gone." in err and "harbour is no longer in the index. It said:" in out
