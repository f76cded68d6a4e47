"""Builds the real objects from Settings; the one file that knows every adapter."""

import hashlib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from qa import __version__
from qa.adapters.index import Index
from qa.adapters.index_folder import IndexFolder
from qa.adapters.minilm import FINGERPRINT
from qa.adapters.sessions import Sessions
from qa.answering import Assistant
from qa.conversing import Condenser
from qa.domain import Answer, ChatModel, Doubt, Embedder, SpanReader
from qa.errors import NotConfigured, QaError, UsageError
from qa.retrieval import Retriever
from qa.settings import DEFAULT_EMBEDDER, OFFLINE, Settings, content_folder, data_folder, embedder_name
from qa.writing import ServiceWriter, Writer

_FIRST_BUILD_SECONDS = 120.0
"""How long a second program waits for the first one to build the bundled index."""

Notice = Callable[[str], None]


def own_index() -> Path:
    """The user's index where they name none."""
    return data_folder() / "index"


def bundled_index() -> Path:
    return data_folder() / "bundled"


def has_own_index() -> bool:
    """Whether the user has one with an article in it: a first run that failed leaves an empty one."""
    try:
        return Index(own_index()).stats.articles > 0
    except NotConfigured:
        return False
    except QaError:
        return True  # whoever opens it is told what ails it


def index_folder(settings: Settings, notice: Notice) -> Path:
    """The index to read: the one named, else the user's own, else the bundled articles', made if need be."""
    return settings.index or (own_index() if has_own_index() else _bundled(notice))


def open_index(settings: Settings, notice: Notice) -> Index:
    """Raises NotConfigured where there is none, IndexDamaged where it cannot be read."""
    return Index(index_folder(settings, notice))


def assistant(settings: Settings, notice: Notice) -> Assistant:
    index = open_index(settings, notice)
    embedder = embedder_of(index.fingerprint, settings)
    return Assistant(Retriever(index, embedder), _writer(settings), warn=notice, condenser=condenser(settings))


def with_model(assistant: Assistant, settings: Settings) -> Assistant:
    """The same assistant over the same index, with the model of these settings."""
    return replace(assistant, writer=_writer(settings), condenser=condenser(settings))


def warm_up(assistant: Assistant, settings: Settings) -> None:
    """Loads what the first question will need, which takes a second. Sends nothing to anyone."""
    embedder = assistant.retriever.embedder
    if not embedder.fingerprint.startswith("openai:"):
        assistant.retriever.retrieve("warm up", 1)
    if settings.model != OFFLINE:
        import openai  # noqa: F401


def sessions() -> Sessions:
    """The user's conversations."""
    return Sessions(chat_folder())


def chat_folder() -> Path:
    """Where conversations and the history of what was typed lie."""
    return data_folder() / "chat"


def _writer(settings: Settings) -> Writer:
    if settings.model == OFFLINE:
        from qa.picking import SURE, SentencePicker

        return SentencePicker(reader(), SURE if settings.sure is None else settings.sure)
    return ServiceWriter(chat_model(settings))


def reader() -> SpanReader:
    """The embedded one. It loads in the background, and says only when it reads that its files are missing."""
    from qa.adapters.reader import Reader

    return Reader()


def doubter(notice: Notice) -> Callable[[Answer], list[Doubt]]:
    """Tells what the embedded reader would not have said of a model service's answer; without a reader, nothing.

    The reader is opened with the first answer that needs it, once for all.
    """
    opened = cache(reader)

    def doubts(found: Answer) -> list[Doubt]:
        if found.model == OFFLINE or not found.citations:
            return []
        from qa import checking

        try:
            return checking.doubts(found, opened())
        except QaError as error:
            notice(f"The answer is not checked against the embedded reader: {error.message}")
            return []

    return doubts


def condenser(settings: Settings, chat: Callable[[], ChatModel] | None = None) -> Condenser:
    """Of one conversation; `chat` makes a model for each call where it is not the one of the settings."""
    if settings.model == OFFLINE:
        from qa.followups import FollowUps

        return FollowUps()
    from qa.condensing import ServiceCondenser

    return ServiceCondenser(chat or (lambda: chat_model(settings)))


def chat_model(settings: Settings) -> ChatModel:
    from qa.adapters.openai import OpenAIChat, read_prices

    prices = read_prices(content_folder("prompts") / "prices.yaml")
    return OpenAIChat(settings.model, settings.base_url, settings.api_key, prices)


def embedder_named(name: str | None, settings: Settings) -> Embedder:
    """The embedded model, or an OpenAI one by choice, never just because a key is set."""
    if name in (None, DEFAULT_EMBEDDER, OFFLINE):
        from qa.adapters.minilm import MiniLM

        return MiniLM()
    assert name is not None
    if "embedding" not in name and not settings.base_url:
        raise UsageError(
            f"There is no embedder {name!r}.", f"There are {DEFAULT_EMBEDDER} and OpenAI's, as text-embedding-3-small."
        )
    if not settings.api_key and not settings.base_url:
        raise NotConfigured(f"There is no key for the embedder {name}.", "Set OPENAI_API_KEY or OPENAI_BASE_URL.")
    from qa.adapters.openai import OpenAIEmbedder

    return OpenAIEmbedder(name, settings.base_url, settings.api_key)


def embedder_of(fingerprint: str, settings: Settings) -> Embedder:
    """The embedder that an index was made with. Raises NotConfigured where it is not to be had."""
    service = fingerprint.startswith("openai:")
    embedder = embedder_named(embedder_name(fingerprint) if service else None, settings)
    if embedder.fingerprint != fingerprint:
        named = f" --index {shlex.quote(str(settings.index))}" if settings.index else ""
        raise NotConfigured(
            f"The index was made by the embedder {fingerprint}, and here is {embedder.fingerprint}.",
            f"Build it anew: qa index --rebuild{named}",
        )
    return embedder


def bundled_is_fresh() -> bool:
    """Whether the bundled articles are indexed as they are now, by this version."""
    try:
        Index(bundled_index())
    except QaError:  # none yet, or a damaged one: nothing in it is the user's own
        return False
    return _read(_stamp()) == _state(_seeds())


def _bundled(notice: Notice) -> Path:
    """The index of seeds/, brought up to date when they have changed since."""
    folder, files = bundled_index(), _seeds()
    if not files:
        raise NotConfigured(f"There are no articles in {content_folder('seeds')}.", "Index your own: qa index PATH")
    if bundled_is_fresh():
        return folder
    data = IndexFolder(data_folder())
    try:
        data.prepare()
    except UsageError as error:
        hint = "Index your own where you may write: qa index PATH --index DIR"
        raise UsageError(f"The bundled articles cannot be indexed. {error.message}", hint) from error
    with data.writing(_FIRST_BUILD_SECONDS):  # of two first runs at once, the second finds it done
        if not bundled_is_fresh():
            notice(f"Indexing the bundled articles, once ({len(files)}; your own: qa index PATH) …")
            _build_bundled(folder, {str(file) for file in files})
            _stamp().write_text(_state(files))
    return folder


def _build_bundled(folder: Path, sources: set[str]) -> None:
    from qa import indexing
    from qa.content import articles

    embedder = embedder_named(None, Settings(folder, OFFLINE, None, 60, None))
    try:
        index = Index(folder)
        known = {source: id for source, id in index.known().items() if source in sources}
        anew = index.fingerprint != embedder.fingerprint
    except QaError:
        known, anew = {}, True
    seeds = content_folder("seeds")
    indexing.refresh(
        folder,
        articles.read([seeds], known),
        embedder,
        roots=[str(seeds)],
        prune_missing=lambda source: source not in {*sources, str(seeds)},
        rebuild=anew,
    )


def _seeds() -> list[Path]:
    seeds = content_folder("seeds")
    return sorted(path for path in seeds.iterdir() if path.is_file()) if seeds.is_dir() else []


def _state(files: Sequence[Path]) -> str:
    content = [(str(file), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]
    return hashlib.sha256(repr((__version__, FINGERPRINT, content)).encode()).hexdigest()


def _stamp() -> Path:
    return data_folder() / "bundled.sha256"


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None
