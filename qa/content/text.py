"""Bytes to text, and text to the one form in which it is stored, quoted and shown.

decode(b"\\xef\\xbb\\xbfCaf\\xc3\\xa9") == "Café"
clean("\\x1b[31mCafe\\u0301\\x1b[0m  \\r\\nnoir ") == "Café\\nnoir"
"""

import re
import unicodedata

from qa import text
from qa.content.draft import UnreadableError

BOM = b"\xef\xbb\xbf"
BINARY = "binary, not text; save the article as text first"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF")

_UNPRINTABLE = re.compile(f"[{text.CONTROLS}\t\n\x0b\x0c\r\u2028\u2029]")


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
        decoded = data.decode(encoding)
    except UnicodeDecodeError as error:
        at = len(data) - len(error.object) + error.start  # the codec counts from behind the byte order mark
        name = encoding.removesuffix("-sig").upper()
        raise UnreadableError(f"not valid {name}: byte {data[at]:#04x} at offset {at}; save it as UTF-8") from None
    if "\x00" in decoded:
        raise UnreadableError(BINARY)
    return decoded


def clean(raw: str) -> str:
    """The stored form: printable, NFC, no blanks at the ends of lines."""
    normal = unicodedata.normalize("NFC", text.printable(raw))
    return "\n".join(line.rstrip() for line in normal.split("\n")).strip()


def fold(raw: str) -> str:
    """`clean`, on one line, with single blanks."""
    return " ".join(clean(raw).split())


def shown(raw: str) -> str:
    """A path that one line of a terminal can show; what cannot be shown is marked, not dropped."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", raw)
