"""The bundled articles, and the five that they were modelled on where those are at hand."""

from datetime import date
from pathlib import Path

import pytest

from qa.content.articles import read
from qa.domain import Article

BUNDLED = Path(__file__).parents[2] / "seeds"
MODELS = Path(__file__).parents[3] / "shared" / "seeds"
DAY = date(2025, 9, 19)


def by_number(folder: Path) -> dict[str, Article]:
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    found = list(read([folder]))
    assert all(isinstance(each, Article) for each in found)
    return {each.id[:3]: each for each in found if isinstance(each, Article)}


def asides(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in article.asides]


BUNDLED_TITLES = {
    "000": "For the first time in three months, United States President Donald Trump spoke by phone on Friday",
    "001": "Trump and Xi Look for TikTok Breakthrough to Ease Tensions Between U.S. and China",
    "002": "For the first time since being re-elected, President Donald Trump will meet Chinese President Xi",
    "003": "HONG KONG — After a call with Chinese leader Xi Jinping on Friday morning, President Donald Trump",
    "004": "Washington DC - After speaking with Chinese President Xi Jinping, US President Donald Trump on",
}
MODEL_TITLES = {
    "000": "United States President Donald Trump and Chinese President Xi Jinping held a phone conversation on",
    "001": "Trump, Xi Seek Breakthrough on TikTok in Bid to Ease U.S.-China Tensions",
    "002": "President Donald Trump announced that he and Chinese President Xi Jinping will have their first",
    "003": "HONG KONG — President Donald Trump said that he had made progress on several issues with Chinese",
    "004": "Washington DC - US President Donald Trump hailed Friday what he called progress with Chinese",
}


@pytest.mark.parametrize(("folder", "titles"), [(BUNDLED, BUNDLED_TITLES), (MODELS, MODEL_TITLES)])
def test_seeds(folder: Path, titles: dict[str, str]) -> None:
    articles = by_number(folder)
    assert {number: article.title for number, article in articles.items()} == titles
    dates = {"000": DAY, "001": None, "002": DAY, "003": None, "004": DAY}
    assert {number: article.published for number, article in articles.items()} == dates
    assert not any("date 2025" in article.text for article in articles.values())
    assert asides(articles["000"]) == []
    assert asides(articles["001"]) == [titles["001"]]
    caption, advertisement = asides(articles["002"])
    assert caption == articles["002"].text.split("\n")[0]
    assert caption.startswith("(Background)")
    assert caption.endswith("(Photo by Lintao Zhang/Getty Images)")
    assert advertisement == "Advertisement"
    (promo,) = asides(articles["003"])
    assert promo.startswith("For more ")
    assert promo.endswith("in 15 minutes or less.")
    (credit,) = asides(articles["004"])
    assert credit == articles["004"].text.split("\n")[2]
    assert credit.endswith("© ANDREW CABALLERO-REYNOLDS and SUO TAKEKUMA / various sources / AFP")
