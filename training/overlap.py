"""Words that a question and a passage share, and BM25 over many passages, in plain Python."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_STOP = frozenset(
    """a about after all also an and any are as at be been before but by can did do does during for from had has have how
    i if in into is it its many may much not of on or over some that the their them there these they this those to under
    was were what when where which who whom whose why will with would""".split()
)
K1, B = 1.2, 0.75


def words(text: str) -> list[str]:
    """Lower-case words without stop words, without a plural's s."""
    found = (word for word in _WORD.findall(text.lower()) if word not in _STOP)
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found]


def shared_words(question: str, text: str) -> int:
    return len(set(words(question)) & set(words(text)))


class BM25:
    """Ranks texts for a question (Robertson and Zaragoza 2009)."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / max(len(lengths), 1) or 1
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            for word, times in count.items():
                weight = times * (K1 + 1) / (times + K1 * (1 - B + B * length / mean))
                self._postings[word].append((place, weight))
        self._texts = len(counts)

    def best(self, question: str, limit: int) -> list[int]:
        """The places of the texts that share a word with the question, best first."""
        scores: dict[int, float] = defaultdict(float)
        for word in set(words(question)):
            postings = self._postings.get(word, [])
            weight = math.log(1 + (self._texts - len(postings) + 0.5) / (len(postings) + 0.5))
            for place, score in postings:
                scores[place] += weight * score
        return sorted(scores, key=lambda place: (-scores[place], place))[:limit]
