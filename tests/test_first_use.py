"""The bundled articles: indexed at the first question, kept in step with seeds/, and only while there is nothing else."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from program import QUESTION, ROOT, Program

from qa.settings import content_folder

SAID = "Indexing the bundled articles, once ("


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bundled articles of the test's own, for what runs in this process."""
    folder = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", folder)
    monkeypatch.setattr("qa.wiring.content_folder", lambda name: folder if name == "seeds" else content_folder(name))
    return folder


def test_the_first_question_indexes_the_bundled_articles(seeds: Path, tmp_path: Path) -> None:
    qa = Program(tmp_path / "home", tmp_path)
    first = qa.call("ask", QUESTION)
    assert first.code == 0 and "16" in first.out
    assert first.err.startswith(SAID) and first.err.count("\n") == 1
    again = qa.call("ask", QUESTION)
    assert (again.code, again.out, again.err) == (0, first.out, "")
    # What is dropped over the articles, or taken away, is seen at the next question.
    (seeds / "new.txt").write_text("date 2025-10-01 The old lighthouse of Bergen will reopen on October 17.")
    gone = sorted(seeds.glob("0*.txt"))[-1]
    gone.unlink()
    asked = ("ask", "When will the old lighthouse of Bergen reopen?", "--json")
    refreshed = qa.call(*asked)
    assert refreshed.err.startswith(SAID)
    assert [c["article"] for c in refreshed.json["citations"]] == ["new"]
    assert gone.stem not in qa.call("articles").out
    # A bundled index that is damaged is made again: nothing in it is anybody's own.
    (qa.home / ".local/share/qa/bundled/articles.sqlite").write_bytes(b"nonsense" * 99)
    mended = qa.call(*asked, "--quiet")
    assert mended.json["citations"] == refreshed.json["citations"] and mended.err == ""


def test_two_first_questions_at_once_are_both_answered(tmp_path: Path) -> None:
    qa = Program(tmp_path / "home", tmp_path)
    running = [qa.start("ask", QUESTION) for _ in range(2)]
    ended = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0], ended
    assert ended[0][0] == ended[1][0] and b"[1]" in ended[0][0]
    assert sum(err.decode().startswith(SAID) for _, err in ended) == 1


def test_the_bundled_index_is_used_while_there_is_none_of_ones_own(qa: Program, home: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("date 2025-10-01 The old lighthouse of Bergen will reopen on October 17.")
    bundled = qa.call("articles").out
    unlucky = qa.set(OPENAI_API_KEY="sk-x", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    try:
        assert unlucky.call("index", "new.txt", "--embedder", "text-embedding-3-small").failed(5, "cannot be reached")
        assert qa.call("articles").out == bundled  # a first run that failed leaves no index in the way
        assert qa.call("index", "new.txt", "--rebuild", "--embedder", "all-MiniLM-L6-v2").code == 0
        assert [line.split("\t")[0] for line in qa.call("articles").out.splitlines()] == ["new"]
        assert "own" not in qa.call("doctor").out
        assert qa.call("articles", "remove", "new").code == 0
        assert qa.call("articles").out == bundled
    finally:
        shutil.rmtree(home / ".local/share/qa/index", ignore_errors=True)


def test_the_large_libraries_are_loaded_only_where_they_are_needed(qa: Program) -> None:
    large = ("llama_index", "chromadb", "openai", "onnxruntime", "trafilatura")
    code = (
        "import sys; from qa.cli import main; code = main(sys.argv[1:]);"
        f"print(*sorted(set(sys.modules) & set({large})), file=sys.stderr); sys.exit(code)"
    )

    def loaded(*arguments: str) -> set[str]:
        done = qa.python(code, *arguments)
        assert done.code == 0
        return set(done.err.split())

    assert loaded("--help") == loaded("ask", "--help") == loaded("--version") == set()
    assert loaded("ask", QUESTION) == {"chromadb", "onnxruntime"}
    assert loaded("articles") == set()


# ── make ask


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_hands_a_question_on_whole(tmp_path: Path) -> None:
    stub = tmp_path / "qa"
    stub.write_text('#!/bin/sh\nprintf "%s " "$@"\ncat\n')
    stub.chmod(0o755)
    (tmp_path / ".ready").touch()
    marker = tmp_path / "executed"
    questions = [
        QUESTION,
        'it\'s "quoted", $5 & $HOME, `id` \\ 100% #1; * ? ~ !$',
        f"$(shell touch {marker}) `touch {marker}` ; touch {marker}",
        f"$(error no) ${{HOME}} $$ $(touch {marker})",
        "--version",
        "-n %s\\n",
        "two\nlines",
        "’“é 漢",
    ]
    for question in questions:
        for overrides, env in (([f"Q={question}"], {}), ([], {"Q": question})):
            command = ["make", "-s", "-C", str(ROOT), "ask", f"QA={stub}", f"VENV={tmp_path}", *overrides]
            environment = {"PATH": os.environ["PATH"], **env}
            done = subprocess.run(command, capture_output=True, env=environment, text=True)
            assert (done.returncode, done.stdout, done.stderr) == (0, f"ask - {question}", "")
    assert not marker.exists()
