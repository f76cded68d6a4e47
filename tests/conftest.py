"""Homes with an index, made once for all tests; the program set to run in them."""

import json
from pathlib import Path

import pytest
from program import PAPER, QUESTION, Program


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the bundled articles are indexed, and nothing else is."""
    home = tmp_path_factory.mktemp("home")
    done = Program(home, home).run("ask", QUESTION)
    assert done.code == 0, done
    return home


@pytest.fixture(scope="session")
def paper(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of PAPER, made by `qa index`."""
    folder = tmp_path_factory.mktemp("paper")
    (folder / "paper.jsonl").write_text("".join(json.dumps(article) + "\n" for article in PAPER))
    done = Program(home, folder).call("index", "paper.jsonl", "--index", "index")
    assert done.code == 0, done
    return folder / "index"


@pytest.fixture
def qa(home: Path, tmp_path: Path) -> Program:
    """The program without a key, over the bundled articles."""
    return Program(home, tmp_path)


@pytest.fixture
def reporter(qa: Program, paper: Path) -> Program:
    """The program without a key, over PAPER."""
    return qa.set(QA_INDEX=str(paper))


@pytest.fixture
def keyless(reporter: Program, tmp_path: Path) -> Program:
    """The same with conversations of its own."""
    return reporter.set(XDG_DATA_HOME=str(tmp_path / "data"))


@pytest.fixture
def keyed(keyless: Program) -> Program:
    """The same with a key: a test gives it the service."""
    return keyless.set(OPENAI_API_KEY="sk-x", QA_MODEL="gpt-test")
