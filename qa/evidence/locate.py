"""Finds a quote again in an article: white space, quotation marks, dashes and case folded, nothing else.

find('will end on december 16th', 'It "will  end\non December 16th."') → (4, 29)
is_stitched('It will soon end … on December 16th', […]) → True where both halves stand there, apart
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_MARKS = '’‘“”„‟‚‛«»″′`´"'
_DASHES = "–—‑‐‒―−"
_ELLIPSIS = re.compile(r" ?[\[(]? ?(?:…|\. ?\. ?\.) ?[\])]? ?")
_EDGES = " .,;:!?-'()[]…"

MIN_WORDS = 3
MIN_CHARACTERS = 12


def lower(text: str) -> str:
    """`text` in lower case and as long as it was, so that offsets stay true."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """`text` with quotation marks (single and double alike), dashes and case folded; as long as it was."""
    for mark in _MARKS:  # a few searches for single characters are much quicker than str.translate
        text = text.replace(mark, "'")
    for dash in _DASHES:
        text = text.replace(dash, "-")
    return lower(text)


@lru_cache(maxsize=64)
def _canonical(text: str) -> str:
    """`text` folded, with single blanks and none around dashes: "not there" is told from it without a pattern."""
    folded = " ".join(fold(text).split())
    folded = folded.replace(" -", "-").replace("- ", "-")
    return re.sub("-{2,}", "-", folded) if "--" in folded else folded


def find(quote: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """(start, end) of the first place in `text` where `quote` stands as whole words and figures, or None.

    A place at or after `start` is preferred.
    """
    canonical = _canonical(quote)
    if not canonical or canonical not in _canonical(text):
        return None
    pattern, folded = _pattern(canonical), fold(text)
    for begin in dict.fromkeys((start, 0)):
        for match in pattern.finditer(folded, begin):
            if not _cuts_compound(text, match.start()):
                return match.span()
    return None


@lru_cache(maxsize=64)
def _pattern(canonical: str) -> re.Pattern[str]:
    body = re.sub(r"\\?([ -])", lambda gap: r"\s+" if gap[1] == " " else r"\s*-+\s*", re.escape(canonical))
    body = body.removeprefix(r"\s*").removesuffix(r"\s*")
    # "40 people" must not be found in "140 people", "1.5 million" in "11.5 million", "1" in "1.5", "old" in "cold".
    left = r"(?<!\w)(?<!\w')" if canonical[0].isalnum() else ""
    left += r"(?<!\d[.,])" if canonical[0].isdigit() else ""
    right = r"(?!\w|'(?!s\b)\w)" if canonical[-1].isalnum() else ""
    right += r"(?![.,]\d)" if canonical[-1].isdigit() else ""
    return re.compile(left + body + right)


def _cuts_compound(text: str, start: int) -> bool:
    """Whether a quote that starts here lacks the head of its first word: "approval" of "non-approval"."""
    return (
        text[start].isalnum()
        and text[max(0, start - 1) : start] in ("-", "‐", "‑")
        and text[start - 2 : start - 1].isalnum()
    )


def is_thin(quote: str) -> bool:
    """Fewer than three words, or under 12 characters: too little to show anything."""
    plain = " ".join(quote.split())
    return sum(any(c.isalnum() for c in word) for word in plain.split()) < MIN_WORDS or len(plain) < MIN_CHARACTERS


def is_stitched(quote: str, texts: Sequence[str]) -> bool:
    """Whether the parts of a quote that stands nowhere stand somewhere, apart: cut by dots, or two to four run together."""
    pieces = [p for piece in _ELLIPSIS.split(" ".join(quote.split())) if (p := piece.strip(_EDGES))]
    if len(pieces) > 1:
        return all(any(find(piece, text) for text in texts) for piece in pieces)
    return bool(pieces) and _covered(quote.split(), texts, 4)


def _covered(words: list[str], texts: Sequence[str], pieces: int) -> bool:
    """Whether at most `pieces` stretches of the texts, each of three words or more, make up `words`."""
    if not words:
        return True
    if not pieces or len(words) < MIN_WORDS:
        return False
    longest, low, high = 0, MIN_WORDS, len(words)
    while low <= high:  # the longest beginning that is found; the beginnings of what is found are found too
        middle = (low + high) // 2
        beginning = " ".join(words[:middle]).strip(_EDGES)
        if any(find(beginning, text) for text in texts):
            longest, low = middle, middle + 1
        else:
            high = middle - 1
    # Leave the next piece its three words if this one took some of them.
    return any(_covered(words[n:], texts, pieces - 1) for n in range(longest, max(longest - 3, MIN_WORDS - 1), -1))
