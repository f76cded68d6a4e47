"""Bytes to text, and text to the one form in which it is stored, quoted and shown.

decode(b"\\xef\\xbb\\xbfCaf\\xc3\\xa9") == "Café"
clean("\\x1b[31mCafe\\u0301\\x1b[0m  \\r\\nnoir ") == "Café\\nnoir"
"""

import re
import unicodedata

from qa.content.draft import UnreadableError

BOM = b"\xef\xbb\xbf"
BINARY = "binary, not text; save the article as text first"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF")

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
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSEEN = re.compile(f"[{_CONTROLS}]")
_UNPRINTABLE = re.compile(f"[{_CONTROLS}\t\n\x0b\x0c\r\u2028\u2029]")


def is_utf16(data: bytes) -> bool:
    """Whether a UTF-16 byte order mark stands first."""
    return data.startswith(_UTF16)


def is_binary(data: bytes) -> bool:
    """Whether these first bytes of a file, or all of them, are those of a picture, an archive or the like."""
    return data.startswith(_SIGNATURES) or (b"\x00" in data and not is_utf16(data))


def decode(data: bytes) -> str:
    """UTF-8, or UTF-16 that says so with a byte order mark; raises UnreadableError for all else, never guesses."""
    if is_binary(data):
        raise UnreadableError(BINARY)
    encoding = "utf-16" if is_utf16(data) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        at = len(data) - len(error.object) + error.start  # the codec counts from behind the byte order mark
        name = encoding.removesuffix("-sig").upper()
        raise UnreadableError(f"not valid {name}: byte {data[at]:#04x} at offset {at}; save it as UTF-8") from None
    if "\x00" in text:
        raise UnreadableError(BINARY)
    return text


def clean(text: str) -> str:
    """The stored form: \\n for every kind of line end, NFC, no controls or escapes, no blanks at the ends of lines."""
    text = _NEWLINE.sub("\n", text.replace("\r\n", "\n"))
    if _UNSEEN.search(text):  # rare, and the search is much the quickest
        text = _UNSEEN.sub("", _ESCAPE.sub("", text))
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def fold(text: str) -> str:
    """`clean`, on one line, with single blanks."""
    return " ".join(clean(text).split())


def printable(text: str) -> str:
    """Text that one line of a terminal can show; what cannot be shown is marked, not dropped."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
