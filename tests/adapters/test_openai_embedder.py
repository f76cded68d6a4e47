"""Embeddings through the real SDK: batches, order, length, and vectors that are not sound."""

import math
from typing import Any

import pytest
from loopback import Error, Hang, Html, Loopback, Reply, Reset, Status, Vectors
from openai_calls import KEY, SOON

from qa.adapters.openai import OpenAIEmbedder
from qa.errors import NotConfigured, QaError, RateLimited, ServiceRefused, ServiceUnavailable, TimedOut


def test_embeds_in_batches_in_order_at_length_one() -> None:
    texts = [f"word{n} and word{n + 1}" for n in range(300)]
    with Loopback(embeddings=[Vectors(shuffled=True)]) as server:
        embedder = OpenAIEmbedder("text-embedding-3-small", server.url, KEY)
        assert embedder.dimensions == 1536
        vectors = embedder.embed(texts)
        alone = embedder.embed([texts[299]])
    assert [len(request.body["input"]) for request in server.requests] == [256, 44, 1]
    assert len(vectors) == 300
    assert all(math.hypot(*vector) == pytest.approx(1) for vector in vectors)
    assert vectors[299] == pytest.approx(alone[0])
    assert vectors[298] != vectors[299]


def test_dimensions_are_learned_and_then_kept_to() -> None:
    with Loopback(embeddings=[Vectors([[3.0, 4.0]]), Vectors([[1.0, 0.0, 0.0]])]) as server:
        embedder = OpenAIEmbedder("nomic-embed-text", server.url)
        assert embedder.fingerprint == f"openai:nomic-embed-text@{server.url.split('/')[2]}"
        assert embedder.dimensions == 0
        assert embedder.embed([]) == []
        assert embedder.embed(["a"]) == [[0.6, 0.8]]
        assert embedder.dimensions == 2
        with pytest.raises(ServiceUnavailable, match="1 sound vectors of 2 numbers"):
            embedder.embed(["a"])
    assert OpenAIEmbedder("text-embedding-3-large").fingerprint == "openai:text-embedding-3-large"


@pytest.mark.parametrize(
    "vectors",
    [
        [],
        [[1.0, 0.0]],
        [[1.0, 0.0]] * 3,
        [[1.0, 0.0], [1.0]],
        [[1.0, 0.0], []],
        [[1.0, 0.0], [0.0, 0.0]],
        [[1.0, 0.0], [math.nan, 0.0]],
        [[1.0, 0.0], [math.inf, 0.0]],
        [[1.0, 0.0], [None, 0.0]],
        [[1.0, 0.0], "AACAPw=="],
        [[1.0, 0.0], None],
    ],
)
def test_unsound_vectors(vectors: list[Any]) -> None:
    with Loopback(embeddings=[Vectors(vectors)]) as server:
        with pytest.raises(ServiceUnavailable, match="2 sound vectors"):
            OpenAIEmbedder("m", server.url).embed(["a", "b"])
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Error(401, f"bad key {KEY}"), ServiceRefused),
        (Error(404, "model 'm' not found"), NotConfigured),
        (Error(429, "quota", "insufficient_quota"), RateLimited),
        (Error(500, "oops", headers=SOON), ServiceUnavailable),
        (Html(), ServiceUnavailable),
        (Reset(), ServiceUnavailable),
        (Status(200, {"error": {"message": "no"}}), ServiceUnavailable),
        (Status(200, "[]", kind="application/json"), ServiceUnavailable),
        (Status(200, {"data": [{"index": 5, "embedding": [1.0]}]}), ServiceUnavailable),
        (Hang(), TimedOut),
    ],
)
def test_embedding_failures(reply: Reply, error: type[QaError], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.adapters.openai.BATCH_SECONDS", 0.8)
    with Loopback(embeddings=[reply]) as server, pytest.raises(error) as caught:
        OpenAIEmbedder("m", server.url, KEY, retries=1).embed(["a"])
    assert KEY not in str(caught.value)


def test_tokens_are_estimated() -> None:
    embedder = OpenAIEmbedder("text-embedding-3-small")
    assert [embedder.count_tokens(text) for text in ("", "a", "four", "fives")] == [0, 1, 1, 2]
