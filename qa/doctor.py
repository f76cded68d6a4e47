"""`qa doctor`: what is set up, what is not, and the command that mends it. It builds and changes nothing."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from qa import interchange, settings, wiring
from qa.display import Display, counted
from qa.errors import NotConfigured, QaError, ServiceRefused, ServiceUnavailable
from qa.settings import Options, Settings

_OWN_SERVICE = "https://api.openai.com/v1"
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `state` is ok, off (not set up, and not needed) or wrong."""

    what: str
    state: Literal["ok", "off", "wrong"]
    detail: str
    mend: str = ""


def run(options: Options, as_json: bool) -> int:
    """Shows the findings; 1 if something is wrong."""
    display = Display(options.quiet)
    findings = list(_findings(options))
    if as_json:
        display.write(interchange.line([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            mend = f" → {finding.mend}" if finding.mend else ""
            display.finding(finding.state, finding.what, finding.detail + mend)
    wrong = sum(finding.state == "wrong" for finding in findings)
    if wrong:
        display.notice(f"{counted(wrong, 'thing')} to mend: what to do stands beside each ✗.")
    return 1 if wrong else 0


def _findings(options: Options) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info >= (3, 11)
    yield Finding("python", "ok" if fits else "wrong", version, "" if fits else "Python 3.11 or newer is needed.")
    for folder in ("prompts", "seeds"):
        path = settings.content_folder(folder)
        there = path.is_dir() and any(path.iterdir())
        detail, mend = (str(path), "") if there else (f"{path} is missing or empty.", "Install the program again.")
        yield Finding(folder, "ok" if there else "wrong", detail, mend)
    try:
        without_model = settings.load(options, asks=False)
    except QaError as error:
        yield Finding("settings", "wrong", error.message, error.hint)
        return
    yield _tried("embedder", lambda: wiring.embedder_named(None, without_model).fingerprint)
    yield _index(without_model)
    try:
        yield from _model(settings.load(options))
    except QaError as error:
        yield Finding("model", "wrong", error.message, error.hint)


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, "ok", look())
    except QaError as error:
        return Finding(what, "wrong", error.message, error.hint)


def _index(chosen: Settings) -> Finding:
    named = chosen.index or (wiring.own_index() if wiring.has_own_index() else None)
    if named:
        return _tried("index", lambda: _opened(named, chosen))
    if wiring.bundled_is_fresh():
        return _tried("index", lambda: f"none of your own; the bundled one: {_opened(wiring.bundled_index(), chosen)}")
    return Finding("index", "off", "none yet; the first question indexes the bundled articles", "qa index PATH")


def _opened(folder: Path, chosen: Settings) -> str:
    from qa.adapters.index import Index
    from qa.domain import Filters

    index = Index(folder)
    embedder = wiring.embedder_of(index.fingerprint, chosen)
    index.dense([1.0] + [0.0] * (embedder.dimensions - 1), 1, Filters())  # opens the vectors and counts them
    stats = index.stats
    return f"{folder}: {counted(stats.articles, 'article')}, {counted(stats.passages, 'passage')}"


def _model(chosen: Settings) -> Iterator[Finding]:
    key = "a key is set" if chosen.api_key else "no key"
    if chosen.model == settings.OFFLINE:
        asking = "to have a model service answer, set OPENAI_API_KEY, or OPENAI_BASE_URL and QA_MODEL"
        yield Finding(
            "model", "off", f"offline, the embedded default, answers ({key})", "" if chosen.api_key else asking
        )
        return
    yield Finding("model", "ok", f"{chosen.model} ({key})")
    yield _tried("service", lambda: _reached(chosen.base_url or _OWN_SERVICE, chosen.api_key))


def _reached(url: str, key: str | None) -> str:
    """Asks the service for its models, which costs nothing. Any answer is one, unless it refuses the key."""
    import http.client
    import urllib.error
    import urllib.parse
    import urllib.request

    class Staying(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """Follows no redirect, which could take the key elsewhere."""

    host = ""
    try:
        host = urllib.parse.urlsplit(url).netloc.rpartition("@")[2]
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        request = urllib.request.Request(f"{url.rstrip('/')}/models", headers=headers)  # noqa: S310 — checked below
        if request.type not in ("http", "https"):
            raise ValueError("not http")
        urllib.request.build_opener(Staying).open(request, timeout=_SECONDS).close()
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            hint = "Check OPENAI_API_KEY." if key else "Set OPENAI_API_KEY."
            raise ServiceRefused(f"{host} refuses {'the key' if key else 'to answer without a key'}.", hint) from error
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", error)
        raise ServiceUnavailable(
            f"{host} cannot be reached ({why}).", "See that the server runs and OPENAI_BASE_URL is right."
        ) from error
    except ValueError as error:
        raise NotConfigured("OPENAI_BASE_URL is no web address.", "Set one such as http://host:port/v1.") from error
    return f"{host} answers"
