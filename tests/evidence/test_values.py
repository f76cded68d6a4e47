"""Values compare by meaning: which of them a text states, and which words of an article hold them."""

from datetime import date

import pytest
from evidence.checking import FRIDAY, article, check
from hypothesis import given
from hypothesis import strategies as st

from qa.evidence import values

# Each row: two ways to write one value, which hold each other in an article of Friday, September 19, 2025.
SAME = [
    # the contract's own
    ("Dec. 16", "December 16th"),
    ("the sixteenth of December", "Dec. 16"),
    ("four times", "the fourth time"),
    ("4 times", "four times"),
    ("30 percent", "30%"),
    ("3.8bn", "3.8 billion"),
    # numbers
    ("1,250 homes", "1250 homes"),
    ("twenty-one", "21"),
    ("two hundred and five thousand", "205,000"),
    ("a hundred", "100"),
    ("a dozen", "12"),
    ("half a dozen", "six"),
    ("10 000", "10,000"),
    ("1,00,000", "100,000"),
    ("170m", "170 million"),
    ("170-million", "170,000,000"),
    ("1.5k", "1,500"),
    ("half a million", "500,000"),
    ("two and a half million", "2.5 million"),
    ("3½ years", "3.5 years"),
    ("nineteen eighty-four", "1984"),
    ("2nd", "second"),
    ("the 16th", "December 16"),
    # amounts
    ("$5 million", "5 million dollars"),
    ("US$5m", "$5 million"),
    ("€4.5bn", "4.5 billion euros"),
    ("£3", "three pounds"),
    ("5 million Australian dollars", "A$5m"),
    ("Rs 500 crore", "₹5 billion"),
    ("99 cents", "$0.99"),
    # shares
    ("thirty per cent", "30 pct"),
    ("a 30-percent rise", "30%"),
    ("half of them", "50 percent"),
    ("two-thirds", "two thirds"),
    ("three quarters", "75%"),
    ("1/4", "a quarter of it"),
    ("5 percentage points", "5 points"),
    # measures
    ("90 minutes", "ninety-minute"),
    ("two decades", "20 years"),
    ("a 45-year-old", "45 years old"),
    ("45 years old", "Smith, 45, said"),
    ("10 kilometres", "10 km"),
    ("3 degrees Celsius", "3°C"),
    ("8 or so hours", "eight hours"),
    # ranges and scores
    ("10 to 30 percent", "10%-30%"),
    ("between 10 and 30 percent", "10-30%"),
    ("$3 to $4 billion", "$3-4 billion"),
    ("3-2", "3–2"),
    ("3-2", "three to two"),
    ("2024-25", "2024-2025"),
    # decades
    ("the 1980s", "the '80s"),
    # dates
    ("16 December 2025", "Dec. 16, 2025"),
    ("2025-12-16", "the sixteenth of December, 2025"),
    ("12/16/2025", "December 16, 2025"),
    ("16.12.2025", "16 December 2025"),
    ("03/04/2025", "March 4, 2025"),
    ("Oct. 30-31", "October 30 and October 31"),
    ("Friday, October 31st", "31 October"),
    ("July Fourth", "the Fourth of July"),
    # what the article's date tells
    ("December 16, 2025", "Dec. 16"),
    ("in 2025", "on Dec. 16"),
    ("September 16", "on Tuesday"),
    ("Tuesday", "September 16"),
    ("Tuesday, September 16, 2025", "on Tuesday"),
    ("September 12", "last Friday"),
    ("2024", "last year"),
    ("2026", "next year"),
    ("October 2025", "next month"),
    ("August", "last month"),
    ("September 18", "yesterday"),
    ("2020", "five years ago"),
    ("December 2024", "last December"),
    ("January 2026", "next January"),
    # times of day
    ("8 a.m.", "08:00"),
    ("8am", "eight in the morning"),
    ("4:30 p.m.", "16:30"),
    ("noon", "1200 GMT"),
    ("midnight", "12 a.m."),
    ("8 o'clock", "8 p.m."),
]

# Each row: what is stated, and what does not hold it.
DIFFERENT = [
    ("five", "four"),
    ("14", "4"),
    ("12,500", "1,250"),
    ("1.5", "15"),
    ("1,5 million", "1,7 million"),
    ("5 percent", ".5 percent"),
    ("-5%", "5%"),
    ("the third", "the fourth"),
    ("for the second time", "for the first time"),
    ("second-largest", "third-largest"),
    ("170 billion", "170 million"),
    ("170", "170 million"),
    ("a million", "half a million"),
    ("30", "30%"),
    ("30%", "30"),
    ("30 percentage points", "30 percent"),
    ("$30", "30"),
    ("30", "$30"),
    ("€30", "$30"),
    ("A$30", "$30"),
    ("30 million euros", "30 million dollars"),
    ("90 hours", "90 minutes"),
    ("21 days", "21 economies"),
    ("two weeks", "two months"),
    ("two percent", "three percent"),
    ("one million", "two million"),
    ("3°F", "3°C"),
    ("a quarter of them", "a third of them"),
    ("half of them", "60%"),
    ("½", "⅓"),
    ("hundreds", "thousands"),
    ("thousands", "5 million"),
    ("millions", "3,000"),
    ("3-3", "3-2"),
    ("2-2", "3-2"),
    ("10 to 40 percent", "10 to 30 percent"),
    ("in 1980", "in the 1980s"),
    ("the 1990s", "the 1980s"),
    ("16 people", "Dec. 16"),
    ("December 17", "Dec. 16"),
    ("November 16", "Dec. 16"),
    ("December 16, 2024", "Dec. 16"),
    ("December 16, 2026", "Dec. 16"),
    ("January 2025", "2025"),
    ("Wednesday, December 16", "Dec. 16"),
    ("Monday", "September 16"),
    ("September 9", "on Tuesday"),
    ("September 23", "was approved on Tuesday"),
    ("September 19", "Friday, October 31st"),
    ("2023", "last year"),
    ("January 2026", "he returned in January"),
    ("last month", "this month"),
    ("next Friday", "last Friday"),
    ("8 p.m.", "8 a.m."),
    ("08:30", "8 a.m."),
    ("midnight", "noon"),
]


def held(stated: str, quoted: str, published: date | None = FRIDAY) -> bool:
    """Whether `quoted` holds every value that `stated` has."""
    found = [v for v in values.find(stated) if not v.prose]
    assert found, f"no value in {stated!r}"
    return all(values.holds(value, values.find(quoted), published) for value in found)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_say_one_thing(one, other):
    assert held(one, other)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_the_same_words(one, other):
    assert all(values.holds(value, values.find(one), FRIDAY) for value in values.find(one))
    assert all(values.holds(value, values.find(other), None) for value in values.find(other))


@pytest.mark.parametrize(("stated", "quoted"), DIFFERENT)
def test_two_different_things(stated, quoted):
    assert not held(stated, quoted)


@pytest.mark.parametrize(
    "prose",
    [
        "one of them",
        "the two sides",
        "no one",
        "First, it ended",
        "the second is easier",
        "he may go",
        "they march on",
        "April Jones and Jan Smith",
        "G20, B2B and Covid-19",
        "an F-16 of the U.S.",
        "a minute of your time",
        "the day of the year",
        "he won again",
    ],
)
def test_no_values(prose):
    assert [v.text for v in values.find(prose) if not v.prose] == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("in 2020 won the race", ["2020"]),
        ("in 2024 second quarter profits", ["2024", "second"]),
        ("five and six people", ["five", "six"]),
        ("between one hundred and two hundred", ["one hundred", "two hundred"]),
        ("5 million two years ago", ["5 million", "two years ago"]),
        ("On Dec. 16 and 12 others", ["Dec. 16", "12"]),
        ("Mid-2025 or mid-2026", ["2025", "2026"]),
        ("June 18 – 3 p.m.", ["June 18", "3 p.m."]),
        ("the 5 may go past June 1, 2021.", ["5", "June 1, 2021"]),
        ("Oct. 31-Nov. 1", ["Oct. 31", "Nov. 1"]),
        ("87%-12%", ["87%", "12%", "87%-12%"]),
        ("1,5, 17.1.2 and .5", ["1,5", "17.1.2", ".5"]),
    ],
)
def test_where_one_value_ends_and_the_next_begins(text, stated):
    assert [v.text for v in values.find(text) if not v.prose] == stated


@pytest.mark.parametrize(
    ("stated", "quoted", "holds"),
    [
        ("Friday", "on Friday", True),
        ("Dec. 16", "December 16th", True),
        ("Tuesday, December 16, 2025", "December 16, 2025", True),  # a full date has its weekday anywhere
        ("September 19", "on Friday", False),
        ("Tuesday, December 16", "Dec. 16", False),
        ("December 16, 2025", "Dec. 16", False),
        ("2025", "Dec. 16", False),
        ("2024", "last year", False),
        ("last year", "last year", True),
        ("September 18", "yesterday", False),
    ],
)
def test_an_undated_article_resolves_none(stated, quoted, holds):
    assert held(stated, quoted, None) is holds


@pytest.mark.parametrize(
    ("published", "quoted", "stated", "holds"),
    [
        (date(2026, 1, 5), "was arrested on Dec. 16", "December 16, 2025", True),
        (date(2025, 12, 20), "will open on Jan. 5", "January 5, 2026", True),
        (date(2025, 12, 20), "will open on Jan. 5", "January 5, 2024", False),
        (date(2025, 2, 1), "is set for Dec. 16", "December 16, 2025", True),
        (date(2025, 9, 15), "on Friday", "September 12", True),
        (date(2025, 9, 15), "will meet on Friday", "September 19", True),
        (date(2025, 9, 15), "next Friday", "September 19", True),
        (date(2024, 2, 29), "tomorrow", "March 1, 2024", True),
        (date(2024, 3, 1), "yesterday", "February 29, 2024", True),
        (date(2025, 1, 1), "last month", "December 2024", True),
        (date(9999, 12, 31), "tomorrow, next Friday, Dec. 31", "January 1", False),
        (date(1, 1, 1), "yesterday, last Friday, 500 days ago", "December 31", False),
    ],
)
def test_years_and_weekdays_come_from_the_articles_date(published, quoted, stated, holds):
    assert held(stated, quoted, published) is holds


EVENT = article(
    "Tariffs are capped at 30%. The fee is $5 million. It was moved to Dec. 16, 2024, from Oct. 30-31. They sat from "
    "Friday, October 31st. It took 90 minutes. The rate is 11.5 now."
)


@pytest.mark.parametrize(
    ("said", "quote", "verdict"),
    [
        ("The cap is 30%", "Tariffs are capped at 30%", "grounded"),
        # a figure cut by the end of its quote is not held by it
        ("The cap is 30", "Tariffs are capped at 30", "value"),
        ("The cap is 30%", "Tariffs are capped at 30", "value"),
        ("The fee is $5", "The fee is $5", "value"),
        ("The fee is 5 million", "5 million. It was moved", "value"),
        ("It took 90", "October 31st. It took 90", "value"),
        # but the year that a quote leaves out comes from its sentence, before it comes from the article's date
        ("It was moved to December 16", "It was moved to Dec. 16", "grounded"),
        ("It was moved to December 16, 2024", "It was moved to Dec. 16", "grounded"),
        ("It was moved to December 16, 2025", "It was moved to Dec. 16", "value"),
        ("It was moved from October 30", "moved to Dec. 16, 2024, from Oct. 30", "grounded"),
        ("They sat from October 31", "October 31st. It took 90 minutes", "grounded"),
        # values outside all quotes are not held, though the article has them
        ("The cap is 30% and the fee $5 million", "Tariffs are capped at 30%", "value"),
    ],
)
def test_a_quote_holds_what_stands_in_it_whole(said, quote, verdict):
    assert check(f'{said} [1: "{quote}"].', EVENT) == [verdict]


def test_several_quotes_hold_together():
    reply = 'The cap is 30% and the fee $5 million [1: "Tariffs are capped at 30%"] [1: "The fee is $5 million"].'
    assert check(reply, EVENT) == ["grounded"]


def test_a_value_of_the_question_needs_its_evidence_too():
    reply = 'The talks of 40 minutes were capped [1: "Tariffs are capped at 30%"].'
    assert check(reply, EVENT, question="Did the talks last 40 minutes?") == ["value"]


def test_one_and_two_in_prose_are_no_values():
    reply = 'The two sides had one thing in mind [1: "Tariffs are capped at 30%"].'
    assert check(reply, EVENT) == ["grounded"]


@given(st.text(alphabet="0123456789.,-$€% abMayDecthirtytoandFri:/", max_size=60))
def test_whatever_is_found_stands_where_it_is_said_to(text):
    for value in values.find(text):
        assert value.text.lower() == text[value.start : value.end].strip().lower()
        assert value.start <= value.core[0] < value.core[1] <= value.end
        assert value.meanings


@given(st.integers(0, 10**12))
def test_figures_with_and_without_commas(n):
    assert held(f"{n}", f"{n:,}")
    assert not held(f"{n + 1}", f"{n:,}")


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_every_day_in_every_form(day):
    forms = [
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
        f"{day:%Y-%m-%d}",
        f"{day:%A, %B %d, %Y}",
    ]
    for one in forms:
        for other in forms:
            assert held(one, other, None)
