"""Reads an answer's words the way two wordings are compared: folded, stemmed, numerals and initials made alike.

    [w.key for w in read("The B. J. Thomas song, twenty-one’s third [2].").words]
        → ["bj", "thoma", "song", "21", "3"]
    normalise("The Beatles!")                            → "beatles"        (SQuAD's own, for EM and F1)
    f1("the green Beatles", ["Beatles"])                 → 0.667

`Reading.text` has accents folded and citation marks removed; offsets count its characters.
"""

import re
import string
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from qa import sentences
from qa.evidence import names, numerals, values
from qa.words import stem

_MARKS = re.compile(
    r"(?<=[^\W\d])[⁰¹²³⁴-⁹]+|(?<=[.,;:!?”\"])[⁰¹²³⁴-⁹]+|\s?\[\d+(?:\s*[,;–-]\s*\d+)*\]|[*`]|(?<!\w)_|_(?!\w)"
)
# Text copied from a page often glues a footnote's number, or two words, together: "in 19971.", "setting inNew York12."
_GLUED_YEAR = re.compile(r"((?:\b(?:in|since|until|by|of)\s?|\w,? )(?:1[5-9]|20)\d\d)[1-9]\d?(?=[.,;)]|\s*\Z| [A-Z.])")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "ø": "o", "Ø": "O", "ß": "ss"})
_SPLIT_FIGURE = re.compile(r"(?<![\w.,])(\d{1,3})\. (?=\d{1,2} ?(?:[a-z]|%))")
_SEASON = re.compile(r"(?<![\w-])(1\d|20)(\d\d)-(\d\d)(?![\w-])")
_GLUED = re.compile(r"(?<=[a-z]{2})(?=\d)|(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(
    r"""(?:[A-Za-z]\.\s{0,2}){2,}(?:[A-Za-z](?![A-Za-z]))?   # initials: B. J., U.S.
      | \d+(?:,\d{3})*(?:\.\d+)?(?:[a-zA-Z]+)?               # figures: 2,579  4.5  42nd  1940s
      | [^\W_]+(?:'[^\W_]+)*""",
    re.VERBOSE,
)
_ARTICLES = frozenset({"a", "an", "the", "and"})
_NUMERALS = ("ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
_ROMAN = {numeral: str(n) for n, numeral in enumerate(_NUMERALS, 2)}
_TITLES = {"st": "saint", "mt": "mount", "ft": "fort", "dr": "doctor", "jr": "junior", "sr": "senior", "ave": "avenue"}
_SMALL = {**{w: int(n) for w, n in numerals.CARDINALS.items()}, **{w: int(n) for w, n in numerals.ORDINALS.items()}}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a reading. `plain` is its folded spelling, `key` what it is compared by."""

    key: str
    plain: str
    capital: bool
    start: int
    end: int


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Lower case, no punctuation, no articles, single blanks: SQuAD's evaluation script (Rajpurkar et al. 2016)."""
    bare = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def exact_match(text: str, accepted: Sequence[str]) -> bool:
    """Whether the text is, normalised, one of the accepted ones."""
    return any(normalise(text) == normalise(gold) for gold in accepted)


def f1(text: str, accepted: Sequence[str]) -> float:
    """The best token F1 over the accepted texts, as in SQuAD; two empty texts agree fully."""
    return max((_f1(normalise(text).split(), normalise(gold).split()) for gold in accepted), default=0.0)


def _f1(stated: list[str], gold: list[str]) -> float:
    if not stated or not gold:
        return float(stated == gold)
    common = sum((Counter(stated) & Counter(gold)).values())
    return 2 * common / (len(stated) + len(gold))


def fold(text: str) -> str:
    """Citation marks and Markdown gone, accents off, straight quotation marks, words that lost their blank apart."""
    bare = _GLUED.sub(" ", _GLUED_YEAR.sub(r"\1", _MARKS.sub("", text)))
    bare = re.sub(r"\bthe us\b", "the U.S.", bare)
    bare = _SPLIT_FIGURE.sub(r"\1.", bare)
    if not bare.isascii():
        bare = bare.translate(_STRAIGHT)
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    bare = _SEASON.sub(lambda m: f"{m[1]}{m[2]}-{m[1]}{m[3]}" if m[3] > m[2] else m[0], bare)
    return re.sub(r"[^\S\n]", " ", bare)


class Reading:
    """A text read once, for all that is to be looked up in it."""

    def __init__(self, text: str) -> None:
        self.raw = _MARKS.sub("", text)
        """As it is written but for citation marks; what a regex is searched in."""
        self.text = fold(text)
        self.words = _words(self.text)
        self.joined = "".join(word.plain for word in self.words)
        """All spellings without blanks, so that "Spider-Man" is found in "Spiderman"."""
        at = 0
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        for i, word in enumerate(self.words):
            self._starts[at] = i
            at += len(word.plain)
            self._ends[at] = i + 1
        self.places: dict[str, list[int]] = {}
        """Where each key stands, as indices into `words`."""
        for i, word in enumerate(self.words):
            self.places.setdefault(word.key, []).append(i)

    @cached_property
    def values(self) -> list[values.Value]:
        return values.find(self.text)

    @cached_property
    def _sentences(self) -> list[tuple[int, int]]:
        return sentences.spans(self.text) or [(0, len(self.text))]

    def sentence(self, offset: int) -> int:
        """The number of the sentence that holds this character, from 0."""
        return max(0, bisect_right(self._sentences, (offset, len(self.text) + 1)) - 1)

    def until(self, offset: int) -> str:
        """The text up to the end of the sentence that holds this character."""
        return self.text[: self._sentences[self.sentence(offset)][1]]

    def opens(self, index: int) -> bool:
        """Whether the word opens a sentence, a line or a quotation, where a capital tells nothing."""
        before = self.text[: self.words[index].start].rstrip(" ")
        return not before or before[-1] in "\n:\"'(" or self._is_first(index)

    def _is_first(self, index: int) -> bool:
        return index == 0 or self.sentence(self.words[index - 1].start) != self.sentence(self.words[index].start)

    def spelled(self, joined: str) -> tuple[int, int] | None:
        """[first, last) word whose spellings, run together, are `joined`; the first such place."""
        at = self.joined.find(joined) if joined else -1
        while at >= 0:
            if at in self._starts and at + len(joined) in self._ends:
                return self._starts[at], self._ends[at + len(joined)]
            at = self.joined.find(joined, at + 1)
        return None


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    return Reading(text)


def _words(text: str) -> tuple[Word, ...]:
    found: list[Word] = []
    for match in _WORD.finditer(text):
        for plain in _plain(match[0]):
            key = plain if plain.isdigit() else stem(plain)
            word = Word(key, plain, match[0][0].isupper(), match.start(), match.end())
            if not _joins_tens(found, word, text):
                found.append(word)
    return tuple(found)


def _joins_tens(found: list[Word], word: Word, text: str) -> bool:
    """Makes "twenty-one" one word, 21."""
    if not found or word.plain not in "123456789" or text[word.start].isdigit():
        return False
    last = found[-1]
    spelled = text[last.start : last.end].lower() in numerals.CARDINALS and last.plain.isdigit()
    if not spelled or last.plain not in ("20", "30", "40", "50", "60", "70", "80", "90") or word.start - last.end > 1:
        return False
    total = str(int(last.plain) + int(word.plain))
    found[-1] = Word(total, total, False, last.start, word.end)
    return True


@lru_cache(maxsize=65536)
def _plain(written: str) -> tuple[str, ...]:
    """The folded spellings that one written word stands for; none for an article, two for "U.S."."""
    bare = re.sub(r"[.\s]", "", written) if written[0].isalpha() else written.replace(",", "")
    low = re.sub(r"'s\Z|'\Z", "", bare.lower()).replace("'", "")
    if low in _ARTICLES:
        return ()
    if low[0].isdigit():
        return (re.sub(r"(?<=\d)(?:st|nd|rd|th)\Z", "", low),)
    if written[0].isupper() and low not in _SMALL:
        # "Chinese" is of China and "U.S." the United States; but "us" is a pronoun.
        alike = names.fold("U.S." if bare in ("US", "USA") else re.sub(r"\s", "", written))
        if " " in alike:
            return tuple(alike.split())
        low = re.sub(r"[.']", "", alike)
        low = _ROMAN.get(low, low) if bare.isupper() else low
    if low in _SMALL:
        return (str(_SMALL[low]),)
    return (_TITLES.get(low, low),)
