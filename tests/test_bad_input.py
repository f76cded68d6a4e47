"""Bad input, each kind named with its reason in plain words, the good beside it indexed; and indexes that cannot be used."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from program import QA, QUESTION, Done, Program

from qa.adapters.index_folder import IndexFolder

HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31mThe harbour\x1b[0m opened\x9b5m on Monday\u202e at noon.\x07\x08 Ferries sail."
)


@pytest.fixture
def own(qa: Program) -> Program:
    return qa.set(QA_INDEX="own")


def write_bad_files(folder: Path) -> None:
    folder.mkdir()
    (folder / "empty.txt").touch()
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / "bytes.txt").write_bytes(b"\xff\xff The mayor spoke.")
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    (folder / "page.html").write_text("<html><body><nav><a href='/'>Home</a></nav></body></html>")
    rows = [json.dumps({"id": f"row{n}", "text": f"Bridge number {n} opened on Monday."}) for n in range(1, 10)]
    rows[6] = '{"text": "broken'
    (folder / "rows.jsonl").write_text("\n".join(rows))
    for name in ("one", "two"):
        (folder / f"{name}.md").write_text(f"---\nid: same\n---\nThe mayor of {name} spoke on Friday.")
    (folder / "undated.md").write_text("---\npublished: the day after\n---\nThe mayor of Bergen spoke on Friday.")
    (folder / "dead.txt").symlink_to("/nowhere/at/all")
    (folder / "esc\x1b[31m.txt").write_text("The mayor of Oslo spoke on Friday.")
    (folder / "good.txt").write_text("The good mayor spoke on Friday.")


def test_each_bad_file_is_named_with_its_reason(own: Program, tmp_path: Path) -> None:
    write_bad_files(tmp_path / "news")
    (tmp_path / "none").mkdir()
    done = own.run("index", "news", "none", "missing.txt", "--json")
    assert done.code == 0
    report = done.json
    assert report["added"] == 10  # of the rows eight, the undated one and the good one
    reasons = {
        "empty.txt": "empty", "picture.txt": "binary", "bytes.txt": "not valid UTF-8", "huge.txt": "too large",
        "page.html": "no article", "rows.jsonl:7": "not JSON", "one.md": "news/two.md", "dead.txt": "dead symlink",
        "undated.md": "“the day after” is not one full date", "esc\ufffd[31m.txt": "control characters",
        "none": "no articles in this folder", "missing.txt": "no such file",
    }  # fmt: skip
    told = {Path(problem["where"]).name: problem["reason"] for problem in report["problems"]}
    assert told.keys() == reasons.keys()
    assert all(reason in told[name] for name, reason in reasons.items()), told
    assert len(done.err.splitlines()) == len(reasons) and "\x1b" not in done.err
    listed = own.call("articles", "--json").rows
    assert {"row1", "row6", "row8", "good", "undated"} < {row["id"] for row in listed}
    assert next(row for row in listed if row["id"] == "undated")["published"] is None


@pytest.mark.parametrize("paths", [["empty.txt"], ["none"], ["missing.txt", "empty.txt"], ["notes.pdf"]])
def test_where_nothing_can_be_indexed_it_is_exit_2_and_no_index_is_left(
    own: Program, tmp_path: Path, paths: list[str]
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "none").mkdir()
    done = own.call("index", *paths)
    assert done.code == 2 and done.out == ""
    *reasons, last = done.err.splitlines()
    assert len(reasons) == len(paths) and last == "No article could be indexed: see the reasons above."
    assert not (tmp_path / "own").exists()


def test_a_failed_rebuild_leaves_the_index_as_it_was(own: Program, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("The good mayor spoke on Friday.")
    assert own.call("index", "good.txt").code == 0
    assert own.call("index", "missing.txt", "--rebuild").code == 2
    assert [row["id"] for row in own.call("articles", "--json").rows] == ["good"]


def test_prune_removes_what_has_vanished_and_nothing_else(own: Program, tmp_path: Path) -> None:
    for name in ("a/one", "a/two", "b/three", "four"):
        file = tmp_path / f"{name}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"The mayor of {name} spoke on Friday.")
    (tmp_path / "a/link.txt").symlink_to(tmp_path / "four.txt")

    def index(*arguments: str) -> tuple[int, list[str]]:
        done = own.call("index", "--json", *arguments)
        return done.json["removed"], sorted(row["id"] for row in own.call("articles", "--json").rows)

    assert index("a", "b", "four.txt") == (0, ["four", "link", "one", "three", "two"])
    for name in ("a/one", "b/three", "four"):
        (tmp_path / f"{name}.txt").unlink()
    assert index("a")[0] == 0
    assert index("a", "--prune") == (1, ["four", "link", "three", "two"])  # a dead symlink may live again
    assert index("--prune") == (2, ["link", "two"])
    shutil.rmtree(tmp_path / "a")
    shutil.rmtree(tmp_path / "b")
    assert index("--prune") == (2, [])
    assert own.call("index").failed(2, "nothing to refresh")
    assert own.call("ask", "Who spoke?").err == "The index holds no articles. Add some: qa index PATH\n"


def test_escapes_in_articles_and_questions_reach_no_terminal(own: Program, tmp_path: Path) -> None:
    (tmp_path / "hostile.txt").write_text(HOSTILE)
    (tmp_path / "hostile.jsonl").write_text(json.dumps({"title": HOSTILE, "publisher": HOSTILE, "text": HOSTILE * 2}))
    assert own.call("index", "hostile.txt", "hostile.jsonl").code == 0
    asked = f"When did the harbour open? {HOSTILE[:20]}"
    commands = [
        ["articles"],
        ["articles", "show", "hostile"],
        ["articles", "show", "hostile", "--text"],
        ["articles", "show", "hostile-1", "--json"],
        ["articles", "show", HOSTILE],
        ["articles", "show", "x\udc9b2J"],
        ["ask", asked],
        ["ask", asked, "--json", "--why"],
        ["ask", asked, "--why"],
        ["ask", "x", "--since", HOSTILE],
        ["ask", "x", "--source", HOSTILE],
        ["index", HOSTILE],
        [HOSTILE],
        ["ask", f"--{HOSTILE}"],
        ["verify", HOSTILE],
    ]
    for command in commands:
        done = own.call(*command)
        shown = done.out + done.err
        assert shown and not any(c in shown for c in "\x1b\x07\x08\x9b\u202e\udc9b"), (command, shown)
    assert own.call("ask", asked, "--json").json["citations"]


def test_bytes_that_are_no_text_on_the_command_line(qa: Program) -> None:
    arguments = [os.fsencode(QA), b"ask", b"when does the \xff TikTok extension end?", b"--json"]
    done = subprocess.run(arguments, capture_output=True, env=qa.environment, cwd=qa.folder)
    assert done.returncode == 0 and json.loads(done.stdout)["status"] == "answered"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_answers_are_utf_8_whatever_the_surroundings(qa: Program, encoding: str) -> None:
    done = qa.set(PYTHONIOENCODING=encoding, LC_ALL="C").run("ask", QUESTION)
    assert done.code == 0 and "“" in done.out


# ── indexes that cannot be used


@pytest.fixture
def copied(reporter: Program, paper: Path, tmp_path: Path) -> Program:
    """With an index of its own, to be damaged."""
    shutil.copytree(paper, tmp_path / "copy")
    return reporter.set(QA_INDEX=str(tmp_path / "copy"))


def asked(program: Program) -> Done:
    return program.call("ask", "When did the harbour reopen?")


def test_a_corrupt_index_is_exit_8(copied: Program, tmp_path: Path) -> None:
    index = IndexFolder(tmp_path / "copy")
    whole = index.articles.read_bytes()
    for broken in (b"", b"nonsense" * 1000, whole[:5000], whole[:100] + b"\xff" * 4000 + whole[4100:]):
        index.articles.write_bytes(broken)
        assert asked(copied).failed(8, "damaged", "--rebuild"), broken[:20]
        assert copied.call("articles").failed(8, "damaged")
    again = copied.call("index", str(tmp_path / "good.txt"), "--rebuild")
    assert again.code == 2  # nothing to build it from: it stays as it is
    (tmp_path / "good.txt").write_text("The good mayor spoke on Friday.")
    assert copied.call("index", str(tmp_path / "good.txt")).failed(8, "--rebuild")
    assert copied.call("index", str(tmp_path / "good.txt"), "--rebuild").code == 0
    assert [row["id"] for row in copied.call("articles", "--json").rows] == ["good"]


def test_corrupt_vectors_are_exit_8_and_are_mended(copied: Program, tmp_path: Path) -> None:
    index = IndexFolder(tmp_path / "copy")
    index.vectors.write_bytes(b"nonsense" * 1000)
    failed = copied.run("ask", "When did the harbour reopen?")
    assert failed.failed(8, "damaged", "qa index --index")
    assert copied.run("index").code == 0
    assert copied.run("ask", "When did the harbour reopen?").code in (0, 1)


def test_an_index_of_another_embedder_is_refused_with_the_way_out(copied: Program, tmp_path: Path) -> None:
    db = sqlite3.connect(IndexFolder(tmp_path / "copy").articles)
    with db:
        db.execute("UPDATE meta SET value = 'other@1' WHERE key = 'fingerprint'")
    db.close()
    assert asked(copied).failed(3, "other@1", f"qa index --rebuild --index {tmp_path / 'copy'}")
    assert copied.call("index", "--rebuild").code == 0
    assert asked(copied).code in (0, 1)


def test_an_index_in_use_by_another_writer_is_exit_8(copied: Program, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("The good mayor spoke on Friday.")
    index = IndexFolder(tmp_path / "copy")
    with index.writing():
        assert copied.call("index", "good.txt").failed(8, "Another process")
        assert copied.run("articles", "remove", "harbour").failed(8, "Another process")
        assert copied.call("articles").code == 0
        assert asked(copied).code in (0, 1)


def test_a_folder_that_cannot_be_written_to(copied: Program, tmp_path: Path) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("no folder here that even root cannot write to")
    (tmp_path / "good.txt").write_text("The good mayor spoke on Friday.")
    assert copied.call("index", "good.txt", "--index", "/proc/qa").failed(2, "/proc/qa", "--index DIR")
    (tmp_path / "file").touch()
    assert copied.call("index", "good.txt", "--index", "file/x").failed(2, "cannot be made")
    homeless = replace(copied, home=Path("/proc/nobody"), env={})
    assert homeless.call("ask", QUESTION).failed(2, "cannot be made", "qa index PATH --index DIR")


@pytest.mark.skipif(sys.platform != "linux", reason="setpriv takes root's rights away")
def test_a_read_only_index_is_read_and_not_written(copied: Program, tmp_path: Path) -> None:
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0 and not setpriv:
        pytest.skip("root may write everywhere")
    without = [str(setpriv), "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    (tmp_path / "good.txt").write_text("The good mayor spoke on Friday.")
    (tmp_path / "secret.txt").write_text("The secret mayor spoke on Friday.")
    (tmp_path / "secret.txt").chmod(0)
    places = [tmp_path / "copy", *(tmp_path / "copy").rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)

    def run(*arguments: str) -> Done:
        command = [*without, str(QA), *arguments]
        done = subprocess.run(command, capture_output=True, env=copied.environment, cwd=tmp_path, text=True)
        return Done(done.returncode, done.stdout, done.stderr)

    try:
        assert run("ask", "When did the harbour reopen?", "--json").json["status"] in ("answered", "abstained")
        assert run("index", "good.txt").failed(2, "cannot be written to")
        report = run("index", "good.txt", "secret.txt", "--index", "other", "--json").json
        assert report["added"] == 1 and "permission denied" in report["problems"][0]["reason"]
    finally:
        for place in places:
            place.chmod(0o755)
