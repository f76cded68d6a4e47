"""Which words of a question carry its meaning, and their stems, as the lexical index stems them."""

import re
import threading
from functools import lru_cache

STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being between both but by can could
    did do does doing down during each else ever few for from further get gets getting give given go had happen happened
    has have having he her here hers him his how however i if in into is it its itself just let like made make many may
    me might more most much must my no nor not of off on once one only or other our out over own please same say saying
    says she should so some such tell than that the their them then there these they this those through to told too
    under until up upon us use very was we were what whats when where which while who whom whose why will with would
    you your""".split()
)

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.,]\d+)*", re.UNICODE)


def tokens(text: str) -> list[str]:
    """The words and figures of a text in lower case; "U.S." becomes "us", possessives are dropped."""
    plain = re.sub(r"['’]s\b", "", text)
    return [
        match[0].replace(".", "") if match[0][0].isalpha() else match[0] for match in WORD.finditer(plain.casefold())
    ]


def terms(text: str) -> list[str]:
    """The tokens that are not stop words, each once; all tokens where nothing else is left."""
    found = tokens(text)
    kept = [token for token in found if token not in STOP_WORDS and (len(token) > 1 or token.isdigit())]
    return list(dict.fromkeys(kept or found))


# The stemmer holds the word that it works on, and `qa eval` asks several questions at once.
_STEMMING = threading.Lock()


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # the library has no types
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


@lru_cache(maxsize=65536)
def stem(token: str) -> str:
    """The Porter stem of a token."""
    with _STEMMING:
        return str(_stemmer().stemWord(token))


def stems(text: str) -> list[str]:
    """The stems of the terms of a text, each once."""
    return list(dict.fromkeys(stem(term) for term in terms(text)))
