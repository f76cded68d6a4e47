"""Keeps every call of a model in a folder, and answers from the folder alone, so that a run can be had again anywhere.

    DIR/5d41402abc4b2a76.json
    {"request": {"purpose": "answer", "model": "gpt-6-luna", "parameters": {"temperature": 0, "trial": 1},
                 "messages": [{"role": "system", "content": "…"}, …]},
     "labels": {"service": "scripted"},
     "pieces": ["It ends ", "on Dec. 16 …"], "usage": {"input_tokens": 812, "output_tokens": 64, "cost": null},
     "error": null}

The file's name is the hash of its request. A key is in none of it: a request has none, and the adapter keeps it out of
what it tells of an error.
"""

import ipaddress
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qa import errors
from qa.domain import ChatModel, JsonObject, Message, Usage
from qa.errors import QaError, UsageError
from qa.evaluation import fingerprints

SCRIPTED = "scripted"

_ERRORS = ("UsageError", "NotConfigured", "ServiceRefused", "ServiceUnavailable", "RateLimited", "TimedOut")
"""What a model may raise, and a recording bring back."""


class ReplayMiss(QaError):  # noqa: N818 — named as those of qa.errors are
    """Nothing was recorded for a request."""

    exit_code = 2


def label(base_url: str | None) -> str:
    """What a recording says of where it was made: a server on this machine's loopback is taken for a script.

    A real model served from there is labelled so too. That errs on the safe side: no figure rests on a script.
    """
    host = urlsplit(base_url or "https://api.openai.com").hostname or ""
    try:
        return SCRIPTED if ipaddress.ip_address(host).is_loopback else host
    except ValueError:
        return SCRIPTED if host == "localhost" else host


def request(purpose: str, model: str, trial: int, messages: Sequence[Message]) -> JsonObject:
    """All that decides a reply. The trial is part of it, for a model asked twice may say two things."""
    return {
        "purpose": purpose,
        "model": model,
        "parameters": {"temperature": 0, "trial": trial},
        "messages": [asdict(message) for message in messages],
    }


@dataclass(frozen=True)
class Recordings:
    """The recordings of one folder."""

    folder: Path

    def save(self, recording: JsonObject) -> None:
        """Raises UsageError where the folder cannot be written to."""
        path = self.folder / f"{fingerprints.of(recording['request'])}.json"
        written = json.dumps(recording, ensure_ascii=True, indent=1) + "\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Two trials may write at once, and an interrupt may come: a recording is there whole or not at all.
            half = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
            half.write_text(written, "utf-8")
            half.replace(path)
        except OSError as error:
            raise UsageError(f"The recording {path} cannot be written: {error.strerror}.") from error

    def find(self, asked: JsonObject) -> JsonObject:
        """Raises ReplayMiss where this was not recorded."""
        if (found := self.all.get(fingerprints.of(asked))) is None:
            raise ReplayMiss(self._missed(asked), f"Record it: qa eval --record {self.folder}")
        return found

    @cached_property
    def all(self) -> Mapping[str, JsonObject]:
        """By the hash of the request. Raises UsageError for a folder or file that cannot be read."""
        if not self.folder.is_dir():
            raise UsageError(f"There is no folder of recordings {self.folder}.", "Make one: qa eval --record DIR")
        found = [_read(path) for path in sorted(self.folder.glob("*.json"))]
        if not found:
            raise UsageError(f"{self.folder} holds no recordings.", "Make some: qa eval --record DIR")
        # By what the file holds, not by its name: one edited by hand must not answer for what it no longer says.
        return {fingerprints.of(recording["request"]): recording for recording in found}

    def models(self, purpose: str) -> list[str]:
        return sorted({r["request"]["model"] for r in self.all.values() if r["request"].get("purpose") == purpose})

    @property
    def scripted(self) -> bool:
        """Whether any of it was made by a script, so that no figure of answer quality may rest on it."""
        return any(r.get("labels", {}).get("service") == SCRIPTED for r in self.all.values())

    def _missed(self, asked: JsonObject) -> str:
        wanted = _parts(asked)
        recorded = [_parts(r["request"]) for r in self.all.values()]
        nearest = max(recorded, key=lambda parts: _likeness(wanted, parts))
        differing = [name for name in wanted if wanted[name] != nearest[name]]
        told = "; ".join(_difference(name, wanted[name], nearest[name]) for name in differing)
        asked_what = " ".join(wanted["question"].split())[:120]
        return f"No recording answers this request ({asked_what!r}). From the nearest one differs {told}."


def _read(path: Path) -> JsonObject:
    try:
        found = json.loads(path.read_text("utf-8"))
        usage, error, asked = found["usage"], found["error"], found["request"]
        sound = (
            all(isinstance(piece, str) for piece in found["pieces"])
            and isinstance(asked["model"], str)
            and all(isinstance(m["role"], str) and isinstance(m["content"], str) for m in asked["messages"])
            and (usage is None or Usage(**usage))
            and (error is None or error["kind"] in _ERRORS)
        )
    except OSError as error:
        raise UsageError(f"The recording {path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, LookupError) as error:
        raise UsageError(f"{path} is no recording ({type(error).__name__}: {error}).", "Record it anew.") from error
    if not sound:
        raise UsageError(f"{path} is no recording.", "Record it anew.")
    return dict(found)


# ── what differs


def _parts(asked: JsonObject) -> dict[str, str]:
    """A request in the parts that a person would change one at a time, the most telling first."""
    messages = asked["messages"]
    first_user = next((m["content"] for m in messages if m["role"] == "user"), "")
    passages, _, question = first_user.rpartition("\n\nQuestion: ")
    return {
        "question": question,
        "passages": passages,
        "prompt": "\n".join(m["content"] for m in messages if m["role"] == "system"),
        "model": asked["model"],
        "parameters": json.dumps(asked.get("parameters"), sort_keys=True),
        "follow-up": "\n\n".join(m["content"] for m in messages[2:]),
        "purpose": str(asked.get("purpose")),
    }


def _likeness(wanted: Mapping[str, str], parts: Mapping[str, str]) -> tuple[float, ...]:
    alike = [float(wanted[name] == parts[name]) for name in wanted]
    one, other = _blocks(wanted["passages"]), _blocks(parts["passages"])
    shared = len(one & other) / len(one | other) if one | other else 1.0
    return (alike[0] + shared, sum(alike))


def _blocks(text: str) -> set[str]:
    """Passages without their numbers, which change with their order."""
    return {block.partition("] ")[2] or block for block in text.split("\n\n")}


def _difference(name: str, wanted: str, recorded: str) -> str:
    """`the model: asked 'b', recorded 'a'`; of longer parts the first place at which they differ."""
    if name == "passages" and _blocks(wanted) == _blocks(recorded):
        return "the passages: the same, in another order"
    at = next(
        (i for i, (a, b) in enumerate(zip(wanted, recorded, strict=False)) if a != b), min(len(wanted), len(recorded))
    )
    start = 0 if max(len(wanted), len(recorded)) <= 60 else max(0, at - 15)
    # Whole lines of a prompt would bury what was changed in them.
    shown = [repr(" ".join(text[start : start + 60].split())) for text in (wanted, recorded)]
    return f"the {name}: asked {shown[0]}, recorded {shown[1]}"


# ── models


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
        self._recordings.save({
            "request": request(self._purpose, self.name, self._trial, messages),
            "labels": {"service": self._service},
            "pieces": list(pieces),
            "usage": asdict(self.usage) if self.usage else None,
            "error": failed
            and {"kind": type(failed).__name__, "message": failed.message, "hint": failed.hint},
        })  # fmt: skip


class Replayer(ChatModel):
    """Says again what was recorded; asks nobody."""

    def __init__(self, name: str, recordings: Recordings, purpose: str, trial: int) -> None:
        self.name = name
        self.usage: Usage | None = None
        self._recordings, self._purpose, self._trial = recordings, purpose, trial

    def stream(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        """Raises what was raised when it was recorded, and ReplayMiss where it was not."""
        self.usage = None
        found = self._recordings.find(request(self._purpose, self.name, self._trial, messages))
        self.usage = Usage(**found["usage"]) if found["usage"] else None
        yield from found["pieces"]
        if error := found["error"]:
            raise _error(error)


def _error(told: Mapping[str, Any]) -> QaError:
    kind: type[QaError] = getattr(errors, told["kind"])
    return kind(told["message"], told["hint"])
