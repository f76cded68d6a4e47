"""Words that a sentence puts in quotation marks: they say that somebody used them, so that they must stand in an article.

find('Xi said it "balances interests" and ‘more’.')  → ["balances interests", "more"]
"""

import re

_OPENING, _CLOSING = "“„«‟「『", "”»」』"
_MARK = re.compile(f'[{_OPENING}{_CLOSING}"″]')
_INCHES = re.compile(r"\d['’′]\s?\d{1,2}[\"″”]")
_SINGLE = re.compile(r"(?<!\w)['‘](?=[^\W\d_])(.{1,500}?)(?<=\S)['’](?!\w)")
_EDGES = " .,;:!?…-–—'‘’"


def find(text: str) -> list[str]:
    """What stands in double or single quotation marks; where one mark of two is missing, all up to the end of the text."""
    text = _INCHES.sub(" ", text)
    said: list[str] = []
    outside = ""
    inside, at = False, 0
    for mark in _MARK.finditer(text):
        closes = mark[0] in _CLOSING or inside
        if not closes and mark[0] not in _OPENING:
            before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
            closes = bool(before) and not before.isspace() and not after.isalnum()
        if closes:
            said.append(text[at : mark.start()])
        else:
            outside += text[at : mark.start()] + " "
        inside, at = not closes, mark.end()
    if inside:
        said.append(text[at:])
    else:
        outside += text[at:]
    said += [match[1] for match in _SINGLE.finditer(outside)]
    return [words for part in said if (words := bare(part))]


def bare(words: str) -> str:
    """Words without the punctuation that a writer may give them at either end."""
    return words.strip(_EDGES)
