"""Recording and replaying with the program itself, and the recordings that are kept under eval/."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from eval_bench import GOLD, JUDGE, KEY, MODEL, OPEN, VAGUE, Bench, by_model, good, timeless, verdict
from loopback import Error, Loopback, Reply, Text
from program import PAPER, QA, ROOT, Done, Program

from qa.evaluation import gold
from qa.evaluation.recordings import Recordings

EMBEDDER = "text-embedding-3-small"


@pytest.fixture
def program(reporter: Program) -> Program:
    (reporter.folder / "gold.yaml").write_text(GOLD)
    return reporter


@pytest.fixture
def bench(reporter: Program) -> Bench:
    return Bench(reporter)


def recorded(program: Program, *options: str, reply: Reply = good, model: str = MODEL) -> Done:
    with Loopback(reply) as server:
        asking = program.set(OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY, QA_MODEL=model)
        return asking.call("eval", "gold.yaml", "--record", "tape", *options)


def replayed(program: Program, *options: str) -> Done:
    return program.call("eval", "gold.yaml", "--replay", "tape", "--json", *options)


def missed(done: Done, said: str, times: int) -> bool:
    """Each miss is an error that says this, the other items were asked, and the run as a whole shows nothing."""
    run = done.json
    errors = [item for item in run["items"] if item["verdict"] == "error"]
    assert (done.code, len(run["items"]), len(errors)) == (9, 2, times), done
    assert all(said in item["error"] for item in errors), errors
    return True


def test_two_replays_differ_in_nothing_but_their_times(program: Program) -> None:
    assert recorded(program, "--repeat", "2").code == 0
    for name in ("one", "two"):
        options = ["--replay", "tape", "--repeat", "2", "--output", f"{name}.json"]
        assert program.run("eval", "gold.yaml", *options).code == 0
    stored = [json.loads((program.folder / f"{name}.json").read_text()) for name in ("one", "two")]
    one, two = (json.dumps(timeless(run), indent=1) for run in stored)
    assert one == two and stored[0]["items"][0]["verdict"] == "right"


def test_no_key_is_in_a_recording(program: Program) -> None:
    done = recorded(program, reply=Error(401, f"Incorrect API key provided: {KEY}."))
    assert done.code == 4
    files = [file for file in (program.folder / "tape").rglob("*") if file.is_file()]
    assert files and not any(KEY in file.read_text() for file in files)


# ── misses, each by a real change


def test_another_model_is_a_miss(program: Program) -> None:
    assert recorded(program).code == 0
    assert missed(replayed(program, "--model", "gpt-other"), "the model: asked 'gpt-other', recorded 'gpt-test'", 2)


def test_a_changed_prompt_is_a_miss(program: Program, tmp_path: Path) -> None:
    assert recorded(program).code == 0
    checkout = tmp_path / "checkout"  # a copy, so that its prompt may be edited
    for folder in ("qa", "prompts"):
        shutil.copytree(ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns("__pycache__"))
    prompt = checkout / "prompts" / "answer.md"
    prompt.write_text(prompt.read_text().replace("as few as answer the question", "as many as you like"))
    command = [sys.executable, "-m", "qa", "eval", "gold.yaml", "--replay", "tape", "--json"]
    environment = {**program.environment, "PYTHONPATH": str(checkout)}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=program.folder)
    done = Done(ran.returncode, ran.stdout, ran.stderr)
    assert missed(done, "From the nearest one differs the prompt: asked", 2)
    assert "as many as you like" in done.json["items"][0]["error"]


def test_a_changed_article_is_a_miss(program: Program) -> None:
    assert recorded(program).code == 0
    changed = [{**PAPER[0], "text": f"{PAPER[0]['text']} So be it."}, *PAPER[1:]]
    (program.folder / "paper.jsonl").write_text("".join(json.dumps(article) + "\n" for article in changed))
    assert program.call("index", "paper.jsonl", "--index", "changed").code == 0
    done = replayed(program, "--index", "changed")
    assert missed(done, "From the nearest one differs the passages: asked", 2)
    assert "So be it." in done.json["items"][0]["error"]


def test_a_miss_stops_no_other_question(program: Program) -> None:
    assert recorded(program).code == 0
    (program.folder / "gold.yaml").write_text(GOLD.replace("On which day did", "When did"))
    done = replayed(program)
    assert missed(done, "the question: asked 'When did the harbour of Oslo reopen?', recorded 'On which day", 1)
    assert done.json["items"][1]["verdict"] == "right"
    assert replayed(program, "--max-errors", "0.5").code == 0


# ── an index whose embedder is a service


@pytest.fixture
def served(program: Program) -> Program:
    """The program over PAPER, indexed by a service's embedder that is gone by now."""
    (program.folder / "paper.jsonl").write_text("".join(json.dumps(article) + "\n" for article in PAPER))
    with Loopback(good) as server:
        online = program.set(OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY, QA_MODEL=MODEL, QA_INDEX="served")
        done = online.call("index", "paper.jsonl", "--index", "served", "--embedder", EMBEDDER)
        assert done.code == 0, done
        # The address is part of the embedder's name, so what is recorded is recorded while it is the same.
        for model, tape in ((MODEL, "tape"), ("offline", "offline")):
            done = online.call("eval", "gold.yaml", "--record", tape, "--model", model)
            assert done.code == 0, done
    return program.set(QA_INDEX="served")


@pytest.mark.parametrize(("tape", "model"), [("tape", MODEL), ("offline", "offline")])
def test_the_embedders_calls_are_recorded_too(served: Program, tape: str, model: str) -> None:
    runs = [served.run("eval", "gold.yaml", "--replay", tape, "--json") for _ in range(2)]
    assert runs[0].code == 0, runs[0]
    assert timeless(runs[0].json) == timeless(runs[1].json)
    made = runs[0].json["fingerprints"]
    assert (made["model"], made["recording"]) == (model, "replayed") and made["embedder"].startswith(
        f"openai:{EMBEDDER}@"
    )
    assert runs[0].json["items"][0]["retrieved"][0]["similarity"] is not None


def test_a_question_that_was_not_embedded_is_a_miss(served: Program) -> None:
    (served.folder / "gold.yaml").write_text(GOLD.replace("On which day did", "When did"))
    assert missed(replayed(served), "the question: asked 'When did the harbour of Oslo reopen?'", 1)


# ── the judge


def test_what_the_judge_takes_is_counted_apart(bench: Bench) -> None:
    judged = by_model(VAGUE, Text(verdict("right"), usage=(7, 3)))
    done, _ = bench.serve(judged, options=["--json", "--record", "tape", "--judge", JUDGE], gold=OPEN)
    for run in (done.json, bench.run("--json", "--replay", "tape", "--judge", JUDGE, gold=OPEN).json):
        (item,) = run["items"]
        assert (item["input_tokens"], item["judge_input_tokens"], item["judge_output_tokens"]) == (100, 7, 3)
        assert (run["summary"]["input_tokens"], run["summary"]["judge_input_tokens"]) == (100, 7)
    shown = bench.run("--replay", "tape", "--judge", JUDGE, gold=OPEN).out
    assert "tokens: 100 in, 20 out\n" in shown and "judge's tokens: 7 in, 3 out\n" in shown


def test_a_verdict_that_cannot_be_read_was_paid_for_all_the_same(bench: Bench) -> None:
    judged = by_model(VAGUE, Text("yesterday", usage=(7, 3)))
    done, _ = bench.serve(judged, options=["--json", "--judge", JUDGE], gold=OPEN)
    assert done.code == 9 and done.json["items"][0]["judge_output_tokens"] == 3


# ── files that cannot be written


@pytest.mark.parametrize("option", ["--report", "--output"])
@pytest.mark.parametrize("name", ["nowhere/run.md", "gold.yaml/run.md", "folder.md"])
def test_a_file_that_cannot_be_written_is_told_before_any_question_is_asked(
    program: Program, option: str, name: str
) -> None:
    (program.folder / "folder.md").mkdir()
    with Loopback(good) as server:
        asking = program.set(OPENAI_BASE_URL=server.url, QA_MODEL=MODEL)
        assert asking.run("eval", "gold.yaml", option, name).failed(2, f"{name} cannot be written")
        assert not server.requests
    assert not (program.folder / "nowhere").exists()


def test_a_folder_of_recordings_that_cannot_be_written_is_told_at_once(program: Program) -> None:
    with Loopback(good) as server:
        asking = program.set(OPENAI_BASE_URL=server.url, QA_MODEL=MODEL)
        assert asking.run("eval", "gold.yaml", "--record", "gold.yaml/tape").failed(2, "No recordings can be kept in")
        assert not server.requests


# ── what is kept under eval/


def test_the_kept_recordings_are_scripted_small_and_without_a_key() -> None:
    folder = ROOT / "eval" / "recordings"
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert Recordings(folder).scripted
    assert sum(file.stat().st_size for file in files) < 400_000
    assert not any("sk-" in file.read_text() or "Bearer" in file.read_text() for file in files)


def test_the_script_speaks_of_gold_items_alone() -> None:
    script = yaml.safe_load((ROOT / "eval" / "scripted" / "replies.yaml").read_text())
    files = [ROOT / "eval" / name for name in ("gold.yaml", "conversations.yaml")]
    assert script.keys() <= {item.id for item in gold.read(files)}


def test_a_reply_that_was_worse_turns_the_replay_red(qa: Program) -> None:
    """The stored run is compared with, so a critical answer that is refused today is exit code 1."""
    tape = qa.folder / "tape"
    shutil.copytree(ROOT / "eval" / "recordings", tape)
    (path,) = (
        path for path, stored in ((p, json.loads(p.read_text())) for p in tape.glob("*.json"))
        if stored["request"]["messages"][1]["content"][-1] == "When does the TikTok extension end?"
    )  # fmt: skip
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "reply": {**stored["reply"], "pieces": ["INSUFFICIENT: the end"]}}))
    baseline = str(ROOT / "eval" / "baseline-replayed.json")
    done = qa.run("eval", "--replay", "tape", "--baseline", baseline)
    assert done.code == 1 and "tiktok-extension-end" in done.out


@pytest.mark.parametrize(("codes", "expected"), [((0, 0), 0), ((1, 0), 1), ((9, 1), 1), ((0, 9), 9), ((9, 0), 9)])
def test_a_failure_of_one_comparison_does_not_hide_the_other(
    codes: tuple[int, int], expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "qa"
    log = tmp_path / "log"
    program.write_text(
        f'#!/bin/sh\necho "$*" >> {log}\ncase "$*" in *offline*) exit {codes[0]};; *) exit {codes[1]};; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.syspath_prepend(ROOT / "eval")
    import check

    monkeypatch.setattr(check, "QA", str(program))
    monkeypatch.setattr(sys, "argv", ["check.py"])
    assert check.main() == expected
    assert log.read_text().splitlines() == [
        "eval eval/gold.yaml eval/conversations.yaml --model offline --baseline eval/baseline.json",
        "eval eval/gold.yaml eval/conversations.yaml --replay eval/recordings --baseline eval/baseline-replayed.json",
    ]


# ── the workflow


def test_the_workflow_runs_and_leaves_its_reports(qa: Program) -> None:
    """Its own commands, in a copy of what they need, over one question: nothing is proved by that, and they say so."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "eval.yml").read_text())
    (job,) = workflow["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert sum(".venv/bin/qa eval" in command for command in commands) == 2
    for name in ("eval", "Makefile", "requirements.lock", "pyproject.toml"):
        (qa.folder / name).symlink_to(ROOT / name)
    (qa.folder / ".venv" / "bin").mkdir(parents=True)
    (qa.folder / ".venv" / "bin" / "qa").symlink_to(QA)
    environment = {**qa.environment, "GITHUB_STEP_SUMMARY": str(qa.folder / "summary.md"), "GITHUB_ACTIONS": "true"}
    for command in commands:
        shortened = command.replace("qa eval", "qa eval --id tiktok-extension-end").replace("make ", "make --dry-run ")
        ran = subprocess.run(
            ["bash", "-e", "-c", shortened], capture_output=True, text=True, env=environment, cwd=qa.folder
        )
        assert ran.returncode == (9 if "qa eval" in command else 0), ran
    reports = sorted(file.name for file in (qa.folder / "reports").iterdir())
    assert reports == [f"{run}.{ending}" for run in ("keyless", "replayed") for ending in ("html", "md", "xml")]
    assert "tiktok" in (qa.folder / "summary.md").read_text()


def test_make_knows_what_the_documents_name() -> None:
    for target in ("eval", "recordings", "baseline"):
        assert subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True).returncode == 0
