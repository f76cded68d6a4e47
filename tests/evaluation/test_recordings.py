"""Every call of a model kept, and had again from the folder alone."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from qa.domain import Message, Usage, Vector
from qa.errors import QaError, ReplayMiss, ServiceUnavailable, UsageError
from qa.evaluation.recorded_models import RecordedEmbedder, Recorder, ReplayedEmbedder, Replayer, host
from qa.evaluation.recordings import Recordings

SYSTEM = Message("system", "Answer from the sources.")


def asking(question: str, *passages: str, system: Message = SYSTEM) -> list[Message]:
    sources = "\n\n".join(f"[{n}] {text}" for n, text in enumerate(passages or ("Harbour\nIt reopened.",), 1))
    return [system, Message("user", f"{sources}\n\nQuestion: {question}")]


class Scripted:
    def __init__(self, *pieces: str, error: QaError | None = None) -> None:
        self.name = "m"
        self.usage: Usage | None = None
        self.system_fingerprint: str | None = None
        self.pieces, self.error = pieces, error

    def stream(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        yield from self.pieces
        self.usage = Usage(3, len(self.pieces))
        if self.error:
            raise self.error


@pytest.fixture
def tape(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "tape")


def record(
    tape: Recordings, messages: list[Message], *pieces: str, trial: int = 1, error: QaError | None = None
) -> None:
    chat = Scripted(*pieces, error=error)
    list(Recorder(chat, tape, "answer", trial, "127.0.0.1").stream(messages, time.monotonic()))


def replay(
    tape: Recordings, messages: list[Message], model: str = "m", trial: int = 1
) -> tuple[list[str], Usage | None]:
    chat = Replayer(model, Recordings(tape.folder), "answer", trial)
    return list(chat.stream(messages, 0)), chat.usage


def test_what_was_said_is_said_again_piece_by_piece(tape: Recordings) -> None:
    pieces = ["On ", "Friday \u2028 😀 \ud83d."]
    record(tape, asking("When?"), *pieces)
    assert replay(tape, asking("When?")) == (pieces, Usage(3, 2))


def test_trials_are_kept_apart(tape: Recordings) -> None:
    record(tape, asking("When?"), "Friday")
    record(tape, asking("When?"), "Monday", trial=2)
    assert [replay(tape, asking("When?"), trial=n)[0] for n in (1, 2)] == [["Friday"], ["Monday"]]


def test_a_failure_is_kept_with_what_came_before_it(tape: Recordings) -> None:
    with pytest.raises(ServiceUnavailable):
        record(tape, asking("When?"), "On ", error=ServiceUnavailable("It broke off.", "Ask again."))
    chat, got = Replayer("m", Recordings(tape.folder), "answer", 1), list[str]()
    with pytest.raises(ServiceUnavailable, match=r"It broke off\. Ask again\."):
        got.extend(chat.stream(asking("When?"), 0))
    assert next(chat.stream(asking("When?"), 0)) == "On "


def test_what_is_not_read_to_its_end_is_not_kept(tape: Recordings) -> None:
    reading = Recorder(Scripted("a", "b"), tape, "answer", 1, "127.0.0.1").stream(asking("When?"), 0)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert not tape.folder.exists()


@pytest.mark.parametrize(
    ("asked", "model", "said"),
    [
        (asking("Where?"), "m", "the question: asked 'Where?', recorded 'When?'"),
        (asking("When?"), "other", "the model: asked 'other', recorded 'm'"),
        (asking("When?", "Harbour\nIt burned."), "m", "the passages: asked"),
        (asking("When?", system=Message("system", "Answer.")), "m", "the prompt: asked 'Answer.'"),
        ([*asking("When?"), Message("user", "Again.")], "m", "the follow-up: asked 'Again.'"),
    ],
)
def test_a_miss_says_what_differs(tape: Recordings, asked: list[Message], model: str, said: str) -> None:
    record(tape, asking("When?"), "Friday")
    record(tape, asking("Who ate the cheese?", "Cheese\nThe mouse did."), "The mouse")
    with pytest.raises(ReplayMiss) as missed:
        replay(tape, asked, model)
    assert said in str(missed.value) and str(missed.value).count("asked '") == 1


def test_passages_in_another_order_are_told_as_such(tape: Recordings) -> None:
    record(tape, asking("When?", "A\na", "B\nb"), "Friday")
    with pytest.raises(ReplayMiss, match="the passages: the same, in another order"):
        replay(tape, asking("When?", "B\nb", "A\na"))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"request": {}}', "null"])
def test_a_file_that_is_no_recording_is_refused(tape: Recordings, content: str) -> None:
    record(tape, asking("When?"), "Friday")
    (tape.folder / "x.json").write_text(content)
    with pytest.raises(UsageError, match="is no recording"):
        replay(tape, asking("When?"))


def test_an_error_of_no_known_kind_is_refused(tape: Recordings) -> None:
    record(tape, asking("When?"), "Friday")
    (path,) = tape.folder.glob("*.json")
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "error": {"kind": "SystemExit", "message": "", "hint": ""}}))
    with pytest.raises(UsageError, match="is no recording"):
        replay(tape, asking("When?"))


def test_a_recording_edited_by_hand_answers_only_for_what_it_says(tape: Recordings) -> None:
    record(tape, asking("When?"), "Friday")
    (path,) = tape.folder.glob("*.json")
    path.write_text(path.read_text().replace("When?", "Where?"))
    with pytest.raises(ReplayMiss):
        replay(tape, asking("When?"))


def test_a_recording_tells_its_host_without_port_or_password() -> None:
    urls = (
        "http://127.0.0.1:80/v1",
        "http://localhost/v1",
        "http://[::1]:8/v1",
        None,
        "https://user:pw@gate.example/v1",
    )
    assert [host(url) for url in urls] == ["127.0.0.1", "localhost", "::1", "api.openai.com", "gate.example"]


@pytest.mark.parametrize(("said", "scripted"), [("scripted", True), ("fp_44709d6fcb", False), (None, False)])
def test_a_service_is_scripted_where_it_says_so_of_itself(tape: Recordings, said: str | None, scripted: bool) -> None:
    chat = Scripted("Friday")
    chat.system_fingerprint = said
    list(Recorder(chat, tape, "answer", 1, "127.0.0.1").stream(asking("When?"), 0))
    assert Recordings(tape.folder).scripted is scripted


# ── texts kept once


LONG = "Harbour\n" + "It reopened. " * 40


def test_a_text_that_many_requests_hold_is_kept_once(tape: Recordings) -> None:
    system = Message("system", "Answer from the sources. " * 20)
    for question in ("When?", "Where?"):
        record(tape, asking(question, LONG, "A\na", LONG + "[2] no source", system=system), question)
    assert len(list((tape.folder / "texts").iterdir())) == 3
    for question in ("When?", "Where?"):
        assert replay(tape, asking(question, LONG, "A\na", LONG + "[2] no source", system=system))[0] == [question]


def test_a_kept_text_edited_by_hand_answers_only_for_what_it_says(tape: Recordings) -> None:
    record(tape, asking("When?", LONG), "Friday")
    (text,) = (tape.folder / "texts").iterdir()
    text.write_text(text.read_text().replace("Harbour", "Airport"))
    with pytest.raises(ReplayMiss, match="the passages: asked"):
        replay(tape, asking("When?", LONG))


def test_a_text_that_is_gone_or_lies_elsewhere_is_refused(tape: Recordings) -> None:
    record(tape, asking("When?", LONG), "Friday")
    (text,) = (tape.folder / "texts").iterdir()
    text.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        replay(tape, asking("When?", LONG))
    (path,) = tape.folder.glob("*.json")
    path.write_text(path.read_text().replace(text.stem, "../secret"))
    with pytest.raises(UsageError, match="names no text"):
        replay(tape, asking("When?", LONG))


# ── embedders


class Drifting:
    """As a service is: asked again, it gives a text a vector a little different."""

    fingerprint, dimensions = "openai:m@127.0.0.1:80", 2

    def __init__(self) -> None:
        self.calls = 0

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.calls += 1
        return [[1 / 3, self.calls / 7e6] for _ in texts]

    def count_tokens(self, text: str) -> int:
        return len(text)


def test_vectors_are_had_again_to_the_last_digit(tape: Recordings) -> None:
    embedder = RecordedEmbedder(Drifting(), tape, "127.0.0.1")
    first = embedder.embed(["When?", "Where?"])
    assert embedder.embed(["When?", "Where?"]) == first, "what a run does twice is one call"
    assert embedder.embed(["When?"]) != first[:1]
    again = ReplayedEmbedder(embedder.fingerprint, Recordings(tape.folder))
    assert again.embed(["When?", "Where?"]) == first and again.dimensions == 2
    with pytest.raises(ReplayMiss, match=r"the question: asked 'Who\?', recorded 'When\?'"):
        again.embed(["Who?"])
    with pytest.raises(ReplayMiss, match="the model: asked 'openai:other', recorded 'openai:m@"):
        ReplayedEmbedder("openai:other", Recordings(tape.folder)).embed(["When?"])


@pytest.mark.parametrize("vectors", ['[["a"]]', "[]", "[1.0]", "null"])
def test_vectors_that_are_none_are_refused(tape: Recordings, vectors: str) -> None:
    RecordedEmbedder(Drifting(), tape, "127.0.0.1").embed(["When?"])
    (path,) = tape.folder.glob("*.json")
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "reply": {"vectors": json.loads(vectors)}}))
    with pytest.raises(UsageError, match="is no recording"):
        ReplayedEmbedder("openai:m@127.0.0.1:80", Recordings(tape.folder)).embed(["When?"])
