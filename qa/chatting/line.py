"""The line that is typed: editing, history, completion, and what is typed while an answer runs; prompt_toolkit's door.

line = Line(folder / "history", completions, check)
line.read()                       # a question, or a pasted page as one
with line.typing_ahead():
    …                             # what is typed meanwhile is kept for the next line, and not shown amid the answer
"""

import select
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import store_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPress, KeyPressEvent
from prompt_toolkit.output import Output
from prompt_toolkit.validation import ValidationError, Validator

from qa.adapters.sessions import private_file
from qa.text import one_line

Completions = Callable[[str], Iterable[tuple[str, str, int]]]
"""The beginning of a line → words that could end it, what they mean, and how many characters they replace."""
Check = Callable[[str], str | None]
"""What is wrong with a line, if anything is."""

PROMPT = "> "
_CONTINUATION = "  "
_POLL_SECONDS = 0.05
_LONGEST_MEANING = 60


class Line:
    def __init__(self, history: Path | None, completions: Completions, check: Check) -> None:
        """`history` None keeps none. Raises OSError where it cannot be kept."""
        kept: History = InMemoryHistory()
        if history:
            private_file(history)
            kept = FileHistory(history)
        self._session: PromptSession[str] = PromptSession(
            [("bold", PROMPT)],
            multiline=True,  # so that a pasted page stays one question
            prompt_continuation=_CONTINUATION,
            history=kept,
            completer=_Completer(completions),
            # The menu takes room below the line, so it is there for commands alone.
            complete_while_typing=Condition(lambda: self._session.default_buffer.text.startswith("/")),
            validator=_Validator(check),
            validate_while_typing=False,
            key_bindings=_bindings(),
            enable_suspend=True,
        )

    def read(self) -> str:
        """Raises KeyboardInterrupt for Ctrl-C in an empty line, EOFError for Ctrl-D."""
        return self._session.prompt().strip()

    @contextmanager
    def held(self) -> Iterator[None]:
        """For as long as lines are read: between two of them the terminal shows no key by itself. Ctrl-C interrupts."""
        try:
            import termios
        except ImportError:  # Windows shows none
            yield
            return
        descriptor = self._session.app.input.fileno()
        before = termios.tcgetattr(descriptor)
        quiet = termios.tcgetattr(descriptor)
        quiet[0] &= ~termios.ICRNL  # Enter and Ctrl-J stay two keys
        quiet[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(descriptor, termios.TCSANOW, quiet)
        try:
            yield
        finally:
            termios.tcsetattr(descriptor, termios.TCSANOW, before)

    @contextmanager
    def typing_ahead(self) -> Iterator[None]:
        """The keys pressed meanwhile are the beginning of the next line."""
        keyboard, screen = self._session.app.input, self._session.app.output
        if sys.platform == "win32":  # it keeps them by itself
            yield
            return
        with _bracketed_paste(screen):
            ahead = _Ahead(keyboard)
            ahead.start()
            try:
                yield
            finally:
                ahead.end()
                store_typeahead(keyboard, ahead.keys)


class _Ahead(threading.Thread):
    """Takes what is typed out of the terminal's own buffer, which holds 4 KB and drops the rest of a pasted page."""

    def __init__(self, keyboard: Input) -> None:
        super().__init__(daemon=True)
        self.keys: list[KeyPress] = []
        self._keyboard = keyboard
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set() and not self._keyboard.closed:
            if select.select([self._keyboard.fileno()], [], [], _POLL_SECONDS)[0]:
                self.keys += self._keyboard.read_keys()

    def end(self) -> None:
        self._over.set()
        self.join()


@contextmanager
def _bracketed_paste(screen: Output) -> Iterator[None]:
    screen.enable_bracketed_paste()
    screen.flush()
    try:
        yield
    finally:
        screen.disable_bracketed_paste()
        screen.flush()


class _Completer(Completer):
    def __init__(self, completions: Completions) -> None:
        self._completions = completions

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterator[Completion]:
        line = document.text_before_cursor
        if not line.startswith("/"):
            return
        for words, meaning, replaced in self._completions(line):
            yield Completion(words, -replaced, display_meta=one_line(meaning)[:_LONGEST_MEANING])


class _Validator(Validator):
    def __init__(self, check: Check) -> None:
        self._check = check

    def validate(self, document: Document) -> None:
        """What cannot be asked stays in the line, with the reason beneath it."""
        if wrong := self._check(document.text):
            raise ValidationError(len(document.text), wrong)


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("c-c")
    def _(event: KeyPressEvent) -> None:
        buffer: Buffer = event.current_buffer
        if buffer.text:
            buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    return bindings
