"""A conversation on a terminal: read a line, answer it, survive what happens."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType
from typing import Protocol

from qa import wiring
from qa.answering import check_question
from qa.chatting import slash
from qa.chatting.chat import Chat
from qa.errors import QaError, UsageError
from qa.process import importing

_LEAVING = ("quit", "exit")
_AGAIN_SECONDS = 0.05


class Typed(Protocol):
    """Where lines are typed."""

    def read(self) -> str: ...
    def held(self) -> AbstractContextManager[None]: ...
    def typing_ahead(self) -> AbstractContextManager[None]: ...


def talk(chat: Chat, keep: bool) -> int:
    """Until the person leaves; `keep` is whether what is typed is kept for later sessions."""
    line = _line(chat, keep)
    leaving = False
    with _interrupts() as interruptible, line.held():
        while True:
            try:
                with interruptible():
                    text = line.read()
            except EOFError:
                return 0
            except KeyboardInterrupt:
                if leaving:
                    return 0
                leaving = True
                chat.screen.say("Ctrl-C once more leaves, as Ctrl-D does.")
                continue
            leaving = False
            try:
                with line.typing_ahead(), interruptible():
                    _answer(chat, text)
            except slash.Leave:
                return 0
            except KeyboardInterrupt:
                chat.screen.say(f"Stopped.{_again(chat)}")
            except QaError as error:
                chat.screen.problem(f"{error}{_again(chat)}")


def _answer(chat: Chat, text: str) -> None:
    if slash.is_command(text):
        found = slash.run(chat, text)
    elif text.casefold() in _LEAVING:
        raise slash.Leave
    elif text:
        found = chat.ask(text)
    else:
        found = chat.retry() if chat.failed is not None else None
    if found:
        chat.screen.answered(found, chat.filters)


def _again(chat: Chat) -> str:
    return " Enter or /retry asks again." if chat.failed is not None else ""


def _line(chat: Chat, keep: bool) -> Typed:
    if os.environ.get("TERM") == "dumb":
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
        return PlainLine()
    from qa.chatting.line import Line

    def completions(line: str) -> Iterator[tuple[str, str, int]]:
        return slash.completions(chat, line)

    try:
        return Line(wiring.chat_folder() / "history" if keep else None, completions, _wrong)
    except OSError as error:
        chat.screen.say(f"What is typed is not kept for later: {error.strerror}.")
        return Line(None, completions, _wrong)


class PlainLine:
    """A terminal that knows no more than lines."""

    def read(self) -> str:
        return input("> ").strip()

    def held(self) -> AbstractContextManager[None]:
        return nullcontext()

    typing_ahead = held


def _wrong(text: str) -> str | None:
    """Why a line cannot be asked; a command says for itself what is wrong with it."""
    if not text.strip() or slash.is_command(text.strip()):
        return None
    try:
        check_question(text)
    except UsageError as error:
        return error.message
    return None


@contextmanager
def _interrupts() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Gives the context in which Ctrl-C raises KeyboardInterrupt, once; outside of it, nothing comes of it.

    Amid an import it counts when that is over: some libraries would stay half loaded, and the conversation with them.
    The program's own answer to that is to end at once.
    """
    awaited = False

    @contextmanager
    def interruptible() -> Iterator[None]:
        nonlocal awaited
        awaited = True
        try:
            yield
        finally:
            awaited = False

    def interrupt(_signal: int, frame: FrameType | None) -> None:
        nonlocal awaited
        if awaited and importing(frame) and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
        elif awaited:
            awaited = False
            raise KeyboardInterrupt

    numbers = [signal.SIGINT, *([signal.SIGALRM] if hasattr(signal, "SIGALRM") else [])]
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield interruptible
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
