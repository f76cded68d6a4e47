"""How the keyless answer is worded: from the words that answer where that is safe, and as the whole sentence where not.

short("Who will head the inquiry?", "Marta Olsen, a judge, is to head the inquiry.", 0, 11, "")   → "Marta Olsen will head the inquiry."
short("How long will it last?", "It is to last about 26 months.", 20, 29, "")                     → "About 26 months."
short("How many fell ill?", "Officials denied that 42 people fell ill.", 22, 31, "")              → None: the sentence itself
"""

import re

from qa import asking, words

_LONGEST = 8
"""Words; what is longer is better read in its sentence."""
_NOT_SO = re.compile(
    r"\b(?:not|no|nor|neither|never|none|without|unless|if|whether|instead|rather|except|den(?:y|ies|ied|ying)|"
    r"refus\w+|reject\w+|dismiss\w+|false\w*|wrong\w*|could|may|might)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Taken out of a sentence with one of these, its words may say something else."""
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|over|under|at (?:least|most)|more than|less than|fewer than|"
    r"up to|as (?:many|much|few|little) as|an estimated|an average of|a maximum of|a minimum of|between|from|early|late|"
    r"mid|before|after|by|until|since|within)[ -]\Z",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"who (?P<verb>[a-z]+) (?P<rest>.+?)[?. ]*\Z", re.IGNORECASE)
_INVERTED = frozenset("did does do".split())
_AUXILIARIES = frozenset("is are was were has have had will would can could should may might".split())
_NO_SUBJECT = re.compile(r"(?!(?:the|a|an|his|her|its|their|our|my|he|she|it|they|we|you|i|this|that)\b)[a-z]+\b")
_OPEN_END = re.compile(r"\b(?:to|with|for|from|by|about|against|of|at|in|on|as|\w+ing)\Z")


def short(question: str, sentence: str, start: int, end: int, known: str) -> str | None:
    """An answer made of the words `sentence[start:end]`; None where the whole sentence is the safer one.

    `known` is what else a reader is shown to be true beside the sentence: its article's title.
    """
    kind = asking.asks_for(question)
    lead = _ABOUT.search(sentence[:start])
    value = sentence[lead.start() if lead else start : end].strip(" ,;:.–—-")
    if (
        kind not in asking.EXACT_KINDS | asking.NAMED_KINDS
        or asking.offers(kind, value, question) < 0.5
        # "Who met Xi?" is not answered by "Xi Jinping".
        or (kind in asking.NAMED_KINDS and set(words.stems(value)) & set(words.stems(question)))
        or not 0 < len(value.split()) <= _LONGEST
        or _NOT_SO.search(sentence)
        or value.count('"') % 2
        or value.count("“") != value.count("”")
    ):
        return None
    whole = _subject(question, value, f"{sentence} {known}") or value
    first = whole.split()[0]
    return (whole[0].upper() + whole[1:] if first.islower() else whole) + ("" if whole.endswith(".") else ".")


def _subject(question: str, value: str, known: str) -> str | None:
    """ "Who won the race?" → "Marta Olsen won the race", if all that this says is known."""
    asked = _SUBJECT.match(question)
    if not asked or asked["verb"] in _INVERTED or _OPEN_END.search(asked["rest"]):
        return None
    if asked["verb"] in _AUXILIARIES and not _NO_SUBJECT.match(asked["rest"]):
        return None
    claimed = set(words.stems(f"{asked['verb']} {asked['rest']}"))
    return f"{value} {asked['verb']} {asked['rest']}" if claimed <= set(words.stems(known)) else None
