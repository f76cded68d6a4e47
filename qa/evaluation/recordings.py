"""A folder of recordings: every call of a model with what came of it, so that a run can be had again anywhere.

    DIR/5d41402abc4b2a76.json
    {"request": {"purpose": "answer", "model": "gpt-6-luna", "parameters": {"temperature": 0, "trial": 1},
                 "messages": [{"role": "system", "content": [{"text": "0a9b…"}]},
                              {"role": "user", "content": ["[1] ", {"text": "7c1e…"}, "\\n\\nQuestion: When …?"]}]},
     "labels": {"service": "127.0.0.1", "system_fingerprint": "scripted"},
     "reply": {"pieces": ["It ends ", "on Dec. 16 …"], "usage": {"input_tokens": 812, "output_tokens": 64, "cost": null}},
     "error": null}
    DIR/texts/7c1e3f2a91c07b1e.json
    "Dozens of countries … will end on December 16th."

The prompt and each passage are kept once, under the hash of their text, however many requests hold them. A recording's
name is the hash of its request, texts included. The calls of an embedder have `texts` for `messages`, and a reply of
`vectors`. A key is in none of it: a request has none, and the adapter keeps it out of what it tells of an error.
"""

import json
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from qa.domain import JsonObject, Message, Usage
from qa.errors import ReplayMiss, UsageError
from qa.evaluation import fingerprints, misses

SCRIPTED = "scripted"
"""The system_fingerprint by which a service says that its replies were written beforehand."""

ERRORS = ("UsageError", "NotConfigured", "ServiceRefused", "ServiceUnavailable", "RateLimited", "TimedOut")
"""What a model may raise, and a recording bring back."""

_TEXTS = "texts"
_SHORT = 300
"""Characters up to which a text is not worth a file of its own."""
_BETWEEN_TEXTS = re.compile(r"(^\[\d+\] |\n\n\[\d+\] |\n\nQuestion: )")


def asked(purpose: str, model: str, trial: int, messages: Sequence[Message]) -> JsonObject:
    """All that decides a reply. The trial is part of it, for a model asked twice may say two things."""
    return {
        "purpose": purpose,
        "model": model,
        "parameters": {"temperature": 0, "trial": trial},
        "messages": [asdict(message) for message in messages],
    }


def embedded(fingerprint: str, texts: Sequence[str]) -> JsonObject:
    """The same for an embedder, which gives a text one vector, however often it is asked."""
    return {"purpose": "embedding", "model": fingerprint, "texts": list(texts)}


@dataclass(frozen=True)
class Recordings:
    """The recordings of one folder."""

    folder: Path

    def prepare(self) -> None:
        """Makes the folder. Raises UsageError where it cannot be written to: better now than after the run."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise UsageError(f"No recordings can be kept in {self.folder}: {error.strerror}.") from error

    def save(self, recording: JsonObject) -> None:
        """Raises UsageError where the folder cannot be written to."""
        request = recording["request"]
        name = fingerprints.of(request)
        if "messages" in request:
            shared = [{**m, "content": list(self._parted(m["content"]))} for m in request["messages"]]
            recording = {**recording, "request": {**request, "messages": shared}}
        indent = 1 if "messages" in request else None  # a number of a vector is not worth a line
        self._write(self.folder / f"{name}.json", json.dumps(recording, ensure_ascii=False, indent=indent))

    def find(self, request: JsonObject) -> JsonObject:
        """Raises ReplayMiss where this was not recorded."""
        if (found := self.all.get(fingerprints.of(request))) is None:
            explained = misses.explain(request, [recording["request"] for recording in self.all.values()])
            raise ReplayMiss(explained, f"Record it: qa eval --record {self.folder}")
        return dict(found)

    @cached_property
    def all(self) -> Mapping[str, JsonObject]:
        """By the hash of the request. Raises UsageError for a folder or file that cannot be read."""
        if not self.folder.is_dir():
            raise UsageError(f"There is no folder of recordings {self.folder}.", "Make one: qa eval --record DIR")
        found = [self._read(path) for path in sorted(self.folder.glob("*.json"))]
        if not found:
            raise UsageError(f"{self.folder} holds no recordings.", "Make some: qa eval --record DIR")
        # By what the file holds, not by its name: one edited by hand must not answer for what it no longer says.
        return {fingerprints.of(recording["request"]): recording for recording in found}

    def models(self, purpose: str) -> list[str]:
        return sorted({r["request"]["model"] for r in self.all.values() if r["request"].get("purpose") == purpose})

    @property
    def scripted(self) -> bool:
        """Whether any of it was made by a script, so that no figure of answer quality may rest on it."""
        return any(r.get("labels", {}).get("system_fingerprint") == SCRIPTED for r in self.all.values())

    # ── files

    def _parted(self, content: str) -> Iterator[str | Mapping[str, str]]:
        """A message in parts: short ones as they are, and for each text that others may hold too, where it is kept."""
        for part in _BETWEEN_TEXTS.split(content):
            if len(part) <= _SHORT:
                yield from [part] if part else []
                continue
            name = fingerprints.of(part)
            path = self.folder / _TEXTS / f"{name}.json"
            if not path.exists():
                self._write(path, json.dumps(part, ensure_ascii=False))
            yield {"text": name}

    def _write(self, path: Path, written: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Two trials may write at once, and an interrupt may come: a recording is there whole or not at all.
            half = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
            # Half a surrogate pair is no UTF-8, and an embedder or a gateway may have been sent one all the same.
            half.write_bytes(f"{written}\n".encode("utf-8", "surrogatepass"))
            half.replace(path)
        except OSError as error:
            raise UsageError(f"The recording {path} cannot be written: {error.strerror}.") from error

    def _read(self, path: Path) -> JsonObject:
        try:
            found = _load(path)
            if messages := found["request"].get("messages"):
                whole = [{**m, "content": "".join(map(self._text, m["content"]))} for m in messages]
                found = {**found, "request": {**found["request"], "messages": whole}}
            sound = _is_sound(found)
        except OSError as error:
            raise UsageError(f"The recording {path} cannot be read: {error.strerror}.", "Record it anew.") from error
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise UsageError(f"{path} is no recording ({type(error).__name__}: {error}).", "Record it anew.") from error
        if not sound:
            raise UsageError(f"{path} is no recording.", "Record it anew.")
        return dict(found)

    def _text(self, part: str | Mapping[str, str]) -> str:
        if isinstance(part, str):
            return part
        if not re.fullmatch("[0-9a-f]{16}", part["text"]):  # a name, and not a path to anywhere
            raise ValueError(f"{part['text']!r} names no text")
        return str(_load(self.folder / _TEXTS / f"{part['text']}.json"))


def _load(path: Path) -> Any:
    return json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))


def _is_sound(recording: JsonObject) -> bool:
    request, reply, error = recording["request"], recording["reply"], recording["error"]
    if not isinstance(request["model"], str) or (error is not None and error["kind"] not in ERRORS):
        return False
    if "texts" in request:
        numbers = (number for vector in reply["vectors"] for number in vector)
        return error is not None or (
            len(reply["vectors"]) == len(request["texts"]) and all(isinstance(number, float) for number in numbers)
        )
    return (
        all(isinstance(piece, str) for piece in reply["pieces"])
        and all(isinstance(m["role"], str) for m in request["messages"])
        and (reply["usage"] is None or bool(Usage(**reply["usage"])))
    )
