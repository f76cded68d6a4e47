"""Which values of several articles are the same, which cannot both be right, and how relative days are dated."""

from datetime import date

import pytest

from qa import agreement

FRIDAY = date(2025, 9, 19)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("October 30", "October 31"),
        ("Friday, Oct. 31", "October 30"),
        ("145%", "30 percent"),
        ("$3.8 million", "3.8 billion dollars"),
        ("Tuesday", "September 17"),
    ],
)
def test_values_that_cannot_both_be_right(one: str, other: str) -> None:
    assert _differ(one, other)
    assert _differ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oct. 30", "October 30, 2025"),
        ("in October", "October 30"),
        ("Tuesday", "September 16"),
        ("170 million", "171 million users"),
        ("30 percent", "30 days"),
        ("Gyeongju", "Seoul"),
        ("October 30 to November 1", "October 31"),
    ],
)
def test_values_that_may_both_be_right(one: str, other: str) -> None:
    assert not _differ(one, other)


def _differ(one: str, other: str) -> bool:
    told = [agreement.meaning(text, FRIDAY) for text in (one, other)]
    return bool(told[0] and told[1] and agreement.differ(told[0], told[1]))


@pytest.mark.parametrize(
    ("text", "span", "shown"),
    [
        ("It was approved on Tuesday.", "on Tuesday", "It was approved on Tuesday (September 16, 2025)."),
        ("He spoke yesterday of peace.", "yesterday", "He spoke yesterday (September 18, 2025) of peace."),
        ("It fell last month.", "last month", "It fell last month (August 2025)."),
        ("It ends on December 16th.", "December 16th", "It ends on December 16th."),
        ("On Tuesday it paid 30 percent.", "30 percent", "On Tuesday it paid 30 percent."),
    ],
)
def test_a_day_that_counts_from_the_articles_date_is_dated_where_it_answers(text: str, span: str, shown: str) -> None:
    start = text.index(span)
    assert agreement.dated(text, start, start + len(span), FRIDAY) == shown


def test_an_undated_article_dates_nothing() -> None:
    assert agreement.dated("It was on Tuesday.", 7, 17, None) == "It was on Tuesday."
