"""How the keyless answer is worded: the words that answer where that is safe, and their whole sentence where not.

short("How long will it last?", "It is to last about 26 months.", 20, 29)                → "About 26 months."
short("How many fell ill?", "Officials denied that 42 people fell ill.", 22, 31)         → None: the sentence itself

Nothing is put together from the question: that a name stands in the quote does not show that it did what was asked.
"""

import re

from qa import asking, words

_LONGEST = 8
"""Words; what is longer is better read in its sentence."""
_NOT_SO = re.compile(
    r"\b(?:not|no|nor|neither|never|none|without|unless|if|whether|instead|rather|except|but|half|one in|would|could|until|"
    r"den(?:y|ies|ied|ying)|refus\w+|reject\w+|dismiss\w+|false\w*|wrong\w*|claim\w*|alleg\w+|accus\w+|charg\w+|suspect\w*|"
    r"disput\w+|suggest\w*|suppos\w+|rumou?r\w*|acquit\w*|postpon\w+|delay\w* (?:from|to)|due to|below|above|pass(?:ed|es)|"
    r"top(?:ped|s)|exceed\w*|former\w*|(?:hour|day|week|month|year)s? (?:before|after)|out of|of the)\b|n['’]t\b",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\b(?:may|might)\b")  # and not the month
"""Taken out of a sentence with one of these, its words may say something else."""
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|over|under|at (?:least|most)|more than|less than|fewer than|"
    r"up to|as (?:many|much|few|little) as|an estimated|an average of|a maximum of|a minimum of|early|late|mid|by|since|"
    r"within)[ -]\Z",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(r"(?:\b(?:from|between|to|and|or|before|after|than)|[-–—/$€£]|\d[.,])\s*\Z", re.IGNORECASE)
_PART_AFTER = re.compile(
    r"\s*(?:(?:to|or|and|more|of|per|percent|a|hundred|thousand|[mbtr]+illion|bn|tn|m|k)\b|[-–—/%]|[.,]?\d)",
    re.IGNORECASE,
)
"""Beside these the words are a part of a range, a list, a share or a longer figure."""
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))


def short(question: str, sentence: str, start: int, end: int) -> str | None:
    """An answer of the words `sentence[start:end]`; None where they might mislead without their sentence."""
    kind = asking.asks_for(question)
    named = kind in asking.NAMED_KINDS
    lead = None if named else _ABOUT.search(sentence[:start])
    first = lead.start() if lead else start
    value = sentence[first:end].strip(" ,;:.–—-\n")
    if (
        not (named or kind in asking.EXACT_KINDS)
        or asking.offers(kind, value, question) < 0.5
        # "Who met Xi?" is not answered by "Xi Jinping".
        or (named and set(words.stems(value)) & set(words.stems(question)))
        or not 0 < len(value.split()) <= _LONGEST
        or _NOT_SO.search(sentence)
        or _MAYBE.search(sentence)
        or _PART_BEFORE.search(sentence[:first])
        or _PART_AFTER.match(sentence, end)
        or value.count('"') % 2
        or any(value.count(a) != value.count(b) for a, b in _PAIRS)
    ):
        return None
    # "iPhone" stays as it is.
    told = value[0].upper() + value[1:] if value.split()[0].split("-")[0].islower() else value
    return told if told.endswith(".") else f"{told}."
