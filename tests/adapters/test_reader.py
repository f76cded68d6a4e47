"""The embedded reader: what it marks, within what bounds, how fast it loads and reads, and its files."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from qa import sentences
from qa.adapters import reader as adapter
from qa.adapters.reader import TRAINED, Reader
from qa.adapters.safetensors import dequantized, read
from qa.errors import NotConfigured

TEXT = (
    "The old harbour bridge opened in May 1901. It was closed in 1960 after a fire, mayor Ruth Adeyemi said on Friday."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def best(reader: Reader, question: str, text: str = TEXT) -> tuple[str, float]:
    ((span,),) = reader.read(question, [text], [[(0, len(text))]])
    assert span
    return text[span.start : span.end], span.margin


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did the bridge open?", "1901"),
        ("In which year was it closed?", "1960"),
        ("Who said that it was closed?", "Ruth Adeyemi"),
        ("why was the bridge closed", "fire"),
    ],
)
def test_the_words_that_answer_are_marked(reader: Reader, question: str, answer: str) -> None:
    found, margin = best(reader, question)
    assert answer in found and len(found) < 40
    assert margin > best(reader, "How much did the tunnel cost?")[1]


def test_each_bound_has_its_own_span(reader: Reader) -> None:
    bounds = sentences.spans(TEXT)
    (spans,) = reader.read("When was it closed?", [TEXT], [bounds])
    for span, (start, end) in zip(spans, bounds, strict=True):
        assert span and start <= span.start < span.end <= end
    assert spans[0] and spans[1] and spans[1].margin > spans[0].margin


def test_a_text_is_read_alike_in_any_company(reader: Reader) -> None:
    texts = [TEXT, TEXT * 3, "Rain.", TEXT * 2]
    together = reader.read("Who spoke?", texts, [[(0, len(t))] for t in texts])
    for text, (found,) in zip(texts, together, strict=True):
        ((alone,),) = reader.read("Who spoke?", [text], [[(0, len(text))]])
        assert alone and found
        assert (alone.start, alone.end) == (found.start, found.end)
        assert alone.margin == pytest.approx(found.margin, abs=1e-3)


def test_what_lies_beyond_the_window_has_no_span(reader: Reader) -> None:
    text = "harbour " * 400
    ((inside, beyond),) = reader.read("What?", [text], [[(0, 800), (2800, 3200)]])
    assert inside and beyond is None


def test_odd_input(reader: Reader) -> None:
    assert reader.read("What?", [], []) == []
    assert reader.read("What?", ["Rain."], [[]]) == [[]]
    assert reader.read("What? " * 200, ["It rains.\udce9"], [[(0, 9)]])[0][0]


def test_threads_may_share_one(reader: Reader) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: best(reader, "When did the bridge open?"), range(8)))
    assert len(set(found)) == 1


def test_what_is_missing_is_said_when_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise NotConfigured("The embedded model's files are missing or damaged.")

    monkeypatch.setattr(adapter, "files", missing)
    with pytest.raises(NotConfigured, match="missing"):
        Reader().read("What?", ["Rain."], [[(0, 5)]])


def test_the_file_that_ships_is_small_and_says_where_it_comes_from() -> None:
    assert TRAINED.stat().st_size <= 12_000_000
    _, told = read(TRAINED.read_bytes())
    assert told["licence"] == "CC-BY-SA-4.0" and told["base"].startswith("all-MiniLM-L6-v2")
    float(told["threshold"])


def test_matrices_in_8_bits_are_scaled_by_the_block() -> None:
    integers, scales = np.array([[127, -1, 2, 4]], np.int8), np.array([[0.5, 2.0]], np.float16)
    found = dequantized({"a": integers, "a.scale": scales, "b": np.array([1.5], np.float16)})
    assert found["a"].tolist() == [[63.5, -0.5, 4.0, 8.0]] and found["b"].dtype == np.float32
    assert "head.weight" in read(TRAINED.read_bytes())[0]


def test_reading_eight_passages_is_quick(reader: Reader) -> None:
    text = TEXT * 8  # about 200 tokens
    bounds = [sentences.spans(text)] * 8
    times = []
    for _ in range(4):
        started = time.perf_counter()
        reader.read("When was it closed?", [text] * 8, bounds)
        times.append(time.perf_counter() - started)
    assert min(times) < 1.5  # 0.3 s on two idle cores; tests may share them
