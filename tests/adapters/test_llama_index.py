"""Splitting keeps exact offsets and every word; a plain LlamaIndex program reads our index."""

import socket
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import chromadb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_fakes import FakeEmbedder, article, newspaper
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.vector_stores.chroma import ChromaVectorStore

from qa.adapters.llama_index import EmbedderForLlamaIndex, as_index, retriever, split
from qa.domain import Article
from qa.errors import IndexDamaged, NotConfigured, UsageError
from qa.indexing import refresh

count = FakeEmbedder().count_tokens


def checked(a: Article) -> list[str]:
    """The passages, after the promises that hold for every article."""
    spans = split(a, count)
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    covered = set(range(len(a.text)))
    for start, end in (*spans, *a.asides):
        covered -= set(range(start, end))
    assert not any(a.text[i].isalnum() for i in covered), "a word is in no passage"
    for start, end in spans:
        assert not any(
            start < aside_end and aside_start < end for aside_start, aside_end in a.asides if aside_start < aside_end
        )
    passages = [a.text[start:end] for start, end in spans]
    for passage in passages:
        assert passage == passage.strip() != ""
        assert count(passage) <= 200
        assert len(passage) <= 4000
    return passages


def test_a_short_article_is_one_passage() -> None:
    assert checked(article("a", "\n  One sentence. Another.\n\nA paragraph.  \n")) == [
        "One sentence. Another.\n\nA paragraph."
    ]


def test_passages_end_with_sentences() -> None:
    passages = checked(article("a", "Word and word and many more words stand here. " * 60))
    assert len(passages) > 2
    assert all(p.endswith("here.") for p in passages)


def test_repeated_text_is_found_where_it_stands() -> None:
    paragraph = "The same words again. " * 30
    passages = checked(article("a", "\n\n".join([paragraph] * 6)))
    assert len(passages) >= 6


def test_asides_are_in_no_passage() -> None:
    text = "HEADLINE\n\nFirst part.\n\nADVERTISEMENT\n\nSecond part.\n\n   \n\nCREDITS"
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("ADVERTISEMENT", "HEADLINE", "CREDITS")]
    assert checked(article("a", text, asides=tuple(spans))) == ["First part.", "Second part."]
    assert checked(article("a", text, asides=((0, len(text)),))) == []
    assert checked(article("a", "one two three", asides=((0, 7), (4, 8), (2, 3)))) == ["three"]


def test_giants_are_cut() -> None:
    assert len(checked(article("a", "x" * 50_000))) > 10
    assert len(checked(article("a", "word " * 1000))) >= 5
    assert len(checked(article("a", "a," * 1000))) >= 5
    assert len(checked(article("a", "一二三四五" * 2000))) >= 2
    assert checked(article("a", " \n\t\n ")) == checked(article("a", "* * *\n\n—")) == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_text(data: st.DataObject) -> None:
    words = st.sampled_from(
        [
            "word",
            "U.S.",
            "a",
            "\n\n",
            "\n",
            "\n\n\n",
            " ",
            "\u2003",
            "é",
            "🎉",
            ".",
            "?!",
            "“Yes.”",
            "x" * 150,
            "。",
            "\x1c",
        ]
    )
    text = "".join(data.draw(st.lists(words, max_size=400)))
    position = st.integers(0, len(text))
    asides = data.draw(st.lists(st.tuples(position, position).map(lambda ab: (min(ab), max(ab))), max_size=3))
    checked(article("a", text, asides=tuple(asides)))


def test_splitting_needs_no_data_of_nltk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setenv("NLTK_DATA", str(tmp_path))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert len(checked(article("a", "Word and word and many more words stand here. " * 60))) > 2


# ── a plain LlamaIndex program


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    undated = article("undated", "An article about quinces. Nobody knows when.", title="Quinces")
    refresh(tmp_path / "index", [*newspaper(8), undated], FakeEmbedder())
    return tmp_path / "index"


def test_a_plain_llama_index_program_reads_our_index(folder: Path) -> None:
    collection = chromadb.PersistentClient(path=str(folder / "chroma")).get_collection("passages")
    index = VectorStoreIndex.from_vector_store(
        ChromaVectorStore(chroma_collection=collection), embed_model=EmbedderForLlamaIndex(FakeEmbedder())
    )
    found = index.as_retriever(similarity_top_k=1).retrieve("topic5 detail5x2 paragraph 2 of story 5")[0]
    source = newspaper(8)[5]
    node = found.node
    assert isinstance(node, TextNode)
    assert "detail5x2" in node.text
    assert node.text == source.text[node.start_char_idx : node.end_char_idx]
    assert node.ref_doc_id == "news005"
    assert node.metadata == {
        "title": "Story 5",
        "published": 20250606,
        "publisher": "Reuters",
        "url": "https://example.org/5",
        "article": "news005",
    }
    chromadb.api.shared_system_client.SharedSystemClient.clear_system_cache()


def test_our_helpers_do_the_same(folder: Path) -> None:
    nodes = retriever(folder, FakeEmbedder(), k=3).retrieve("quinces")
    assert len(nodes) == 3
    assert nodes[0].node.metadata == {"title": "Quinces", "article": "undated"}
    since = MetadataFilters(filters=[MetadataFilter(key="published", operator=FilterOperator.GTE, value=20250808)])
    dated = as_index(folder, FakeEmbedder()).as_retriever(similarity_top_k=50, filters=since).retrieve("quinces")
    assert {n.node.metadata["article"] for n in dated} == {"news007"}
    assert date(2025, 8, 8) == newspaper(8)[7].published


def test_no_index_for_llama_index(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(NotConfigured):
        as_index(tmp_path / "none", FakeEmbedder())
    with pytest.raises(UsageError, match="made by the embedder fake-256"):
        as_index(folder, FakeEmbedder("other"))
    (folder / "chroma" / "chroma.sqlite3").unlink()
    with pytest.raises(IndexDamaged):
        as_index(folder, FakeEmbedder())


def test_the_embedder_for_llama_index_embeds_alike() -> None:
    ours, wrapped = FakeEmbedder(), EmbedderForLlamaIndex(FakeEmbedder())
    texts = ["one", "two"]
    assert wrapped.get_text_embedding_batch(texts) == ours.embed(texts)
    assert wrapped.get_query_embedding("one") == wrapped.get_text_embedding("one") == ours.embed(["one"])[0]
    assert wrapped.model_name == "fake-256"
    assert isinstance(wrapped, BaseEmbedding)
