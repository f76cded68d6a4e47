"""`qa doctor`: what is set up, what is not, and the command that mends it."""

import json as jsonlib
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from qa import settings, wiring
from qa.display import Display
from qa.errors import NotConfigured, QaError
from qa.settings import Settings

_MARKS = {"ok": "✓", "off": "–", "wrong": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `state` is ok, off (not set up, and not needed) or wrong."""

    what: str
    state: Literal["ok", "off", "wrong"]
    detail: str
    mend: str = ""


def run(index: Path | None, model: str | None, quiet: bool, as_json: bool) -> int:
    """Shows the findings; 1 if something is wrong."""
    display = Display(quiet)
    try:
        chosen = settings.load(index=index, model=model)
        findings = list(_findings(chosen, display))
    except QaError as error:
        findings = [Finding("settings", "wrong", error.message, error.hint)]
    if as_json:
        display.write(jsonlib.dumps([asdict(f) for f in findings], ensure_ascii=False) + "\n")
    else:
        for f in findings:
            mend = f" → {f.mend}" if f.mend else ""
            display.write(f"{_MARKS[f.state]} {f.what:<10} {f.detail}{mend}\n")
    return 1 if any(f.state == "wrong" for f in findings) else 0


def _findings(chosen: Settings, display: Display) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "ok", version) if sys.version_info >= (3, 11) else Finding(
        "python", "wrong", version, "Python 3.11 or newer is needed."
    )
    for folder in ("prompts", "seeds"):
        path = settings.content_folder(folder)
        yield Finding(folder, "ok", str(path)) if path.is_dir() and any(path.iterdir()) else Finding(
            folder, "wrong", f"{path} is missing or empty", "restore the folder, or install the program again"
        )
    yield _tried("embedder", lambda: wiring.embedder_named(None, chosen).fingerprint)
    yield _tried("index", lambda: _index(chosen, display))
    key = "a key is set" if chosen.api_key else "no key"
    if chosen.model == settings.OFFLINE:
        yield Finding("model", "off", f"offline: the embedded default answers ({key})")
    else:
        yield Finding("model", "ok", f"{chosen.model} ({key})")
        yield _tried("service", lambda: _reachable(chosen.base_url or "https://api.openai.com/v1"))


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, "ok", look())
    except QaError as error:
        return Finding(what, "wrong", error.message, error.hint)


def _index(chosen: Settings, display: Display) -> str:
    from qa.domain import Filters

    index = wiring.open_index(chosen, display.notice)
    folder = wiring.index_folder(chosen, display.notice)
    if not index.fingerprint:
        raise NotConfigured(f"{folder} holds no index.", "qa index PATH")
    embedder = wiring.embedder_of(index.fingerprint, chosen)
    index.dense([1.0] + [0.0] * (embedder.dimensions - 1), 1, Filters())  # opens the vectors and counts them
    stats = index.stats
    return f"{folder}: {stats.articles} articles, {stats.passages} passages, embedded by {index.fingerprint}"


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=3).close()
    except OSError as error:
        raise NotConfigured(
            f"{parts.hostname}:{port} cannot be reached ({error}).", "is the server running, is OPENAI_BASE_URL right?"
        ) from error
    return f"{parts.hostname}:{port} can be reached"
