"""What any program that is run from a terminal owes it: UTF-8, one line for a failure, and an end at once on Ctrl-C."""

import os
import sys
from types import FrameType

from qa.errors import INTERRUPTED


def speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal in another encoding shows what it can
            stream.reconfigure(errors="backslashreplace", encoding=None if stream.isatty() else "utf-8")


def fail(message: str, code: int) -> int:
    """Tells it on stderr; returns the code."""
    from qa.display import Display

    Display().problem(message)
    return code


def interrupt(_signal: int, frame: FrameType | None) -> None:
    """Ctrl-C: KeyboardInterrupt; but amid an import the end at once, for some libraries would go on, half loaded."""
    if importing(frame):
        os.write(2, b"\x1b[?25h\nInterrupted.\n" if os.isatty(2) else b"Interrupted.\n")  # a bar hides the cursor
        os._exit(INTERRUPTED)
    raise KeyboardInterrupt


def importing(frame: FrameType | None) -> bool:
    """Whether an import is under way in this frame or below it."""
    while frame:
        if "importlib" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False
