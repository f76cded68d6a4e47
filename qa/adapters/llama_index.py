"""The door to LlamaIndex: it splits articles, writes their passages as nodes, and is offered our index.

    retriever = as_index(Path("index"), embedder).as_retriever(similarity_top_k=5)
    retriever.retrieve("When does the TikTok extension end?")[0].node.metadata["title"]

Importing it takes 2 seconds, so only indexing does, and who uses LlamaIndex anyway. Its nodes are plain TextNodes with
exact offsets into the article's text, whose `ref_doc_id` is the article's id.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.vector_stores.chroma import ChromaVectorStore

from qa import sentences
from qa.adapters.catalogue import Catalogue, number
from qa.adapters.chroma import BATCH, Vectors, translated
from qa.adapters.index_folder import IndexFolder
from qa.domain import Article, Embedder, Passage, Vector
from qa.errors import UsageError

Span = tuple[int, int]

PASSAGE_TOKENS = 200
CHARACTERS_PER_TOKEN = 20
"""At most. A word too long for the embedder's vocabulary is one token to it, and would make a passage of any size."""


# ── splitting


def split(article: Article, count_tokens: Callable[[str], int]) -> list[Span]:
    """Where the article's passages stand: spans of its text, in order, of at most 200 tokens, whole sentences if it
    can be, without white space at their ends. All of the text is in one of them, except asides and white space.
    """

    def size(text: str) -> int:
        return max(count_tokens(text), -(-len(text) // CHARACTERS_PER_TOKEN))

    splitter = SentenceSplitter(
        chunk_size=PASSAGE_TOKENS,
        chunk_overlap=0,
        tokenizer=lambda text: range(size(text)),
        paragraph_separator="\n\n",
        chunking_tokenizer_fn=_sentences,
        include_metadata=False,
        include_prev_next_rel=False,
    )
    spans: list[Span] = []
    for start, end in _stretches(article):
        for span in _located(article.text, start, end, splitter.split_text(article.text[start:end])):
            spans += _fitted(article.text, *span, size)
    return spans


def _sentences(text: str) -> list[str]:
    # Ours, and not NLTK's Punkt, so that a passage never ends at "Dec." or "Rep.": the picker quotes whole sentences.
    starts = [start for start, _ in sentences.spans(text)]
    starts[:1] = [0]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _stretches(article: Article) -> Iterator[Span]:
    """The text between the asides."""
    position = 0
    for start, end in sorted(article.asides):
        yield position, max(position, start)
        position = max(position, end)
    yield position, len(article.text)


def _located(text: str, start: int, end: int, chunks: Sequence[str]) -> Iterator[Span]:
    """Where in text[start:end] the chunks stand, which follow one another with white space between them.

    A search could find an earlier stretch of the same words. Where a chunk is not what comes next, the splitter has
    changed something, and the rest is one span, as it stands.
    """
    for chunk in chunks:
        start, end = _stripped(text, start, end)
        if not text.startswith(chunk, start, end):
            break
        yield start, start + len(chunk)
        start += len(chunk)
    yield start, end


def _fitted(text: str, start: int, end: int, size: Callable[[str], int]) -> Iterator[Span]:
    """The span, or halves of it, if the splitter made it too large; nothing, if there is no letter or digit in it."""
    start, end = _stripped(text, start, end)
    if not any(character.isalnum() for character in text[start:end]):
        return
    if size(text[start:end]) <= PASSAGE_TOKENS or end - start == 1:
        yield start, end
        return
    middle = (start + end) // 2
    blank = text.rfind(" ", start, middle)
    middle = blank if blank > start else middle
    yield from _fitted(text, start, middle, size)
    yield from _fitted(text, middle, end, size)


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# ── writing


def add(vectors: Vectors, rows: Sequence[tuple[Article, Passage, Vector]]) -> None:
    """Write passages as nodes. A row whose id is known is left as it is: ids must tell all that is in a row."""
    store = ChromaVectorStore(chroma_collection=vectors.collection)
    with translated(vectors.folder):
        for start in range(0, len(rows), BATCH):
            store.add([_node(*row) for row in rows[start : start + BATCH]])


def _node(article: Article, passage: Passage, vector: Vector) -> TextNode:
    metadata = {
        "title": article.title,
        "published": number(article.published),
        "publisher": article.publisher,
        "url": article.url,
        "article": article.id,
    }
    return TextNode(
        id_=passage.id,
        text=article.text[passage.start : passage.end],
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        # Chroma knows no None, and ChromaVectorStore would write "" for it, which no comparison of numbers allows for.
        metadata={key: value for key, value in metadata.items() if value is not None},
        excluded_embed_metadata_keys=["publisher", "url", "article"],
        excluded_llm_metadata_keys=["article"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=article.id)},
        embedding=[float(x) for x in vector],
    )


# ── offering it


class EmbedderForLlamaIndex(BaseEmbedding):  # type: ignore[misc]  # mypy skips LlamaIndex
    """Our Embedder as LlamaIndex's `embed_model`."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, **kwargs: Any) -> None:
        super().__init__(model_name=embedder.fingerprint, **kwargs)
        self._embedder = embedder

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in vector] for vector in self._embedder.embed(texts)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def as_index(path: Path, embedder: Embedder) -> VectorStoreIndex:
    """The index in `path` for LlamaIndex, to be read only, and with the embedder that made it.

    Raises NotConfigured, IndexDamaged, and UsageError for another embedder. It shows what is there now: call again
    after the index was written.
    """
    folder = IndexFolder(path)
    made_by = Catalogue(folder).fingerprint
    if made_by != embedder.fingerprint:
        raise UsageError(
            f"The index {path} was made by the embedder {made_by}.", f"Use that, not {embedder.fingerprint}."
        )
    with folder.turn():
        store = ChromaVectorStore(chroma_collection=Vectors(folder).collection)
    return VectorStoreIndex.from_vector_store(store, embed_model=EmbedderForLlamaIndex(embedder))


def retriever(path: Path, embedder: Embedder, k: int = 10) -> BaseRetriever:
    """The k nearest passages of the index in `path`, as nodes with scores."""
    return as_index(path, embedder).as_retriever(similarity_top_k=k)
