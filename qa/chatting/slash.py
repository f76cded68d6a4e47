"""The slash commands of a conversation.

run(chat, "/filter since 2025-09-01")
run(chat, "/souces")                    raises UsageError: There is no /souces. Did you mean /sources?
"""

import difflib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa import settings, wiring
from qa.chatting import saving
from qa.chatting.chat import LISTED, Chat, listed_row
from qa.chatting.screen import told_filters
from qa.display import counted
from qa.domain import Answer, Filters
from qa.errors import UsageError
from qa.evidence import locate
from qa.settings import DEFAULT_CHAT_MODEL, OFFLINE, Options

_LISTED = 10
_LONGEST_ID = 18
_FILTER = re.compile(r"\b(since|until|source)\b\s*", re.IGNORECASE)


class Leave(Exception):  # noqa: N818 — no error
    """The conversation is over."""


@dataclass(frozen=True, slots=True)
class Command:
    arguments: str
    help: str
    run: Callable[[Chat, str], Answer | None]
    shows: bool = False
    """Whether it is there to be looked at, and so of no use to a program."""


def is_command(line: str) -> bool:
    """One line that opens with a slash; a pasted page that does so is a question."""
    return line.startswith("/") and "\n" not in line


def find(line: str) -> tuple[Command, str]:
    """The command, and what stands behind its name. Raises UsageError that names the nearest."""
    name, _, rest = line[1:].partition(" ")
    if command := COMMANDS.get(name.casefold()):
        return command, rest.strip()
    near = difflib.get_close_matches(name.casefold(), COMMANDS, 1, 0.5)
    raise UsageError(f"There is no /{name}.", f"Did you mean /{near[0]}?" if near else "/help lists what there is.")


def run(chat: Chat, line: str) -> Answer | None:
    """Gives the answer of a command that asks. Raises UsageError, Leave, and what asking raises."""
    command, rest = find(line)
    return command.run(chat, rest)


def completions(chat: Chat, line: str) -> Iterator[tuple[str, str, int]]:
    """What could stand in place of the end of the line: the words, what they mean, and how much they replace."""
    name, blank, rest = line[1:].partition(" ")
    if not blank:
        yield from ((f"/{n}", c.help, len(line)) for n, c in COMMANDS.items() if n.startswith(name.casefold()))
        return
    word = rest.rpartition(" ")[2]
    for option, meaning in _arguments(chat, name.casefold(), rest.split()[-2:-1] if word else rest.split()[-1:]):
        if option.startswith(word):
            yield option, meaning, len(word)


def _arguments(chat: Chat, name: str, before: list[str]) -> Iterator[tuple[str, str]]:
    if name == "open":
        cited = {c.n: c for kept in chat.kept for c in kept.turn.answer.citations}
        yield from ((str(n), c.title) for n, c in cited.items())
        yield from ((id, "") for id in chat.article_ids())
    elif name == "filter" and before == ["source"]:
        yield from ((id, "") for id in chat.article_ids())
    elif name == "filter":
        yield from (("since", "DATE"), ("until", "DATE"), ("source", "TEXT"), ("off", ""))
    elif name == "resume" and chat.sessions:
        yield from ((str(s.id), s.question) for s in chat.sessions.all())
    elif name == "model":
        yield from ((OFFLINE, "the embedded one"), (DEFAULT_CHAT_MODEL, ""))


# ── what each does


def _help(chat: Chat, _rest: str) -> None:
    chat.screen.definitions([(f"/{name} {c.arguments}".rstrip(), c.help) for name, c in COMMANDS.items()])
    if chat.screen.live:
        chat.screen.say("Alt-Enter begins a new line; Ctrl-C stops an answer; Ctrl-D leaves.")


def _sources(chat: Chat, _rest: str) -> None:
    if not chat.last.citations:
        raise UsageError("The last answer cites nothing.")
    chat.screen.sources(chat.last)


def _open(chat: Chat, rest: str) -> None:
    wanted = rest.strip("[] ")
    if not wanted:
        raise UsageError("Which one?", "As in: /open 1, or /open ID of an article.")
    try:
        cited, sha256 = chat.citation(wanted)
    except UsageError:
        if named := chat.article(wanted):  # its id may be a number too
            chat.screen.article(named)
            return
        if wanted.isdecimal():
            raise
        raise UsageError(f"The index has no article {wanted!r}.", "`qa articles` lists those it has.") from None
    article = chat.article(cited.article)
    if article is None:
        chat.screen.lost(cited, f"The article {cited.article} is no longer in the index. It said:")
    elif article.text[cited.start : cited.end] == cited.quote:
        changed = "The article has changed since; these words have not." if article.sha256 != sha256 else ""
        chat.screen.around(article, cited.start, cited.end, changed if sha256 else "")
    elif place := locate.find(cited.quote, article.text):
        chat.screen.around(article, *place, "The article has changed since; the words now stand here.")
    else:
        chat.screen.lost(cited, f"The article {cited.article} has changed since, and no longer says:")


def _why(chat: Chat, _rest: str) -> None:
    if not chat.last.retrieved:
        raise UsageError("How its passages were ranked is not kept.", "/retry asks again.")
    chat.screen.ranks(chat.last.retrieved)
    chat.screen.doubts(wiring.doubter(chat.screen.notice)(chat.last))


def _filter(chat: Chat, rest: str) -> None:
    if rest.casefold() == "off":
        chat.filters = Filters()
    elif rest:
        chat.filters = _filters(rest, chat.filters)
    told = told_filters(chat.filters) if chat.filters else "no filter; all articles may answer"
    chat.screen.say(f"{told[0].upper()}{told[1:]}.")


def _filters(rest: str, now: Filters) -> Filters:
    from qa.content import dates

    before, *pairs = _FILTER.split(rest)
    if before or not pairs:
        raise UsageError(
            "A filter is since DATE, until DATE or source TEXT; or off.", "As in: /filter since 2025-09-01"
        )
    for name, value in zip(map(str.casefold, pairs[::2]), map(str.strip, pairs[1::2]), strict=True):
        off = value.casefold() == "off"
        if name == "source":
            if not value:
                raise UsageError("Which source?", "As in: /filter source reuters")
            now = replace(now, source=None if off else value)
            continue
        day = None if off else dates.day(name, value)
        now = replace(now, since=day) if name == "since" else replace(now, until=day)
    if now.since and now.until and now.since > now.until:
        raise UsageError(f"{now.since} is after {now.until}.", "No article can be in between.")
    return now


def _model(chat: Chat, rest: str) -> None:
    if rest:
        now = chat.settings
        chosen = settings.load(Options(now.index, rest, now.timeout))
        chat.use(chosen)
    chat.screen.say(f"The model is {chat.settings.model}.")


def _save(chat: Chat, rest: str) -> None:
    _saved(chat, rest, over=False)


def _save_over(chat: Chat, rest: str) -> None:
    _saved(chat, rest, over=True)


def _saved(chat: Chat, rest: str, over: bool) -> None:
    if not rest:
        raise UsageError("Save it where?", "As in: /save answers.md, or answers.json.")
    if not chat.kept:
        raise UsageError("Nothing has been answered yet.")
    file = Path(os.path.expanduser(rest.strip("\"'")))  # noqa: PTH111 — Path's raises for a user that is not there
    saving.save(chat.kept, file, over)
    chat.screen.say(f"Saved {counted(len(chat.kept), 'question')} in {file}.")


def _new(chat: Chat, _rest: str) -> None:
    chat.new()
    chat.screen.say(f"A new conversation{f'; {told_filters(chat.filters)}' if chat.filters else ''}.")


def _resume(chat: Chat, rest: str) -> None:
    sessions = chat.sessions or wiring.sessions()
    if not rest:
        listed = sessions.all()[:_LISTED]
        if not listed:
            raise UsageError("No conversation has been kept yet.")
        chat.screen.rows(LISTED, [listed_row(s) for s in listed])
    elif not rest.isdecimal() or len(rest) > _LONGEST_ID:
        raise UsageError(f"{rest!r} is no number of a conversation.", "/resume lists them.")
    else:
        chat.resume(int(rest), sessions)


def _retry(chat: Chat, _rest: str) -> Answer:
    return chat.retry()


def _quit(_chat: Chat, _rest: str) -> None:
    raise Leave


COMMANDS = {
    "help": Command("", "what can be typed", _help, shows=True),
    "sources": Command("", "the sources of the last answer, with the words it rests on", _sources, shows=True),
    "open": Command("N", "the article around source [N]; with an article's ID, all of it", _open, shows=True),
    "why": Command("", "how the passages of the last answer were ranked", _why, shows=True),
    "filter": Command("[WHICH]", "which articles may answer: since DATE, until DATE, source TEXT, or off", _filter),
    "model": Command("[NAME]", "the model that answers; offline is the embedded one", _model),
    "save": Command("FILE", "all questions and answers with their evidence, as .md or .json", _save),
    "save!": Command("FILE", "the same, over a file that is there", _save_over),
    "new": Command("", "a new conversation", _new),
    "resume": Command("[ID]", "go on with an earlier one; without ID, which there are", _resume),
    "retry": Command("", "ask the last question again", _retry),
    "quit": Command("", "leave", _quit),
}
