"""Words and their stems."""

from concurrent.futures import ThreadPoolExecutor

from qa import words


def test_threads_that_stem_at_once_get_what_each_would_get_alone() -> None:
    tokens = [f"{stem}{ending}" for stem in words.STOP_WORDS for ending in ("ing", "ations", "fulness", "ised", "ly")]
    words.stem.cache_clear()
    alone = [words.stem(token) for token in tokens]
    for _ in range(5):
        words.stem.cache_clear()
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(words.stem, tokens)) == alone
