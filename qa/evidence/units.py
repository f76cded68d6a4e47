"""What numbers count: per cent, currencies, measures; each under one name, as "euros", "EUR" and "€" are "€".

    read("30 percent of it", 2)  → Unit(end=10, name="%")

All texts here are in lower case.
"""

import re
from typing import NamedTuple

from qa.evidence.numerals import either

_CURRENCIES = {
    "$": "dollar usd us$ buck",
    "£": "pound gbp quid",
    "€": "euro eur",
    "¥": "yen jpy",
    "CN¥": "yuan renminbi cny rmb",
    "₹": "rupee inr rs",
    "₩": "won krw",
    "₽": "ruble rouble rub",
    "CHF": "franc chf",
    "A$": "aud au$",
    "C$": "cad ca$",
    "HK$": "hkd",
    "NZ$": "nzd",
    "S$": "sgd",
    "NT$": "twd",
    "R$": "brl reais",
    "peso": "peso",
    "rand": "rand",
    "lira": "lira",
    "shekel": "shekel",
    "krona": "krona kronor krone kroner",
    "zloty": "zloty",
    "baht": "baht",
    "naira": "naira",
    "hryvnia": "hryvnia",
    "bitcoin": "bitcoin",
}
CURRENCIES = frozenset(_CURRENCIES)
STRICT = CURRENCIES | {"%", "pp"}
"""Units without which a number is another one: "30" is not "30%"."""
HUNDREDTHS = {"cent": "$", "pence": "£", "penny": "£"}
YEARS = {"decade": 10, "century": 100}
_NATIONS = {
    "us": "$", "u.s.": "$", "american": "$", "australian": "A$", "canadian": "C$", "hong kong": "HK$",
    "new zealand": "NZ$", "singapore": "S$", "taiwan": "NT$",
}  # fmt: skip
_MEASURES = (
    "second sec", "minute min", "hour hr", "day", "week", "month", "year yr", "decade", "century centurie", "mile mi",
    "kilometer kilometre km", "meter metre", "centimeter centimetre cm", "millimeter millimetre mm", "foot feet ft",
    "inch", "yard", "ton tonne", "kilogram kilogramme kg kilo", "gram gramme", "ounce oz", "lb", "degree", "gallon",
    "barrel", "liter litre", "acre", "hectare", "mph", "kph", "megawatt mw", "gigawatt gw", "kilowatt kw", "point",
)  # fmt: skip
_NAMES = (
    {word: sign for sign, words in _CURRENCIES.items() for word in words.split()}
    | {alias: names.split()[0] for names in _MEASURES for alias in names.split()}
    | {name: name for name in HUNDREDTHS}
)

SIGN = r"(?:(?:us|au?|ca?|hk|nz|nt|r|s)?\$|(?:cn)?¥|[£€₹₩₽])"
_CODES = "usd eur gbp jpy cny rmb inr krw chf aud cad hkd nzd sgd rs"
CODE = rf"(?:{either(_CODES.split())})\b\.?(?=\s?\d)"
STARTERS = frozenset(_CODES.split())
# Words that may part a number from its unit: "two more weeks", "30 square miles", "8 or so hours".
_BETWEEN = (
    r"(?:more|additional|extra|full|straight|consecutive|whole|working|business|square|cubic|metric|nautical|light|odd"
    r"|or\s+so)[\s-]+"
)
_UNIT = re.compile(
    rf"""[\s-]?(?P<percent>%|％|per[\s-]?cent\b|pct\b)|[\s-]+(?P<points>percentage[\s-]points?|pp)\b
      | \s?°(?:\s?(?P<scale>[cf])\b)?
      | (?P<gap>[\s-]+(?:{_BETWEEN})?|(?<=\d))(?:(?P<nation>{either([n.replace(".", "[.]") for n in _NATIONS])})\s+)?
        (?P<word>{either(list(_NAMES))})(?P<plural>e?s)?\b(?:\s+(?P<degrees>celsius|fahrenheit|c|f)\b)?(?P<ago>\s+ago\b)?""",
    re.VERBOSE,
)


class Unit(NamedTuple):
    end: int
    name: str
    singular: bool = False
    """A single word after a blank: "2024 second" rarely means seconds."""
    ago: bool = False


def read(text: str, at: int) -> Unit | None:
    """The unit that follows a number which ends at `at`."""
    match = _UNIT.match(text, at)
    if not match:
        return None
    if match["percent"] or match["points"]:
        return Unit(match.end(), "%" if match["percent"] else "pp")
    if not match["word"]:
        return Unit(match.end(), f"°{match['scale']}" if match["scale"] else "degree")
    name = _NAMES[match["word"]]
    if name == "$" and match["nation"]:
        name = _NATIONS[match["nation"]]
    if name == "degree" and match["degrees"]:
        name = f"°{match['degrees'][0]}"
    return Unit(
        match.end(),
        name,
        not match["plural"] and match["word"] != "feet" and match["gap"].isspace(),
        bool(match["ago"]),
    )


def of_sign(sign: str) -> str:
    """The currency of a sign or code: "us$" and "usd" are "$"."""
    sign = sign.rstrip(". ")
    return _NAMES.get(sign, sign.upper())


def same(one: str, other: str) -> bool:
    """Whether a number of one unit may be meant by the same number of the other."""
    if one == other or {one, other} in ({"point", "pp"}, {"¥", "CN¥"}, {"£", "lb"}):
        return True
    return "degree" in (one, other) and bool({one, other} & {"°c", "°f"})
