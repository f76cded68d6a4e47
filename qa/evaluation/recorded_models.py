"""Models that are recorded while they answer, and the same models replayed from a folder, with nobody asked.

    chat = Recorder(OpenAIChat(…), Recordings(folder), "answer", trial=1, service="api.openai.com")
    chat = Replayer("gpt-6-luna", Recordings(folder), "answer", trial=1)

An embedder that is a service is a model like any other: without its vectors no question could be asked again.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from qa import errors
from qa.domain import ChatModel, Embedder, JsonObject, Message, Usage, Vector
from qa.errors import QaError
from qa.evaluation.recordings import Recordings, asked, embedded


def host(base_url: str | None) -> str:
    """Where a recording was made. Without the port, which on this machine's loopback changes from run to run."""
    return urlsplit(base_url or "https://api.openai.com").hostname or ""


class Recorder(ChatModel):
    """Asks a model, and keeps what it said or how it failed."""

    def __init__(self, chat: ChatModel, recordings: Recordings, purpose: str, trial: int, service: str) -> None:
        self.name = chat.name
        self.usage: Usage | None = None
        self._chat, self._recordings = chat, recordings
        self._purpose, self._trial, self._service = purpose, trial, service

    def stream(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        """What is interrupted, or not read to its end, is not kept: it would be replayed as if it were whole."""
        self.usage = None
        pieces: list[str] = []
        try:
            for piece in self._chat.stream(messages, deadline):
                pieces.append(piece)
                yield piece
        except QaError as error:
            self._keep(messages, pieces, error)
            raise
        self._keep(messages, pieces, None)

    def _keep(self, messages: Sequence[Message], pieces: Sequence[str], failed: QaError | None) -> None:
        self.usage = self._chat.usage
        # Not every model has one: it is what a service says of the system that answered.
        system = getattr(self._chat, "system_fingerprint", None)
        self._recordings.save({
            "request": asked(self._purpose, self.name, self._trial, messages),
            "labels": {"service": self._service, "system_fingerprint": system},
            "reply": {"pieces": list(pieces), "usage": asdict(self.usage) if self.usage else None},
            "error": _told(failed),
        })  # fmt: skip


class Replayer(ChatModel):
    """Says again what was recorded."""

    def __init__(self, name: str, recordings: Recordings, purpose: str, trial: int) -> None:
        self.name = name
        self.usage: Usage | None = None
        self._recordings, self._purpose, self._trial = recordings, purpose, trial

    def stream(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        """Raises what was raised when it was recorded, and ReplayMiss where it was not."""
        self.usage = None
        found = self._recordings.find(asked(self._purpose, self.name, self._trial, messages))
        reply, error = found["reply"], found["error"]
        self.usage = Usage(**reply["usage"]) if reply["usage"] else None
        yield from reply["pieces"]
        if error:
            raise _error(error)


class RecordedEmbedder(Embedder):
    """Asks an embedder, and keeps its vectors. Threads may share it."""

    def __init__(self, embedder: Embedder, recordings: Recordings, service: str) -> None:
        self.fingerprint, self.dimensions = embedder.fingerprint, embedder.dimensions
        self._embedder, self._recordings, self._service = embedder, recordings, service
        self._kept: dict[tuple[str, ...], list[Vector]] = {}
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Each call is made once. A service gives a text asked twice two vectors that differ in their last digits, and
        with them perhaps other passages than the answer was written from, which a replay would look for in vain."""
        with self._lock:
            known = tuple(texts)
            if known not in self._kept:
                self._kept[known] = self._asked(texts)
            return self._kept[known]

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def _asked(self, texts: Sequence[str]) -> list[Vector]:
        try:
            vectors = self._embedder.embed(texts)
        except QaError as error:
            self._keep(texts, [], error)
            raise
        self.dimensions = self._embedder.dimensions
        self._keep(texts, vectors, None)
        return vectors

    def _keep(self, texts: Sequence[str], vectors: Sequence[Vector], failed: QaError | None) -> None:
        self._recordings.save({
            "request": embedded(self.fingerprint, texts),
            "labels": {"service": self._service},
            "reply": {"vectors": [list(map(float, vector)) for vector in vectors]},
            "error": _told(failed),
        })  # fmt: skip


class ReplayedEmbedder(Embedder):
    """Gives the vectors that were recorded."""

    def __init__(self, fingerprint: str, recordings: Recordings) -> None:
        self.fingerprint, self.dimensions = fingerprint, 0
        self._recordings = recordings

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Raises what was raised when it was recorded, and ReplayMiss where it was not."""
        found = self._recordings.find(embedded(self.fingerprint, texts))
        if error := found["error"]:
            raise _error(error)
        vectors: list[Vector] = found["reply"]["vectors"]
        self.dimensions = len(vectors[0]) if vectors else 0
        return vectors

    def count_tokens(self, text: str) -> int:
        raise NotImplementedError("A replay embeds questions; it cuts no articles into passages.")


def _told(failed: QaError | None) -> JsonObject | None:
    if failed is None:
        return None
    return {"kind": type(failed).__name__, "message": failed.message, "hint": failed.hint}


def _error(told: Mapping[str, Any]) -> QaError:
    kind: type[QaError] = getattr(errors, told["kind"])
    return kind(told["message"], told["hint"])
