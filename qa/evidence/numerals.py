"""English numerals: "twenty-one" is 21, "4.5bn" is 4,500,000,000, "the sixteenth" is 16, "two and a half" is 2.5.

    read("over 3.8 million people", 5)  → Numeral(end=16, kind="digits", amounts=(Decimal("3800000"),))

All texts here are in lower case.
"""

import re
from decimal import Decimal
from typing import NamedTuple

_UNIT_WORDS = "one two three four five six seven eight nine"
_TEEN_WORDS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
CARDINALS = {word: n for n, word in enumerate(f"zero {_UNIT_WORDS} {_TEEN_WORDS}".split())} | _TENS
ORDINALS = {word: n for n, word in enumerate(_ORDINAL_WORDS.split(), 1)} | {
    word[:-1] + "ieth": n for word, n in _TENS.items()
}
SCALES = {
    "hundred": Decimal(100),
    "dozen": Decimal(12),
    "thousand": Decimal(10**3),
    "lakh": Decimal(10**5),
    "million": Decimal(10**6),
    "crore": Decimal(10**7),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_SHORT_SCALES = {
    "k": "thousand", "m": "million", "mn": "million", "mln": "million", "b": "billion", "bn": "billion",
    "t": "trillion", "tn": "trillion", "trn": "trillion",
}  # fmt: skip
_GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}
_PARTS = {"hal": 2, "thi": 3, "qua": 4, "fif": 5, "six": 6, "eig": 8, "ten": 10}


def either(words: list[str]) -> str:
    """An alternation of words, the longest first, so that "seven" does not hide "seventeen"."""
    return "|".join(sorted(words, key=len, reverse=True))


_UNIT, _TEEN, _TEN = either(_UNIT_WORDS.split()), either(_TEEN_WORDS.split()), either(list(_TENS))
_SCALE = either(list(SCALES))
_BELOW_100 = rf"(?:(?:{_TEN})(?:[\s-]+(?:{_UNIT})\b)?|{_TEEN}|{_UNIT}|zero)\b"
_HUNDRED = rf"(?:(?:an?|{_BELOW_100})[\s-]+)?hundred\b"
_GROUP = rf"(?:{_HUNDRED}(?:\s+(?:and\s+)?{_BELOW_100})?|{_BELOW_100}|an?\b)"
# "between one hundred and two hundred", "a thousand and two thousand" are two numbers, not one.
_ENDS = rf"(?![\s-]+(?:{_UNIT}|{_SCALE})\b)"
_AFTER_THOUSAND = (
    rf"(?:,?\s+(?:and\s+)?{_HUNDRED}(?:\s+(?:and\s+)?{_BELOW_100})?|\s+and\s+{_BELOW_100}"
    rf"|\s+(?:{_TEN}|{_TEEN})\b(?:-(?:{_UNIT})\b)?){_ENDS}"
)
_SPELLED = (
    rf"(?:{_GROUP}[\s-]+)?(?:million|billion|trillion|lakh|crore)\b(?:\s+{_GROUP}[\s-]+(?:million|thousand)\b)?"
    rf"|(?:{_GROUP}[\s-]+)?thousand\b(?:{_AFTER_THOUSAND})?"
    rf"|(?:half[\s-](?:an?[\s-])?|{_GROUP}[\s-]+)?dozen\b"
    rf"|{_HUNDRED}(?:\s+(?:and\s+)?{_BELOW_100}{_ENDS})?"
    rf"|(?:{_TEEN}|twenty)[\s-](?:(?:{_TEN})(?:-(?:{_UNIT}))?|{_TEEN})\b"  # a year: nineteen eighty-four
    rf"|{_BELOW_100}"
)
ORDINAL = rf"(?:(?:{_TEN})[\s-])?(?:{either(list(ORDINALS))})\b"
# Commas part thousands, lakhs, or in some languages decimals; several points make a version number.
_DIGITS = r"(?:\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d.,]?\d)|\d+(?:,\d+)*(?:\.\d+)*|\.\d+)"
_VAGUE = r"(?:hundreds|thousands|millions|billions|trillions|dozens)"
_PART = (
    rf"(?:(?:an?|\d+|{_UNIT})[\s-])?(?:halves|thirds|quarters|fifths|sixths|eighths|tenths)\b"
    r"|one[\s-](?:third|quarter|fifth|sixth|eighth|tenth)\b"
    r"|an?\s(?:third|quarter|fifth|sixth|eighth|tenth)\b(?=\s+of\b|\s*[.,;:)]|\s*\Z)"
    r"|(?:(?:one|an?)[\s-])?half\b"
)
_NUMERAL = re.compile(
    rf"""(?P<mixed>(?:{_BELOW_100}|\d+)[\s-]and[\s-](?:an?|one)[\s-](?:half|quarter)\b(?:[\s-]+(?:{_SCALE})\b)?)
      | (?P<glyph>(?:\d+\s?)?[{"".join(_GLYPHS)}](?:[\s-]+(?:{_SCALE})\b)?)
      | (?P<slash>(?:\d+[\s-])?\d+/\d+(?![\d/]))
      | (?P<decade>\d+(?<=0)['’]?s\b)
      | (?P<nth>\d+(?:,\d+)*(?:st|nd|rd|th)\b|{ORDINAL})
      | (?P<digits>{_DIGITS}(?:[\s-]*(?:{_SCALE})\b|\s?(?:bn|mn|mln|tn|trn)\b|[kmbt]\b)?)
      | (?P<vague>(?:(?:tens|dozens|hundreds|thousands)\s+of\s+)?{_VAGUE}\b
          |(?:several|(?:a\s+)?few)\s+(?:dozen|hundred|thousand|million|billion)\b)
      | (?P<halved>(?:half[\s-]+an?|a\s+quarter\s+of\s+an?)[\s-](?:{_SCALE})\b)
      | (?P<part>{_PART})
      | (?P<spelled>{_SPELLED})""",
    re.VERBOSE,
)
STARTERS = frozenset({*CARDINALS, *ORDINALS, *SCALES, *(scale + "s" for scale in SCALES), "a", "an", "half", "halves",
                      "thirds", "quarters", "fifths", "sixths", "eighths", "tenths", "several", "few", "tens"})  # fmt: skip


class Numeral(NamedTuple):
    """A numeral that ends at `end`, with what it may amount to; `scale` is the last that is written out."""

    end: int
    kind: str
    amounts: tuple[Decimal, ...]
    scale: Decimal = Decimal(1)
    possessive: bool = False
    """Whether "2020's" may be of the year as well as of the decade."""


def read(text: str, at: int) -> Numeral | None:
    """The numeral that begins at `at`. Of "100m", 100 million and 100 (metres), both amounts are given."""
    match = _NUMERAL.match(text, at)
    if not match:
        return None
    kind, words = str(match.lastgroup), match[0]
    if kind == "digits":
        figures = re.match(_DIGITS, words)
        suffix = words[figures.end() :].strip(" \n\t-") if figures else ""
        scale = SCALES.get(_SHORT_SCALES.get(suffix, suffix), Decimal(1))
        plain = _digits(words[: len(words) - len(suffix)])
        return Numeral(match.end(), kind, (plain * scale, plain) if suffix in ("m", "t") else (plain * scale,), scale)
    scale = SCALES.get(re.split(r"[\s-]", words)[-1].rstrip("s"), Decimal(1))
    return Numeral(match.end(), kind, (_AMOUNT[kind](words),), scale, kind == "decade" and not words[-2].isdigit())


def _digits(text: str) -> Decimal:
    plain = re.sub(r"[^\d.,]", "", text)
    if re.fullmatch(r"\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    whole, point, rest = plain.replace(",", "").partition(".")
    return Decimal(f"{whole or 0}{point}{rest.replace('.', '')}")


def ordinal(text: str) -> Decimal:
    """An `ORDINAL` or "16th": "twenty-first" → 21."""
    if figures := re.match(r"[\d,]+", text):
        return _digits(figures[0])
    *tens, last = re.split(r"[\s-]+", text)
    return Decimal(sum(_TENS[t] for t in tens) + ORDINALS[last])


def _spelled(text: str) -> Decimal:
    """ "two hundred and five thousand" → 205000; "a million" → 1000000; "twenty ten" → 2010."""
    total = group = Decimal(0)
    for word in re.split(r"[\s,-]+", text):
        if word == "half":
            group = Decimal("0.5")
        elif word in CARDINALS:
            is_year = 10 <= group < 100 and CARDINALS[word] >= 10
            group = group * (100 if is_year else 1) + CARDINALS[word]
        elif word in ("hundred", "dozen"):
            group = (group or Decimal(1)) * SCALES[word]
        elif word in SCALES:
            total += (group or Decimal(1)) * SCALES[word]
            group = Decimal(0)
    return total + group


def _glyph(text: str) -> Decimal:
    number, _, scale = text.partition(next(c for c in text if c in _GLYPHS))
    over, under = _GLYPHS[text[len(number)]]
    return (Decimal(number.strip() or 0) + Decimal(over) / under) * SCALES.get(scale.strip(" -"), 1)


def _mixed(text: str) -> Decimal:
    whole, rest = re.split(r"[\s-]and[\s-]", text, maxsplit=1)
    of = Decimal("0.25") if "quarter" in rest else Decimal("0.5")
    return ((Decimal(whole) if whole.isdecimal() else _spelled(whole)) + of) * SCALES.get(rest.split()[-1], 1)


def _halved(text: str) -> Decimal:
    return SCALES[re.split(r"[\s-]", text)[-1]] / (4 if "quarter" in text else 2)


def _slash(text: str) -> Decimal:
    *whole, fraction = re.split(r"[\s-]", text)
    over, under = (Decimal(n) for n in fraction.split("/"))
    return (Decimal(whole[0]) if whole else Decimal(0)) + (over / under if under else Decimal(0))


def _vague(text: str) -> Decimal:
    """ "thousands" → 1000; "tens of thousands" → 10000; "several hundred" → 100."""
    *of, last = (word.rstrip("s") for word in text.split() if word not in ("of", "a"))
    return SCALES.get(of[0], Decimal(10 if of[0] == "ten" else 1)) * SCALES[last] if of else SCALES[last]


def _part(text: str) -> Decimal:
    """ "two-thirds" → 0.666…; "half" → 0.5."""
    *count, of = re.split(r"[\s-]+", text)
    over = Decimal(count[0]) if count and count[0].isdecimal() else Decimal(CARDINALS.get(count[0], 1) if count else 1)
    return over / _PARTS[of[:3]]


_AMOUNT = {
    "mixed": _mixed,
    "glyph": _glyph,
    "slash": _slash,
    "decade": lambda text: Decimal(re.match(r"\d+", text)[0]),  # type: ignore[index]  # it begins with figures
    "nth": ordinal,
    "vague": _vague,
    "halved": _halved,
    "part": _part,
    "spelled": _spelled,
}
