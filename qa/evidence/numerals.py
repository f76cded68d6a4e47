"""English numerals: "twenty-one" is 21, "4.5bn" is 4,500,000,000, "the sixteenth" is 16."""

import re
from decimal import Decimal

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
CARDINALS = {word: n for n, word in enumerate(_UNITS)} | _TENS
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
).split()
ORDINALS = {word: n for n, word in enumerate(_ORDINALS, 1)} | {w[:-1] + "ieth": n for w, n in _TENS.items()}
SCALES = {
    "hundred": Decimal(100),
    "dozen": Decimal(12),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
SUFFIXES = {
    "k": SCALES["thousand"],
    "m": SCALES["million"],
    "mn": SCALES["million"],
    "mln": SCALES["million"],
    "b": SCALES["billion"],
    "bn": SCALES["billion"],
    "tn": SCALES["trillion"],
    "trn": SCALES["trillion"],
} | SCALES

_CARDINAL = "|".join(sorted(CARDINALS, key=len, reverse=True))
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_SCALE = "|".join(SCALES)
_WORD = rf"(?:{_CARDINAL}|{_SCALE})"
_JOIN = r"(?:[\s-]+|\s+and\s+)"

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
ORDINAL = rf"(?:(?:{'|'.join(_TENS)})[\s-])?(?:{_ORDINAL})"
SPELLED = rf"(?:an?\s+(?:{_SCALE})|{_WORD})(?:{_JOIN}{_WORD})*"


def digits(text: str, suffix: str | None = None) -> Decimal:
    """`DIGITS` with an optional scale: ("4.5", "bn") → 4500000000."""
    return Decimal(text.replace(",", "")) * SUFFIXES.get((suffix or "").lower().rstrip("."), Decimal(1))


def ordinal(text: str) -> Decimal:
    """An `ORDINAL`: "twenty-first" → 21."""
    *tens, last = re.split(r"[\s-]+", text.lower())
    return Decimal(sum(_TENS[t] for t in tens) + ORDINALS[last])


def spelled(text: str) -> Decimal:
    """A `SPELLED` cardinal: "two hundred and five thousand" → 205000; "a million" → 1000000."""
    total = group = Decimal(0)
    for word in re.split(r"[\s-]+", text.lower()):
        if word in CARDINALS:
            group += CARDINALS[word]
        elif word in ("hundred", "dozen"):
            group = (group or Decimal(1)) * SCALES[word]
        elif word in SCALES:
            total += (group or Decimal(1)) * SCALES[word]
            group = Decimal(0)
    return total + group
