"""A stated date is a whole one or none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.content.dates import parse

DAY = date(2025, 9, 19)


@pytest.mark.parametrize(
    "text",
    [
        "2025-09-19",
        "2025-9-19",
        "20250919",
        "2025/09/19",
        "19.09.2025",
        "09/19/2025",
        "September 19, 2025",
        "Sept. 19, 2025",
        "19th of September 2025",
        "Friday,\n 19 September 2025",
        "Fri, 19 Sep 2025 10:00:00 EST",
        "September 19, 2025 at 5:03 p.m. EDT",
        "2025-09-19T23:30:00Z",
        "2025-09-19T23:30:00.000-05:00",
        "2025-09-19T00:10:00+09:00",
    ],
)
def test_reads_a_whole_date_in_its_own_zone(text: str) -> None:
    assert parse(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "yesterday", "today", "now", "Friday", "10:30", "19", "2025", "March", "March 2025", "19 September"),
        *("Friday 2025", "2025-09", "2025-13-45", "2025-02-30", "Sept. 31, 2025", "2025-09-00", "19 Sep 25"),
        *("1758240000", "1712052359", "03/04/2025", "sept", "2025-09-19 or so", "9" * 5000, "\ud83d"),
    ],
)
def test_makes_up_no_date(text: str) -> None:
    assert parse(text) is None


PIECES = ["2025", "Sept", "19", "-", "/", " ", ",", ":", "T", "Z", "+05:00", "am", "Friday", "th", "99999999999", "nan"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join))
def test_whatever_it_reads_the_year_is_written(text: str) -> None:
    found = parse(text)
    assert found is None or str(found.year) in text
