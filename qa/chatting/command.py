"""What `qa chat` does: which conversation is meant, and whether a person or a program holds it."""

import sys
import threading
from contextlib import suppress
from dataclasses import dataclass

from qa import commands, interchange, settings, wiring
from qa.adapters.sessions import Sessions
from qa.chatting import piped
from qa.chatting.chat import LISTED, Chat, listed_row
from qa.chatting.screen import Screen
from qa.display import Display, counted
from qa.errors import SessionsFailure, UsageError
from qa.settings import Options


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options of `qa chat` ask for."""

    last: bool = False
    resume: int | None = None
    listing: bool = False
    no_save: bool = False
    json: bool = False


def run(options: Options, wanted: Wanted, filters: tuple[str | None, str | None, str | None]) -> int:
    if wanted.listing:
        return _list(Display(options.quiet), wanted.json)
    if wanted.last and wanted.resume is not None:
        raise UsageError("Give --continue or --resume ID, not both.")
    chosen = commands.filters(*filters)
    live = sys.stdin.isatty() and sys.stdout.isatty() and not wanted.json
    screen = Screen(options.quiet, live)
    chat = _chat(options, screen, wanted.no_save)
    chat.filters = chosen
    if live and not options.quiet:
        _greet(chat)
    _take_up(chat, wanted)
    if not live:
        return piped.converse(chat, wanted.json)
    from qa.chatting import terminal

    loading = threading.Thread(target=_load, args=(chat,), daemon=True)
    loading.start()
    chat.ready = loading.join
    return terminal.talk(chat, keep=not wanted.no_save)


def _chat(options: Options, screen: Screen, no_save: bool) -> Chat:
    chosen = settings.load(options, asks=True)
    assistant = wiring.assistant(chosen, screen.notice)
    index = wiring.open_index(chosen, screen.notice)
    return Chat(chosen, assistant, index, screen, None if no_save else _usable(screen))


def _usable(screen: Screen) -> Sessions | None:
    sessions = wiring.sessions()
    try:
        sessions.all()
    except SessionsFailure as error:
        screen.problem(f"This conversation will not be saved. {error}")
        return None
    return sessions


def _take_up(chat: Chat, wanted: Wanted) -> None:
    """The conversation that is to go on, if one is; a file that cannot be read leaves a new one."""
    if not wanted.last and wanted.resume is None:
        return
    sessions = chat.sessions or wiring.sessions()
    try:
        id = wanted.resume if wanted.resume is not None else next((s.id for s in sessions.all()), None)
        if id is None:
            raise UsageError("No conversation has been kept yet.", "Begin one: qa chat")
        chat.resume(id, sessions)
    except SessionsFailure as error:
        if chat.sessions:  # else it has been told
            chat.screen.problem(str(error))


def _load(chat: Chat) -> None:
    with suppress(Exception):  # what fails here fails again when it is asked for, and is told then
        wiring.warm_up(chat.assistant, chat.settings)


def _greet(chat: Chat) -> None:
    """What is asked, and who answers."""
    there = counted(chat.index.stats.articles, "article")
    if chat.settings.index:
        there += f" in {chat.settings.index}"
    elif not wiring.has_own_index():
        there = there.replace(" ", " bundled ", 1)
    chat.screen.say(f"{there} · model {chat.settings.model} · /help")


def _list(display: Display, as_json: bool) -> int:
    listed = wiring.sessions().all()
    for each in listed if as_json else ():
        row = {"id": each.id, "started": each.started.isoformat(), "last": each.last.isoformat()}
        display.write(interchange.line({**row, "turns": each.turns, "question": each.question}))
    if listed and not as_json:
        display.rows(LISTED, [listed_row(s) for s in listed])
    elif not listed:
        display.notice("No conversation has been kept yet. Begin one: qa chat")
    return 0
