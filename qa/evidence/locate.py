"""Finds a quote again in an article: white space, quotation marks, dashes and case folded, nothing else.

    find('will end on december 16th', 'It "will  end\non December 16th."') → (4, 29)
    parts('It will soon end … on December 16th', …) → True where both halves stand there, apart
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_SINGLE = "‘’‚‛′`´"
_DOUBLE = "“”„‟″«»"
_DASHES = "‐‑‒–—―−"
_FOLD = str.maketrans({**dict.fromkeys(_SINGLE, "'"), **dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_DASHES, "-")})
_ELLIPSIS = re.compile(r"\s*(?:\[?\s?(?:…|\.\s?\.\s?\.)\s?\]?)\s*")
_QUOTE_MARK = "['\"]"
_WITHOUT_MARKS = re.compile(r"[^\s'\"]+")

MIN_WORDS = 3
MIN_CHARACTERS = 12


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """`text` with quotation marks, dashes and case folded; as long as it was, so that offsets stay true."""
    folded = text.translate(_FOLD)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


def find(quote: str, text: str) -> tuple[int, int] | None:
    """(start, end) of the first place in `text` where `quote` stands as whole words and whole figures, or None."""
    folded, within = fold(quote), fold(text)
    # Searching for the words one by one first is what makes "not there" quick.
    if not all(word in within for word in _WITHOUT_MARKS.findall(folded)):
        return None
    pattern = _pattern(folded)
    match = pattern and pattern.search(within)
    return match.span() if match else None


@lru_cache(maxsize=1024)
def _pattern(quote: str) -> re.Pattern[str] | None:
    words = quote.split()
    if not words:
        return None
    body = r"\s+".join(re.sub(r"\\?['\"]", _QUOTE_MARK, re.escape(word)) for word in words)
    # "40 people" must not be found in "140 people", nor "1.5 million" in "11.5 million" or "1" in "1.5".
    left = (r"(?<!\w)(?<!\d[.,])" if words[0][0].isdigit() else r"(?<!\w)") if words[0][0].isalnum() else ""
    right = (r"(?!\w)(?![.,]\d)" if words[-1][-1].isdigit() else r"(?!\w)") if words[-1][-1].isalnum() else ""
    return re.compile(left + body + right)


def is_thin(quote: str) -> bool:
    """Fewer than three words, or under 12 characters: too little to show anything."""
    plain = " ".join(quote.split())
    return len(re.findall(r"\w[\w.,'’-]*", plain)) < MIN_WORDS or len(plain) < MIN_CHARACTERS


def is_stitched(quote: str, texts: Sequence[str]) -> bool:
    """Whether two to four pieces of the quote, each of three words or more, stand in one of the texts, apart."""
    pieces = [piece for piece in _ELLIPSIS.split(quote.strip()) if re.search(r"\w", piece)]
    if len(pieces) > 1:
        return any(all(find(piece, text) for piece in pieces) for text in texts) or all(
            any(find(piece, text) for text in texts) for piece in pieces
        )
    return any(_covered(quote.split(), text, 4) for text in texts)


def _covered(words: list[str], text: str, pieces: int) -> bool:
    if not words:
        return True
    if not pieces or len(words) < MIN_WORDS:
        return False
    longest = 0
    low, high = MIN_WORDS, len(words)
    while low <= high:  # the longest found beginning; beginnings of a found piece are found too
        middle = (low + high) // 2
        if find(" ".join(words[:middle]), text):
            longest, low = middle, middle + 1
        else:
            high = middle - 1
    # Leave the next piece its three words if this one took some of them.
    return any(_covered(words[n:], text, pieces - 1) for n in range(longest, max(longest - 3, MIN_WORDS - 1), -1))
