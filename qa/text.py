"""What may reach a terminal: text without control characters, escape sequences and invisible direction marks."""

import re

_ESCAPES = re.compile(
    r"""\x1b\[[0-?]*[ -/]*[@-~]            # CSI: colours, cursor
      | \x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)  # OSC and other strings: titles, links
      | \x1b[ -/]*[0-~]?                   # the rest
      | \x9b[0-?]*[ -/]*[@-~]""",
    re.VERBOSE | re.DOTALL,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")


def printable(text: str) -> str:
    """`text` with newlines and tabs kept, CR folded to newline, and every other control gone."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


def one_line(text: str) -> str:
    """`printable` text on one line, blanks folded."""
    return " ".join(printable(text).split())
