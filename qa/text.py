"""What may be stored, and what may reach a terminal: text without controls, escape sequences and unseen marks.

printable("\\x1b[31mCafé\\x1b[0m\\r\\nnoir") == "Café\\nnoir"
"""

import re

# Terminal escapes go whole, or their parameters would stay behind as words. A string command (OSC and its kin) without
# its end stops at the end of the line, so that one stray byte does not swallow an article.
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
_NEWLINE = re.compile(r"[\r\x0b\x0c\x85\u2028\u2029]")
# C0 but tab and newline, DEL, C1; what cannot be seen but breaks a word for a search (soft hyphen, zero width, joiner,
# byte order mark); what turns the reading direction of all that follows; half a character (JSON can hold one).
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSEEN = re.compile(f"[{CONTROLS}]")


def printable(text: str) -> str:
    """`text` with every line end as \\n, tabs kept, and all other controls and escapes gone."""
    text = _NEWLINE.sub("\n", text.replace("\r\n", "\n"))
    if not _UNSEEN.search(text):  # the usual case, and the search is much the quickest
        return text
    return _UNSEEN.sub("", _ESCAPE.sub("", text))


def one_line(text: str) -> str:
    """`printable` text on one line, blanks folded."""
    return " ".join(printable(text).split())
