"""Prints what the embedded reader can do, on data that nothing was fitted to: `make reader-figures`.

    SQUAD=FILE make reader-figures    the figures of any file in SQuAD 2.0's fields, one question a line, as JSON
    make reader-figures               those of the titles held back, of RealTime QA's questions, and its speed

Answers come from the program itself. The public data sets are read from where they lie beside the checkout; what is not
there is left out with a line. RealTime QA's articles are indexed once, and kept: it takes about 20 minutes, and goes on
where it was interrupted.
"""

import gzip
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import platformdirs

import training
from qa import asking, checking, indexing, sentences
from qa.adapters import safetensors
from qa.adapters.index import Index
from qa.adapters.minilm import FINGERPRINT, MiniLM
from qa.adapters.reader import TRAINED, Reader
from qa.answering import Assistant
from qa.content import articles
from qa.domain import Span
from qa.evaluation import gold
from qa.evaluation.metrics import must_cite
from qa.evaluation.scoring import score
from qa.evaluation.statistics import compare_shares
from qa.evidence import names, values
from qa.picking import SentencePicker
from qa.reading import read_below_titles
from qa.retrieval import Retriever
from training.data import ADVERSARIAL, BENCH, Question, read_squad, split_titles
from training.scoring import Prediction, exact, f1, figures

ROOT = Path(__file__).parents[1]
_PIECE, _OVERLAP = 1000, 300
"""Characters of a passage that are read at once, and how many of them again with the next piece."""
_CHOICES = re.compile(r"\b(?:which of (?:the following|these)|all of the above|except|true or false)\b", re.IGNORECASE)
"""Quiz wording that only makes sense with its choices."""


def main() -> None:
    if file := os.environ.get("SQUAD"):
        print(json.dumps(squad(read_squad(Path(file)))))
        return
    print(f"reading 8 passages      {speed():.2f} s")
    if not BENCH.is_dir():
        print(f"{BENCH} is not there: no figures of SQuAD and RealTime QA.")
        return
    reported = squad(split_titles(read_squad(BENCH / ADVERSARIAL)).reported)
    print("SQuAD 2.0, three titles held back (published, all of dev: BiDAF+ELMo 65.7/67.9, BERT-base 75.7/78.6)")
    print(
        f"  over all EM/F1 {reported['em']}/{reported['f1']}, unanswerable {reported['no_answer_accuracy']}", end=", "
    )
    print(f"{reported['items']} questions")
    print(f"  answerable, made to answer: EM/F1 {reported['has_answer_em']}/{reported['has_answer_f1']}")
    before_and_after()
    altered()
    realtime()


# ── with and without the reader

CLOSENESS = (-4.15, 0.00, 3.01, -8.14, 4.61, -1.20, -2.05, -2.86, 0.00, -0.96, -0.95)
"""The weights of `python -m training.fit` for choosing a sentence without a reader."""


class Blind:
    """A reader that says nothing of any sentence."""

    def read(
        self, question: str, texts: Sequence[str], bounds: Sequence[Sequence[tuple[int, int]]]
    ) -> list[list[Span | None]]:
        return [[None] * len(own) for own in bounds]


def before_and_after() -> None:
    """The same questions by closeness alone and by the reader, in pairs."""
    print("Right and rightly cited, or refused where the articles do not say: by closeness alone, by the reader,")
    print("the difference with its 95% interval (Tango 1998) and McNemar's p")
    for corpus in (ROOT / "seeds", BENCH.parent / "seeds"):
        if corpus.is_dir():
            with tempfile.TemporaryDirectory() as folder:
                embedder = MiniLM()
                indexing.refresh(Path(folder), articles.read([corpus], {}), embedder)
                _in_pairs(f"{corpus.parent.name}/{corpus.name}", Retriever(Index(Path(folder)), embedder))


def _in_pairs(corpus: str, retriever: Retriever) -> None:
    old = Assistant(retriever, SentencePicker(Blind(), weights=CLOSENESS))
    new = Assistant(retriever, SentencePicker(Reader()))
    for name in ("gold.yaml", "held-out.yaml"):
        turns = [item.turns[0] for item in gold.read([ROOT / "eval" / name])]
        for kind, answerable in (("answerable", True), ("unanswerable", False)):
            own = [turn for turn in turns if turn.answerable == answerable]
            before, after = ([_passes(assistant, turn) for turn in own] for assistant in (old, new))
            change = compare_shares(before, after)
            print(
                f"  {corpus} {name:<14} {kind:<13} {statistics.fmean(before):.2f} {statistics.fmean(after):.2f}"
                f" {change.difference:+.2f} [{change.low:+.2f}, {change.high:+.2f}] p {change.p:.3f}, {len(own)} questions"
            )


def _passes(assistant: Assistant, turn: gold.Turn) -> bool:
    found = assistant.ask(turn.question)
    if not turn.answerable:
        return found.status == "abstained"
    cited = must_cite(turn.cite, [citation.article for citation in found.citations])
    return score(turn, found.text).outcome == "right" and cited is not False


# ── the warning light


def altered() -> None:
    """How often a bare value is warned of: a true answer, and another value or name of its own sentence.

    Whole statements say more than a value; how often they are warned of wrongly is not measured here. The weights by which
    sentences are chosen saw these articles; the reader did not, and nothing of the warning was fitted.
    """
    reader = Reader()
    warned: dict[str, list[bool]] = {"true": [], "altered": []}
    for line in (Path(training.__file__).parent / "calibration" / "single.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        text = row["text"]
        for asked in (asked for asked in row["questions"] if asked["answers"]):
            question, answer = asked["question"], asked["answers"][0]
            at = text.find(answer)
            start, end = next((a, b) for a, b in sentences.spans(text) if a <= at < b)
            others = _others(question, answer, text[start:end])
            first, last = max(0, start - 500), end + 300
            passage, bound = text[first:last], (start - first, end - first)
            ((span,),) = read_below_titles(reader, question, [(row["title"], passage)], [[bound]])
            read = passage[span.start : span.end] if span and span.margin > checking.LEAST else ""
            for kind, said in [("true", answer), *(("altered", other) for other in others)] if others else []:
                warned[kind].append(checking.differs(question, said, read))
    print("Warned of, as bare values:", end=" ")
    print(", ".join(f"{sum(found)} of {len(found)} {kind} answers" for kind, found in warned.items()))


def _others(question: str, answer: str, sentence: str) -> list[str]:
    """The other values or names of a sentence that might be given for an answer."""
    kind = asking.asks_for(question)
    if kind in asking.NAMED_KINDS:
        known = {*answer.split(), *question.split()}
        found = [" ".join(run) for run in names.find(sentence) if known.isdisjoint(run)]
    elif kind in asking.EXACT_KINDS:
        apart = [value.text for value in values.find(sentence) if value.text not in answer and answer not in value.text]
        found = [text for text in apart if asking.offers(kind, text, question) >= 0.6]
    else:
        found = []
    return list(dict.fromkeys(found))


# ── SQuAD


def squad(questions: Sequence[Question]) -> dict[str, float]:
    """SQuAD 2.0's figures, by the threshold that came with the reader.

    `has_answer_…` are those of the best span of each answerable question, as if the reader had to answer;
    `has_answer_…_abstaining` those of what it gives by its threshold, which is what `em` and `f1` are made of.
    """
    reader, threshold = Reader(), float(safetensors.read(TRAINED.read_bytes())[1]["threshold"])
    found = figures([_read(reader, q.text, q.passage.text, q.answer_texts) for q in questions], threshold)
    return {
        "items": found["items"],
        "em": found["em"],
        "f1": found["f1"],
        "has_answer_em": found["best_span_em"],
        "has_answer_f1": found["best_span_f1"],
        "has_answer_em_abstaining": found["has_answer_em"],
        "has_answer_f1_abstaining": found["has_answer_f1"],
        "no_answer_accuracy": found["no_answer_accuracy"],
        "threshold": found["threshold"],
    }


def _read(reader: Reader, question: str, text: str, gold: Sequence[str]) -> Prediction:
    pieces = list(_pieces(text))
    read = reader.read(question, [text[a:b] for a, b in pieces], [[(0, b - a)] for a, b in pieces])
    found = [(span, start) for (start, _), (span,) in zip(pieces, read, strict=True) if span]
    if not found:
        return Prediction("", float("-inf"), gold)
    best, start = max(found, key=lambda each: each[0].margin)
    return Prediction(text[start + best.start : start + best.end], best.margin, gold)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Whole sentences, overlapping, so that each piece is read to its end."""
    spans = sentences.spans(text) or [(0, len(text))]
    first = 0
    while first < len(spans):
        last = first
        while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= _PIECE:
            last += 1
        yield spans[first][0], spans[last][1]
        if last + 1 == len(spans):
            return
        again = last + 1
        while again - 1 > first and spans[last][1] - spans[again - 1][0] <= _OVERLAP:
            again -= 1
        first = again


# ── RealTime QA


def realtime() -> None:
    folder = _realtime_index()
    rows = [json.loads(line) for line in (BENCH / "realtimeqa-dev-questions.jsonl").read_text("utf-8").splitlines()]
    retriever, reader = Retriever(Index(folder), MiniLM()), Reader()
    scores: dict[str, list[tuple[float, float]]] = {"all": [], "without quiz wording": [], "article known": []}
    seconds = []
    for n, row in enumerate(rows, 1):
        found = Assistant(retriever, SentencePicker(reader, sure=0.0)).ask(row["question"])
        seconds.append(found.seconds)
        answer = found.value or ""
        score = exact(answer, row["answers"]), f1(answer, row["answers"])
        scores["all"].append(score)
        if not _CHOICES.search(row["question"]):
            scores["without quiz wording"].append(score)
        if row["gold_doc_ids"]:
            scores["article known"].append(score)
        if sys.stderr.isatty():
            print(f"\r{n} of {len(rows)}", end="", file=sys.stderr)
    print(
        "RealTime QA, keyless over 4,083 articles (published: BART with search 12.8/15.6, GPT-3 with search 32.7/40.9)"
    )
    for name, found_scores in scores.items():
        em, mean = (100 * statistics.fmean(column) for column in zip(*found_scores, strict=True))
        print(f"  {name:<21} EM/F1 {em:.1f}/{mean:.1f}, {len(found_scores)} questions")
    print(f"  median {statistics.median(seconds):.2f} s a question")


def _realtime_index() -> Path:
    folder = Path(platformdirs.user_cache_dir("qa")) / "bench" / f"realtimeqa-{FINGERPRINT}"
    if (folder / "complete").exists():
        return folder
    print("Indexing RealTime QA's articles, once …", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "articles.jsonl"
    source.write_bytes(gzip.decompress((BENCH / "realtimeqa-dev-articles.jsonl.gz").read_bytes()))
    indexing.refresh(folder, articles.read([source], {}), MiniLM())
    source.unlink()
    (folder / "complete").touch()
    return folder


# ── speed


def speed() -> float:
    """The least of five times, in seconds, of reading 8 passages of about 200 tokens."""
    reader = Reader()
    sentence = "The minister said on Tuesday that 42 of the plants would close before the end of the year, and gave no reason. "
    text = sentence * 8
    times = []
    for _ in range(5):
        started = time.perf_counter()
        reader.read("How many plants will close?", [text] * 8, [sentences.spans(text)] * 8)
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
