"""Each stage broken on purpose in the real program: the gate turns red, and the attribution names the stage.

| what is broken | stage | how |
|---|---|---|
| the index | not indexed | an article is removed |
| retrieval | ranked out, not retrieved | the lexical search finds nothing |
| the writer | not used, wrongly read, wrongly refused | the model takes another source, another figure, or none |
| the prompt | withheld by the gate | it forgets to ask for evidence |
| the numbers | wrongly cited | they are shuffled after the gate; the model's own are mended by it |
"""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flights import ARTICLES, BY_CODE, FLIGHTS, GOLD, Flight, Habit, reader, sound
from loopback import Loopback
from program import QA, ROOT, Done, Program

from qa import prompts
from qa.adapters.index import Index
from qa.answering import Assistant
from qa.domain import Answer
from qa.retrieval import Retriever

FIRST = FLIGHTS[0]
"""The critical one."""


@dataclass(frozen=True)
class Eval:
    """`qa eval` in a folder that holds the index, the gold and, once it has run, a baseline for each model."""

    program: Program

    @property
    def folder(self) -> Path:
        return self.program.folder

    def offline(self, *options: str) -> Done:
        return self.program.call("eval", "gold.jsonl", "--index", "index", *options)

    def asking(self, habit: Habit, *options: str) -> Done:
        with Loopback(reader(habit)) as server:
            program = self.program.set(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="sk-none", QA_MODEL="gpt-test")
            return program.call("eval", "gold.jsonl", "--index", "index", "--jobs", "1", *options)


@pytest.fixture(scope="module")
def before(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Eval:
    """With sixty articles indexed, and the baselines of when all was well."""
    folder = tmp_path_factory.mktemp("flights")
    (folder / "articles.jsonl").write_text(ARTICLES)
    (folder / "gold.jsonl").write_text(GOLD)
    found = Eval(Program(home, folder))
    assert found.program.call("index", "articles.jsonl", "--index", "index").code == 0
    assert found.offline("--output", "offline.json").code == 0
    assert found.asking(sound, "--output", "model.json").code == 0
    return found


@pytest.fixture
def flown(before: Eval, tmp_path: Path) -> Eval:
    """A copy of it, to break."""
    folder = tmp_path / "flights"
    shutil.copytree(before.folder, folder)
    return Eval(replace(before.program, folder=folder))


def red(done: Done, *stages: str) -> str:
    """It failed, and every question that broke did so at one of these stages, each of which is named; its output."""
    assert done.code == 1 and done.err.startswith("Worse: "), done
    broke = set(re.findall(r"^\S+ · broke · (?:critical · )?(.+)$", done.out, re.MULTILINE))
    assert broke == set(stages), done.out
    return done.out


def test_unbroken_nothing_changes(before: Eval) -> None:
    for done in (before.offline("--baseline", "offline.json"), before.asking(sound, "--baseline", "model.json")):
        assert done.code == 0 and "Same: no difference that matters." in done.out, done
        assert "broke" not in done.out


def test_an_article_dropped_from_the_index(flown: Eval) -> None:
    assert flown.program.call("articles", "remove", FIRST.id, "--index", "index").code == 0
    out = red(flown.offline("--baseline", "offline.json", "--id", FIRST.id), "not indexed")
    assert f"1 critical item broke ({FIRST.id})" in out
    assert f"passages lost: {FIRST.id}:0-" in out
    assert "The corpus changed" in out


@pytest.mark.parametrize(("depth", "stage"), [(40, "ranked out"), (6, "not retrieved")])
def test_a_search_by_words_that_finds_nothing(
    before: Eval, monkeypatch: pytest.MonkeyPatch, depth: int, stage: str
) -> None:
    monkeypatch.setattr(Index, "lexical", lambda *_: [])
    monkeypatch.setattr("qa.evaluating.Retriever", partial(Retriever, depth=depth))
    out = red(before.offline("--baseline", "offline.json"), stage)
    assert "right answers, article found" in out.partition("Worse: ")[2]


def another(flight: Flight, sources: dict[str, int]) -> str:
    return sound(next(BY_CODE[code] for code in sources if code != flight.code), sources)


def another_figure(flight: Flight, sources: dict[str, int]) -> str:
    return f'It landed {flight.landed} minutes late [{sources[flight.code]}: "It landed {flight.landed} minutes late"].'


@pytest.mark.parametrize(
    ("habit", "stage"),
    [
        (another, "not used"),
        (another_figure, "wrongly read"),
        (lambda _flight, _sources: "INSUFFICIENT: all of it", "wrongly refused"),
        (lambda flight, _sources: f"{flight.quote}.", "withheld by the gate"),
    ],
    ids=["another source", "another figure", "refuses", "no evidence"],
)
def test_a_model_that_reads_badly(before: Eval, habit: Habit, stage: str) -> None:
    out = red(before.asking(habit, "--baseline", "model.json"), stage)
    assert f"1 critical item broke ({FIRST.id})" in out and "right answers" in out.partition("Worse: ")[2]


def test_a_prompt_that_forgets_the_evidence(before: Eval, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    prompt = tmp_path / "prompts" / "answer.md"
    told = prompt.read_text()
    prompt.write_text(re.sub(r"- After each sentence give its evidence.*?(?=- Keep figures)", "", told, flags=re.S))
    assert len(prompt.read_text()) < len(told) - 300

    def obedient(system: str) -> Habit:
        asked = "give its evidence" in system
        return sound if asked else lambda flight, _sources: f"{flight.quote}."

    monkeypatch.setattr(prompts, "content_folder", lambda name: tmp_path / name)
    prompts.load.cache_clear()
    try:
        with Loopback(lambda body: reader(obedient(body["messages"][0]["content"]))(body)) as server:
            program = before.program.set(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="sk-none", QA_MODEL="gpt-test")
            done = program.call("eval", "gold.jsonl", "--index", "index", "--jobs", "1", "--baseline", "model.json")
    finally:
        prompts.load.cache_clear()
    assert "The prompt changed: answer@" in red(done, "withheld by the gate")


def two_sources(flight: Flight, sources: dict[str, int]) -> str:
    return f"{sound(flight, sources)} {another(flight, sources)}"


def test_numbers_that_the_model_shuffles_are_mended_by_the_gate(before: Eval) -> None:
    def shuffled(flight: Flight, sources: dict[str, int]) -> str:
        codes = list(sources)
        return sound(flight, dict(zip(codes, [sources[c] for c in (*codes[1:], codes[0])], strict=True)))

    done = before.asking(shuffled, "--baseline", "model.json")
    assert done.code == 0 and "Same: " in done.out, done


def test_numbers_shuffled_after_the_gate(flown: Eval, monkeypatch: pytest.MonkeyPatch) -> None:
    assert flown.asking(two_sources, "--output", "two.json").code == 0
    ask = Assistant.ask

    def shuffled(self: Assistant, question: str, **how: Any) -> Answer:
        found = ask(self, question, **how)
        return replace(found, text=re.sub(r"\[(\d+)\]", lambda m: f"[{3 - int(m[1])}]", found.text))

    monkeypatch.setattr(Assistant, "ask", shuffled)
    out = red(flown.asking(two_sources, "--baseline", "two.json"), "wrongly cited")
    assert re.search(r"citation precision +100\.0% +0\.0%", out), out


# ── seeing it again


def pasted(command: str, program: Program) -> Done:
    """In a shell, as a person would, where `qa` is on the path."""
    env = {**program.environment, "PATH": f"{QA.parent}:{program.environment['PATH']}"}
    done = subprocess.run(
        ["sh", "-c", command], cwd=program.folder, env=env, capture_output=True, text=True, timeout=60
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_the_command_beside_a_flip_shows_it_again(flown: Eval) -> None:
    assert flown.program.call("articles", "remove", FIRST.id, "--index", "index").code == 0
    out = flown.offline("--baseline", "offline.json", "--id", FIRST.id).out
    (command,) = re.findall(r"^  (qa .*)$", out, re.MULTILINE)
    done = pasted(command, flown.program)
    (now,) = re.findall(r"^  now \w+: (.*?) \(", out, re.MULTILINE)
    assert done.code in (0, 1) and " ".join(done.out.split()).startswith(now[:100]), (command, done)
    assert "cosine" in done.out, "the ranks are shown"


def test_the_command_of_a_replay_needs_no_service(flown: Eval) -> None:
    assert flown.asking(another, "--record", "tape", "--repeat", "2", "--id", FIRST.id).code == 0
    done = flown.offline("--replay", "tape", "--repeat", "2", "--id", FIRST.id, "--baseline", "model.json")
    assert done.code == 1, done
    (command,) = re.findall(r"^  (qa .*)$", done.out, re.MULTILINE)
    again = pasted(command, flown.program)
    assert again.code == 0 and f"{FIRST.id} · wrong · critical · not used" in again.out, (command, again)


def test_a_gold_item_of_which_only_what_is_rejected_changed(flown: Eval) -> None:
    rows = [json.loads(line) for line in GOLD.splitlines()]
    rows[1]["reject"] = ["999 minutes"]
    rows[2]["cite"] = {"any_of": [rows[2]["id"], rows[3]["id"]]}
    (flown.folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = flown.offline("--baseline", "offline.json")
    assert done.code == 0 and f"58 are the same; 2 changed ({rows[1]['id']}, {rows[2]['id']})" in done.out, done
