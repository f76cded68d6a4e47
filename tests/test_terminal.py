"""What a person sees on a terminal, at every moment: an answer as it streams, its sources, bars, an interruption."""

import re
import signal
import time
from pathlib import Path

import pexpect
import pytest
from loopback import Events, Hang, Loopback, Text, chunk
from program import QA, QUESTION, UNANSWERABLE, Program
from terminal import watch

ASKED = "When did the harbour of Oslo reopen, and what did the repairs cost?"
TRUE = (
    'The harbour reopened on Friday [1: "The harbour of Oslo reopened on Friday, harbour master Kari Lund said"].',
    'Four ferries sail again from Monday. [1: "Four ferries will sail again from Monday"]',
    'Repairs cost 3.5 million euros, the city said [1: "Repairs cost 3.5 million euros, the city said"].',
)
FALSE = (
    'Meanwhile Bergen bought the harbour [1: "Bergen bought the whole harbour"].',
    'It took seventeen weeks [1: "harbour had closed on September 12 because of the storm"].',
    "Everybody rejoices.",
    '“A miracle”, the city said [1: "Repairs cost 3.5 million euros, the city said"].',
)
NEVER = ("Bergen", "bought", "seventeen", "weeks", "rejoices", "Everybody", "miracle", "Meanwhile", "fabricat\x1b")
MIXED = " ".join([TRUE[0], FALSE[0], FALSE[1], TRUE[1], FALSE[2], TRUE[2], FALSE[3]])


@pytest.fixture
def keyed(reporter: Program) -> Program:
    return reporter.set(OPENAI_API_KEY="sk-x", QA_MODEL="gpt-test")


def words(screen: str) -> str:
    return " ".join(screen.split())


@pytest.mark.parametrize("size", [1, 7])
def test_the_false_never_appears_not_for_a_moment(keyed: Program, size: int) -> None:
    with Loopback(Text(MIXED, size=size, delay=0.002), Text(" ".join(FALSE), size=size)) as server:
        seen = watch(keyed.set(OPENAI_BASE_URL=server.url), "ask", ASKED, "--quiet")
        assert len(server.requests) == 2
    assert seen.code == 0 and seen.never(*NEVER)
    answer, *sources = seen.last.split("\n\n")
    assert words(answer) == (
        "The harbour reopened on Friday [1]. Four ferries sail again from Monday. [2]"
        " Repairs cost 3.5 million euros, the city said [3]."
    )
    # Each sentence was on the screen before the next one was.
    for shown, coming in (("Friday [1].", "ferries"), ("Monday. [2]", "Repairs")):
        assert any(shown in words(screen) and coming not in words(screen) for screen in seen.screens)
    assert [line[:4] for line in sources[0].split("\n") if line.startswith("[")] == ["[1] ", "[2] ", "[3] "]
    assert "“Four ferries will sail again from Monday”" in words(sources[0])
    assert "Harbour reopens after storm · 2025-09-19 · Nordic Wire" in words(sources[0])
    assert b"\x1b[1;36m[1]\x1b[0m" in seen.raw


def test_what_was_withheld_is_counted(keyed: Program) -> None:
    with Loopback(Text(MIXED), Text(" ".join(FALSE))) as server:
        seen = watch(keyed.set(OPENAI_BASE_URL=server.url), "ask", ASKED)
    assert seen.never(*NEVER)
    assert "Withheld 4 statements: 2 fabricated" in words(seen.last) and "1 uncited" in words(seen.last)


def test_on_40_columns_words_stay_whole(keyed: Program) -> None:
    with Loopback(Text(" ".join(TRUE), size=5)) as server:
        seen = watch(keyed.set(OPENAI_BASE_URL=server.url), "ask", ASKED, "--quiet", columns=40)
    lines = seen.last.split("\n")
    assert words(seen.last).startswith(
        "The harbour reopened on Friday [1]. Four ferries sail again from Monday. [2] Repairs cost"
    )
    whole = set(re.findall(r"\S+", " ".join(TRUE).replace('"', " ") + " Harbour reopens after storm Nordic Wire ·"))
    for word in words(" ".join(lines)).split():
        assert word.strip("“”.,[]") in {w.strip("“”.,[]") for w in whole} or re.search(r"\d", word), word
    first = lines.index(next(line for line in lines if line.startswith("[1] ")))
    assert all(line.startswith("    ") for line in lines[first + 1 : first + 4])


def test_without_colours_there_are_none(qa: Program) -> None:
    coloured = watch(qa, "ask", QUESTION)
    assert re.search(rb"\x1b\[[0-9;]*3\dm", coloured.raw)
    plain = watch(qa.set(NO_COLOR="1"), "ask", QUESTION)
    assert plain.last == coloured.last and not re.search(rb"\x1b\[[0-9;]*[349]\dm", plain.raw)
    dumb = watch(qa.set(TERM="dumb"), "ask", QUESTION)
    assert dumb.code == 0 and b"\x1b" not in dumb.raw and "[1] " in dumb.last


def test_off_a_terminal_there_are_never_any(qa: Program) -> None:
    loud = qa.set(FORCE_COLOR="1", CLICOLOR_FORCE="1", TTY_COMPATIBLE="1", GITHUB_ACTIONS="true", TERM="xterm-256color")
    for arguments in (
        ["ask", QUESTION, "--why"],
        ["ask", UNANSWERABLE],
        ["articles"],
        ["nosuch"],
        ["--help"],
        ["doctor"],
    ):
        done = loud.call(*arguments)
        assert "\x1b" not in done.out + done.err
    done = loud.run("ask", QUESTION, "--quiet")
    assert "\x1b" not in done.out and done.err == ""


def test_an_abstention_and_a_failure_look_as_they_should(qa: Program) -> None:
    seen = watch(qa, "ask", UNANSWERABLE)
    assert seen.code == 1 and seen.last.startswith("The articles do not say.\nNo article answers this.")
    seen = watch(qa, "ask", "")
    assert seen.code == 2 and seen.last.startswith("The question is empty.") and b"\x1b[31m" in seen.raw


def test_ctrl_c_stops_at_once(keyed: Program) -> None:
    slow = Events(chunk({"content": f"{TRUE[0]} Then it"}), chunk({"content": " more"}), delay=30)
    pressed = []

    def press(screen: str, child: "pexpect.spawn[bytes]") -> None:
        if "Friday [1]." in words(screen) and not pressed:
            pressed.append(time.monotonic())
            child.sendintr()

    with Loopback(slow) as server:
        seen = watch(keyed.set(OPENAI_BASE_URL=server.url), "ask", ASKED, on_screen=press)
    assert seen.code == 130 and time.monotonic() - pressed[0] < 2.5
    assert seen.last.startswith("The harbour") and seen.last.split("\n")[-1] == "Interrupted."
    assert b"Traceback" not in seen.raw


def test_an_interrupt_stops_a_silent_service_too(keyed: Program) -> None:
    with Loopback(Hang()) as server:
        asking = keyed.set(OPENAI_BASE_URL=server.url).start("ask", ASKED)
        while not server.requests:
            time.sleep(0.05)
        asking.send_signal(signal.SIGINT)
        started = time.monotonic()
        out, err = asking.communicate(timeout=20)
    assert (asking.returncode, out, err) == (130, b"", b"Interrupted.\n")
    assert time.monotonic() - started < 2.5


def test_an_interrupt_at_any_moment_leaves_no_traceback(qa: Program) -> None:
    started = time.monotonic()
    assert qa.run("ask", QUESTION).code == 0
    whole = time.monotonic() - started
    for share in (0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85):  # before that, it is Python itself that starts
        asking = qa.start("ask", QUESTION)
        time.sleep(share * whole)
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=20)
        assert (asking.returncode, err) in [(130, b"Interrupted.\n"), (0, b"")], (share, out, err)


def test_answers_go_to_their_file_while_a_bar_is_shown(qa: Program, tmp_path: Path) -> None:
    (tmp_path / "questions.txt").write_text(f"{QUESTION}\n" * 3)
    script = '"$0" ask --from questions.txt > answers.jsonl'
    seen = watch(qa, "-c", script, str(QA), command="sh")
    assert (tmp_path / "answers.jsonl").read_text().count('"status": "answered"') == 3
    assert any("Asking" in screen and "2/3" in screen for screen in seen.screens)
    assert seen.last == "3 questions: 3 answered, 0 not answered by the articles, 0 failed."


def test_lists_keep_ids_whole(qa: Program, tmp_path: Path) -> None:
    for columns in (100, 60):
        seen = watch(qa, "articles", columns=columns)
        assert all(row["id"] in seen.last for row in qa.call("articles", "--json").rows)
    seen = watch(qa, "ask", QUESTION, "--why", columns=120)
    assert "fused" in seen.last and "lexical" in seen.last
    (tmp_path / "one.txt").write_text("The first bridge opened on Monday.")
    seen = watch(qa, "index", "one.txt", "--index", "own")
    assert "1 added, 0 changed, 0 unchanged, 0 removed; 1 passage embedded." in words(seen.last)
