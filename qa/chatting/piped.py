"""A conversation without a terminal: a question a line on stdin, answers out on stdout, as text or as lines of JSON."""

import sys
from collections.abc import Iterator

from qa import interchange
from qa.chatting import slash
from qa.chatting.chat import Chat
from qa.domain import Answer
from qa.errors import QaError, UsageError
from qa.interchange import Asked


def converse(chat: Chat, as_json: bool) -> int:
    """0 once every line has been worked off; each answer comes before the next line is read."""
    chat.silent = as_json
    for row, each in _lines():
        try:
            if each.wrong:
                raise each.wrong
            found = chat.ask(each.question) if not slash.is_command(row) else _obey(chat, row, as_json)
        except slash.Leave:
            break
        except QaError as error:
            if as_json:
                chat.screen.write(interchange.line({"id": each.id, **interchange.failure(each.question, error)}))
            else:
                chat.screen.problem(str(error))
            continue
        if found and as_json:
            chat.screen.write(interchange.line({"id": each.id, **interchange.turn(found)}))
        elif found:
            chat.screen.answered(found, chat.filters)
    return 0


def _obey(chat: Chat, line: str, as_json: bool) -> Answer | None:
    command, rest = slash.find(line)
    if as_json and (command.shows or line.strip() == "/resume"):
        raise UsageError(f"{line.split()[0]} is there to be looked at.", "It works without --json.")
    return command.run(chat, rest)


def _lines() -> Iterator[tuple[str, Asked]]:
    """Each line with what it asks. A question in JSON may be anybody's, and is never a command."""
    for number, raw in enumerate(sys.stdin.buffer, 1):
        try:
            row = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            shown = raw.decode(errors="replace").strip()
            yield shown, Asked(shown, wrong=UsageError(f"stdin:{number} is not UTF-8 text."))
            continue
        if row:
            yield row, interchange.asked(row, f"stdin:{number}")
