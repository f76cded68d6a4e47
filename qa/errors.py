"""Everything that can go wrong, as one tree; each leaf knows its exit code and says what to do next.

QaError
├── UsageError            2  the command line, or a file given on it, is wrong
│   └── ReplayMiss           nothing was recorded for a request
├── NotConfigured         3  no model files, no key for the model asked for, no such index
├── ServiceRefused        4  the model service refused the key
├── ServiceUnavailable    5  it cannot be reached, or answers outside its protocol
├── RateLimited           6  rate limit or quota
├── TimedOut              7  the time given was used up
├── IndexFailure          8
│   ├── IndexDamaged         the index cannot be read
│   └── IndexBusy            another writer holds it
├── SessionsFailure       8  the conversations that are kept cannot be read or written
└── CannotTell            9  an evaluation that shows nothing

An adapter translates its library's errors into these and lets none through.
"""
# ruff: noqa: N818 — the names say what happened; "Error" behind each would say it twice

from typing import ClassVar


class QaError(Exception):
    """A failure that a person is told about in one line: what happened, then what to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The one line: newlines and runs of blanks inside it are folded to one space."""
        return " ".join(f"{self.message} {self.hint}".split())


class UsageError(QaError):
    exit_code = 2


class ReplayMiss(UsageError):
    """Nothing was recorded for a request."""


class NotConfigured(QaError):
    exit_code = 3


class ServiceRefused(QaError):
    exit_code = 4


class ServiceUnavailable(QaError):
    exit_code = 5


class RateLimited(QaError):
    exit_code = 6


class TimedOut(QaError):
    exit_code = 7


class IndexFailure(QaError):
    exit_code = 8


class IndexDamaged(IndexFailure):
    """The index cannot be read."""


class IndexBusy(IndexFailure):
    """Another writer holds the index."""


class SessionsFailure(QaError):
    """The conversations that are kept cannot be read or written; whoever chats can go on without."""

    exit_code = 8


class CannotTell(QaError):
    """An evaluation shows nothing: no item, nothing ran, too many errors, or too few items to judge by."""

    exit_code = 9


INTERRUPTED = 130
"""Exit code after Ctrl-C, as a shell gives it."""
