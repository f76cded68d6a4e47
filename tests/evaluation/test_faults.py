"""What can go wrong in an evaluation, injected on purpose: nothing of it counts as a pass, and each has its exit code.

| fault | exit code |
|---|---|
| the service times out, breaks off, sends broken JSON, HTML, or a reply that it filtered | 9 where it hits some items |
| every question meets 401 / 5xx / no server / 429 | 4 / 5 / 5 / 6 |
| the reply is empty, or has no evidence | 0, abstained: wrong on what the articles answer |
| the judge: broken JSON, a missing verdict, "yesterday", a bare "yes", no reason, an array, NaN, 500 | 9 |
| a judge that always says right | 9 from --calibrate, with false_pass 1 |
| a measure that is NaN or infinite | 9; in the baseline 2 |
| gold: empty, no items, none selected / unreadable, unknown key | 9 / 2 |
| recordings: a miss / unreadable, empty or missing folder | 9 / 2 |
| baseline: missing, not JSON, another format | 2 |
| the index is missing / damaged | 3 / 8 |
| a fault in the program itself | 9 |
| interrupted | 130, and --resume goes on |
"""

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eval_bench import GOLD, JUDGE, MODEL, OPEN, REFUSED, REOPENED, VAGUE, Bench, by_model, good, quoting, verdict
from loopback import BrokenJson, Cut, Error, ErrorInStream, Events, Hang, Html, Reply, Text, chunk
from program import Program

from qa.answering import Assistant
from qa.domain import Answer


@pytest.fixture
def bench(reporter: Program, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr("qa.evaluation.pacing.FIRST_WAIT", 0.01)
    return Bench(reporter)


def kittens_meet(fault: Reply) -> Callable[[Any], Reply]:
    return lambda body: fault if "kittens live" in body["messages"][1]["content"] else REOPENED


# ── the service


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(BrokenJson(), 5, id="broken JSON"),
        pytest.param(Cut("The harbour "), 5, id="a stream without its end"),
        pytest.param(ErrorInStream(), 5, id="an error in the stream"),
        pytest.param(Html(), 5, id="a web page"),
        pytest.param(Events(chunk({"content": "No"}, "content_filter")), 5, id="filtered"),
        pytest.param(Error(401, "no"), 4, id="401"),
        pytest.param(Error(400, "no"), 5, id="400"),
        pytest.param(Error(429, "quota", "insufficient_quota"), 6, id="quota"),
    ],
)
def test_one_item_that_fails_is_an_error_and_stops_no_other(bench: Bench, fault: Reply, code: int) -> None:
    done, _ = bench.serve(kittens_meet(fault), options=["--json"])
    assert done.code == 9 and "1 of 2 results (50%) are errors" in done.err
    right, wrong = done.json["items"]
    assert right["verdict"] == "right"
    assert (wrong["verdict"], wrong["stage"], wrong["error_code"]) == ("error", "error", code)
    assert wrong["error"] and wrong["answer"] == ""
    borne, _ = bench.serve(kittens_meet(fault), options=["--max-errors", "0.5", "--json"])
    assert borne.code == 0 and borne.json["items"][1]["verdict"] == "error"


def test_a_time_out_is_an_error(bench: Bench) -> None:
    done, _ = bench.serve(kittens_meet(Hang()), options=["--timeout", "1.5", "--json"])
    assert done.code == 9 and done.json["items"][1]["error_code"] == 7


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(Error(401, "no"), 4, id="401"),
        pytest.param(Error(500, "down", headers={"Retry-After-Ms": "5"}), 5, id="500"),
        pytest.param(Html(), 5, id="a web page"),
        pytest.param(Error(429, "quota", "insufficient_quota"), 6, id="quota"),
    ],
)
def test_where_nothing_could_run_the_exit_code_says_why(bench: Bench, fault: Reply, code: int) -> None:
    done, _ = bench.serve(fault, options=["--json"])
    assert done.failed(code, "Nothing could be evaluated")


def test_no_server_at_all(bench: Bench) -> None:
    gone = replace(bench, program=bench.program.set(OPENAI_BASE_URL="http://127.0.0.1:9/v1", QA_MODEL=MODEL))
    assert gone.run("--json", "--timeout", "2", "--id", "kittens").failed(5, "Nothing could be evaluated")


def test_a_service_that_is_down_is_not_asked_without_end(bench: Bench) -> None:
    done, server = bench.serve(Error(401, "no"), options=["--repeat", "20"])
    assert done.code == 4 and len(server.requests) == 10


@pytest.mark.parametrize("reply", [Text(""), Text("The harbour reopened on Friday.")], ids=["empty", "no evidence"])
def test_a_reply_that_proves_nothing_is_no_pass(bench: Bench, reply: Text) -> None:
    done, _ = bench.serve(reply, options=["--json", "--id", "reopened"])
    (only,) = done.json["items"]
    assert done.code == 0 and (only["verdict"], only["status"]) == ("wrong", "abstained")
    assert only["stage"] == ("withheld by the gate" if reply.text else "wrongly refused")


# ── the judge


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Text('{"verdict": "right"'), id="broken JSON"),
        pytest.param(Text('{"reason": "It says so."}'), id="a missing verdict"),
        pytest.param(Text('{"reason": "So.", "verdict": "yesterday"}'), id="yesterday"),
        pytest.param(Text("yesterday"), id="bare yesterday"),
        pytest.param(Text("yes"), id="bare yes"),
        pytest.param(Text('{"reason": "So.", "verdict": true}'), id="true"),
        pytest.param(Text('{"reason": "So.", "verdict": NaN}'), id="NaN"),
        pytest.param(Text('{"reason": "So.", "verdict": ["right"]}'), id="a list of verdicts"),
        pytest.param(Text('{"verdict": "right"}'), id="no reason"),
        pytest.param(Text('[{"reason": "So.", "verdict": "right"}]'), id="an array"),
        pytest.param(
            Text('{"reason": "a", "verdict": "wrong"} {"reason": "b", "verdict": "right"}'), id="two verdicts"
        ),
        pytest.param(Text(""), id="nothing"),
        pytest.param(Error(400, "no"), id="400"),
        pytest.param(Cut('{"reason": "So.", "verdict": "right"}'), id="cut off"),
    ],
)
def test_an_unreadable_verdict_is_neither_pass_nor_fail(bench: Bench, reply: Reply) -> None:
    done, _ = bench.serve(by_model(VAGUE, reply), options=["--json", "--judge", JUDGE], gold=OPEN)
    (only,) = done.json["items"]
    assert done.code == 9 and (only["verdict"], only["stage"], only["error_code"]) == ("error", "error", 5)
    assert only["answer"].startswith("Ferries will sail again")


@pytest.mark.parametrize("outcome", ["right", "wrong", "cannot tell"])
def test_a_readable_verdict_counts_as_it_says(bench: Bench, outcome: str) -> None:
    done, _ = bench.serve(by_model(VAGUE, Text(verdict(outcome))), options=["--json", "--judge", JUDGE], gold=OPEN)
    assert done.code == 0 and done.json["items"][0]["verdict"] == outcome


def test_a_judge_that_always_says_right_is_found_out(bench: Bench) -> None:
    rows = [{"question": "Which?", "gold_answers": ["a"], "answer": a, "human_correct": a == "a"} for a in "abca"]
    bench.file("people.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    options = ["--calibrate", "people.jsonl", "--judge", JUDGE, "--json"]
    done, _ = bench.serve(Text(verdict("right")), options=options)
    assert done.code == 9 and (done.json["false_pass"], done.json["kappa"]) == (1.0, 0.0)
    done, _ = bench.serve(Text("yes"), options=options)
    assert done.code == 9 and (done.json["decided"], done.json["errors"]) == (0.0, 4)


# ── measures


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_measure_that_is_no_number_is_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    monkeypatch.setattr("qa.evaluation.metrics.ndcg", lambda *_: value)
    done = bench.run("--json", "--id", "reopened")
    assert done.code == 9 and done.json["items"][0]["verdict"] == "error" and "NaN" not in done.out


def test_a_fault_of_the_program_itself_is_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Answer:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(Assistant, "ask", fail)
    assert bench.run("--json", "--max-errors", "1").code == 9, "no share of errors bears them all"
    done = bench.run("--json")
    assert done.code == 9 and {r["error_code"] for r in done.json["items"]} == {70}


# ── gold


@pytest.mark.parametrize(
    ("gold", "code"),
    [
        pytest.param("", 9, id="empty"),
        pytest.param("# nothing yet\n", 9, id="a comment alone"),
        pytest.param("version: 1\nitems: []\n", 9, id="no items"),
        pytest.param("version: 1\nitems:\n", 9, id="items of nothing"),
        pytest.param("version: 1\nitems: [", 2, id="not YAML"),
        pytest.param(GOLD.replace("accept:", "acept:"), 2, id="an unknown key"),
        pytest.param(GOLD.replace("kittens\n", "reopened\n", 1), 2, id="an id twice"),
        pytest.param(GOLD.replace("kittens\n", "reopened#2\n", 1), 2, id="an id like a turn's"),
    ],
)
def test_gold_that_asks_nothing(bench: Bench, gold: str, code: int) -> None:
    assert bench.run("--json", gold=gold).failed(code, "gold.yaml")


def test_no_item_is_selected(bench: Bench) -> None:
    assert bench.run("--json", "--tag", "cheese").failed(9, "None of the 2 gold items is selected")
    assert bench.run("--json", "--id", "reopen").failed(9)
    assert bench.program.call("eval", "nowhere.yaml").failed(2, "nowhere.yaml")


# ── recordings


def taped(bench: Bench) -> Path:
    done, _ = bench.serve(good, options=["--record", "tape"])
    assert done.code == 0
    return bench.program.folder / "tape"


def test_a_replay_that_misses_says_what_differs(bench: Bench) -> None:
    taped(bench)
    other = bench.run("--json", "--replay", "tape", gold=GOLD.replace("How many kittens", "How many old kittens"))
    assert other.code == 9 and "the question: asked" in other.json["items"][1]["error"]
    assert [r["verdict"] for r in other.json["items"]] == ["right", "error"]
    model = bench.run("--json", "--replay", "tape", "--model", "gpt-other")
    assert model.code == 9 and "the model: asked 'gpt-other', recorded 'gpt-test'" in model.json["items"][0]["error"]


def test_recordings_that_cannot_be_read(bench: Bench) -> None:
    assert bench.run("--json", "--replay", "nowhere").failed(2, "nowhere")
    tape = taped(bench)
    next(tape.glob("*.json")).write_text('{"request": ')
    assert bench.run("--json", "--replay", "tape").failed(2, "is no recording")
    shutil.rmtree(tape)
    tape.mkdir()
    assert bench.run("--json", "--replay", "tape").failed(2, "holds no recordings")


def test_a_recorded_failure_is_replayed_as_one(bench: Bench) -> None:
    done, _ = bench.serve(kittens_meet(Error(401, "no")), options=["--record", "tape"])
    assert done.code == 9
    again = bench.run("--json", "--replay", "tape")
    assert again.code == 9 and again.json["items"][1]["error_code"] == 4


# ── baselines, options, the index


def test_a_baseline_that_cannot_be_read(bench: Bench) -> None:
    assert bench.run("--json", "--baseline", "nowhere.json").failed(2, "nowhere.json")
    bench.file("base.json", "{")
    assert bench.run("--json", "--baseline", "base.json").failed(2, "base.json")
    bench.file("base.json", '{"format": 99}')
    assert bench.run("--json", "--baseline", "base.json").failed(2, "another version")


def test_a_baseline_with_a_measure_that_is_no_number(bench: Bench) -> None:
    assert bench.run("--output", "base.json").code == 0
    path = bench.program.folder / "base.json"
    stored = json.loads(path.read_text())
    stored["items"][0]["f1"] = math.nan
    path.write_text(json.dumps(stored))
    assert bench.run("--json", "--baseline", "base.json").failed(2, "f1 of reopened")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verdict", "RIGHT"),
        ("must_cite", "false"),
        ("trial", "1"),
        ("critical", 0),
        ("id", None),
        ("error", "It broke."),
    ],
)
def test_a_baseline_of_which_a_row_is_no_result(bench: Bench, name: str, value: object) -> None:
    assert bench.run("--output", "base.json").code == 0
    path = bench.program.folder / "base.json"
    stored = json.loads(path.read_text())
    stored["items"][0] = {**stored["items"][0], "verdict": "right", name: value}
    path.write_text(json.dumps(stored))
    assert bench.run("--json", "--baseline", "base.json").failed(2, "base.json is no stored run")


def test_a_baseline_that_holds_an_answer_twice(bench: Bench) -> None:
    assert bench.run("--output", "base.json").code == 0
    path = bench.program.folder / "base.json"
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "items": [*stored["items"], stored["items"][0]]}))
    assert bench.run("--json", "--baseline", "base.json").failed(2, "reopened, trial 1, more than once")


def test_options_that_cannot_be(bench: Bench) -> None:
    for options in (["--repeat", "0"], ["--jobs", "0"], ["--max-errors", "2"], ["--report", "run.pdf"],
                    ["--record", "a", "--replay", "b"], ["--record", "a"], ["--judge", "offline"]):  # fmt: skip
        assert bench.run(*options).failed(2)
    assert bench.run("--judge", JUDGE).failed(3, "no key")


def test_no_index_and_a_damaged_one(bench: Bench, paper: Path) -> None:
    assert bench.run("--json", "--index", "nowhere").failed(3)
    broken = bench.program.folder / "broken"
    shutil.copytree(paper, broken)
    next(broken.glob("articles*")).write_bytes(b"no database at all")
    assert bench.run("--json", "--index", str(broken)).failed(8)


# ── interrupts


def test_an_interrupted_run_is_resumed(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.evaluating.cache_folder", lambda: tmp_path / "cache")
    asked: list[str] = []
    ask = Assistant.ask

    def interrupted(self: Assistant, question: str, **how: Any) -> Answer:
        asked.append(question)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return ask(self, question, **how)

    monkeypatch.setattr(Assistant, "ask", interrupted)
    done = bench.run("--json")
    assert (done.code, done.out) == (130, "") and "--resume" in done.err
    assert len(list((tmp_path / "cache").iterdir())) == 1
    done = bench.run("--json", "--resume")
    assert done.code == 0 and len(done.json["items"]) == 2
    assert len(asked) == 3, "what was done is not asked again"
    assert list((tmp_path / "cache").iterdir()) == []


def test_quotes_of_another_article_are_not_rightly_cited(bench: Bench) -> None:
    other = quoting("It was on a Friday, not on Saturday", "a budget of 9.2 billion kroner on Saturday", "[3] Oslo")
    done, _ = bench.serve(other, REFUSED, options=["--json", "--id", "reopened"])
    (only,) = done.json["items"]
    assert only["verdict"] != "right" and only["stage"] in ("withheld by the gate", "not used")
