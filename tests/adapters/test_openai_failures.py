"""Chat through the real SDK with a server that misbehaves: every failure ends as one of our errors, and in time."""

import socket
import time
from typing import Any

import pytest
from loopback import (
    BrokenJson,
    Cut,
    Drip,
    Error,
    ErrorInStream,
    Events,
    Hang,
    Html,
    Loopback,
    Reply,
    Reset,
    Status,
    Text,
    chunk,
)
from openai_calls import SOON, ask, chat_with

from qa.adapters.openai import OpenAIChat
from qa.errors import NotConfigured, QaError, RateLimited, ServiceRefused, ServiceUnavailable, TimedOut, UsageError

MISSING = Error(404, "The model `gpt-4.1-mini` does not exist or you do not have access to it.", "model_not_found")


OLLAMA = Error(404, 'model "gpt-4.1-mini" not found, try pulling it first')


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Error(401, "Incorrect API key provided"), ServiceRefused, ["401", "Incorrect API key", "OPENAI_API_KEY"]),
        (Error(403, "Country not supported"), ServiceRefused, ["403", "Country not supported"]),
        (Error(402, "Payment required"), RateLimited, ["402", "quota"]),
        (Error(429, "Slow down", headers={"Retry-After": "40"}), RateLimited, ["429", "Slow down", "40 s"]),
        (Error(429, "You exceeded your quota", "insufficient_quota"), RateLimited, ["429", "billing"]),
        (MISSING, NotConfigured, ["gpt-4.1-mini", "--model"]),
        (OLLAMA, NotConfigured, ["gpt-4.1-mini", "--model"]),
        (Html(404), ServiceUnavailable, ["404", "OPENAI_BASE_URL"]),
        (Status(404, {"detail": "Not Found"}), ServiceUnavailable, ["404", "Not Found", "OPENAI_BASE_URL"]),
        (Error(400, "Your prompt is too long"), ServiceUnavailable, ["400", "Your prompt is too long"]),
        (Error(422, "No such field"), ServiceUnavailable, ["422", "No such field"]),
        (Status(400, [1, {"a": None}]), ServiceUnavailable, ["400"]),
        (Status(418, ""), ServiceUnavailable, ["answered 418."]),
        (Html(), ServiceUnavailable, ["web page", "OPENAI_BASE_URL"]),
        (Status(200, "Hello."), ServiceUnavailable, ["before it was complete"]),
        (Status(200, ""), ServiceUnavailable, ["before it was complete"]),
        (Status(200, {"status": "ok"}), ServiceUnavailable, ["before it was complete"]),
        (Status(200, "{", kind="application/json"), ServiceUnavailable, ["cannot be read"]),
        (Status(200, "[" * 100_000, kind="application/json"), ServiceUnavailable, ["cannot be read"]),
        (Status(200, {"error": "overloaded"}), ServiceUnavailable, ["overloaded"]),
        (Cut("The ban wai"), ServiceUnavailable, ["before it was complete"]),
        (Reset("The ban wai"), ServiceUnavailable, ["broke the connection"]),
        (BrokenJson(), ServiceUnavailable, ["cannot be read"]),
        (ErrorInStream("the engine stopped"), ServiceUnavailable, ["the engine stopped"]),
        (Text("The", finish="content_filter"), ServiceUnavailable, ["content filter"]),
        (Text("The", finish="tool_calls"), ServiceUnavailable, ["called a tool"]),
        (Events(chunk({"tool_calls": [{"id": "1"}]}, "stop")), ServiceUnavailable, ["called a tool"]),
    ],
)
def test_failures_that_no_retry_mends(reply: Reply, error: type[QaError], words: list[str]) -> None:
    with Loopback(reply) as server:
        with pytest.raises(error) as caught:
            ask(chat_with(server))
        assert len(server.requests) == 1
        said = str(caught.value)
        assert [word for word in words if word not in said] == []
        assert server.url.split("/")[2] in said
        assert "\n" not in said
        assert said.isprintable()
        assert caught.value.hint


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Error(500, "oops", headers=SOON), ServiceUnavailable, ["500", "oops"]),
        (Status(502, "<html>Bad gateway</html>", SOON, "text/html"), ServiceUnavailable, ["502", "a web page"]),
        (Error(429, "Slow down", headers=SOON), RateLimited, ["429", "Slow down"]),
    ],
)
def test_failures_that_stay_through_every_retry(reply: Reply, error: type[QaError], words: list[str]) -> None:
    with Loopback(reply) as server:
        with pytest.raises(error) as caught:
            ask(chat_with(server, retries=2))
        assert len(server.requests) == 3
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_passing_failure_is_retried() -> None:
    with Loopback(Reset(), Error(429, "Slow", headers=SOON), Error(503, "Busy", headers=SOON), "It ends.") as server:
        assert ask(chat_with(server)) == "It ends."
        assert len(server.requests) == 4


def test_retry_after_is_honoured() -> None:
    with Loopback(Error(429, "Slow down", headers={"Retry-After": "1"}), "It ends.") as server:
        began = time.monotonic()
        assert ask(chat_with(server)) == "It ends."
        assert 1.0 <= time.monotonic() - began < 2


@pytest.mark.parametrize("wait", ["3", "Wed, 21 Oct 2099 07:28:00 GMT", "9" * 400])
def test_retry_after_beyond_the_deadline_fails_at_once(wait: str) -> None:
    with Loopback(Error(429, "Slow down", headers={"Retry-After": wait})) as server:
        began = time.monotonic()
        with pytest.raises(RateLimited):
            ask(chat_with(server), seconds=2)
        assert time.monotonic() - began < 1
        assert len(server.requests) == 1


@pytest.mark.parametrize("wait", ["soon", "-5"])
def test_a_senseless_retry_after_is_passed_over(wait: str) -> None:
    with Loopback(Error(429, "Slow down", headers={"Retry-After": wait}), "It ends.") as server:
        assert ask(chat_with(server)) == "It ends."


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        ([Hang()], TimedOut),
        ([Drip(0.05)], TimedOut),
        ([Text("word " * 99, delay=0.1)], TimedOut),
        ([Status(500, "oops")], ServiceUnavailable),
        ([Error(429, "Slow down")], RateLimited),
        ([Error(429, "Slow down", headers=SOON), Hang()], RateLimited),
    ],
    ids=["hang", "drip", "too long", "500 forever", "429 forever", "429, then hang"],
)
def test_the_deadline_is_kept(replies: list[Reply], error: type[QaError]) -> None:
    with Loopback(*replies) as server:
        began = time.monotonic()
        with pytest.raises(error, match="--timeout"):
            ask(chat_with(server, retries=99), seconds=0.5)
        assert 0.4 < time.monotonic() - began < 1


def test_nothing_is_asked_when_the_time_is_already_up() -> None:
    with Loopback("It ends.") as server:
        with pytest.raises(TimedOut):
            ask(chat_with(server), seconds=-1)
        assert not server.hung_up.is_set()


def test_a_slow_name_server_does_not_hold_up_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(3))
    began = time.monotonic()
    with pytest.raises(TimedOut):
        ask(OpenAIChat("m", "http://models.example/v1"), seconds=0.4)
    assert time.monotonic() - began < 1


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ServiceUnavailable, match="nothing listens there"):
        ask(OpenAIChat("m", url, retries=0))
    # the deadline strikes between two attempts: it is still the server that is told of, not the time
    with pytest.raises(ServiceUnavailable, match="nothing listens there"):
        ask(OpenAIChat("m", url, retries=99), seconds=0.3)


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(ServiceUnavailable, match=r"models\.example cannot be reached: no such name"):
        ask(OpenAIChat("m", "http://models.example/v1", retries=0))


def test_a_name_that_cannot_be_one() -> None:
    with pytest.raises(ServiceUnavailable, match="no such name"):
        ask(OpenAIChat("m", f"http://{'a' * 70}.example/v1", retries=0))


def test_a_server_that_does_not_speak_tls() -> None:
    with Loopback("x") as server, pytest.raises(ServiceUnavailable, match="no secure connection"):
        ask(OpenAIChat("m", server.url.replace("http:", "https:"), retries=0))


def test_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "carrier-pigeon://loft")
    with pytest.raises(ServiceUnavailable, match="carrier-pigeon"):
        ask(OpenAIChat("m", "http://models.example/v1"))


@pytest.mark.parametrize(
    "url", ["localhost:11434/v1", "//host/v1", "http://", "http://a b/v1", "http://h:x/v1", "ftp://h"]
)
def test_a_malformed_base_url(url: str) -> None:
    with pytest.raises(UsageError, match="OPENAI_BASE_URL"):
        OpenAIChat("m", url)
