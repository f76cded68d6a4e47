"""Chat through the real SDK with a server that behaves: replies, options, keys, prices, and stopping half-way."""

import json
import logging
import signal
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pytest
from loopback import Error, ErrorInStream, Events, Hang, Loopback, Reply, Status, Text, chunk
from openai_calls import KEY, QUESTION, ROOT, SOON, ask, chat_with

from qa.adapters.openai import OpenAIChat, OpenAIEmbedder, Price, read_prices
from qa.domain import Message
from qa.errors import NotConfigured, QaError, ServiceRefused, UsageError


def test_streams_the_reply_and_counts_its_tokens() -> None:
    text = "It ends on “December 16”,\u2028they said\x85 \U0001f600."
    with Loopback(Text(text, size=3, usage=(812, 64))) as server:
        chat = chat_with(server)
        pieces = list(chat.stream(QUESTION, time.monotonic() + 5))
    assert "".join(pieces) == text
    assert len(pieces) > 5
    assert chat.usage is not None
    assert (chat.usage.input_tokens, chat.usage.output_tokens, chat.usage.cost) == (812, 64, None)
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "gpt-4.1-mini",
        "messages": [{"role": message.role, "content": message.content} for message in QUESTION],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
    }


def test_a_reply_can_be_made_from_the_prompt_and_a_chat_used_twice() -> None:
    with Loopback("First.", lambda body: body["messages"][-1]["content"]) as server:
        chat = chat_with(server)
        assert ask(chat) == "First."
        assert ask(chat) == "When does the extension end?"


WHOLE = {"choices": [{"message": {"content": "It ends."}, "finish_reason": "stop"}]}


USAGE = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}


@pytest.mark.parametrize(
    "reply",
    [
        Text("It ends.", finish=None),
        Text("It ends.", done=False),
        Text("It ends.", finish="eos_token"),
        Status(200, WHOLE),
        Events(
            {"choices": [{"delta": {"reasoning_content": "hm", "content": None}}]},
            {"choices": [{"index": 0, "finish_reason": None}]},
            {"id": "no choices"},
            None,
            5,
            chunk({"content": "It ends."}, "stop"),
            USAGE,
        ),
        Events(chunk({"content": "It ends."}, "stop"), "{broken"),
    ],
    ids=["DONE alone", "finish_reason alone", "another finish_reason", "not streamed", "odd chunks", "broken tail"],
)
def test_replies_of_less_strict_services(reply: Reply) -> None:
    with Loopback(reply) as server:
        assert ask(chat_with(server)) == "It ends."


def test_a_finished_reply_is_not_lost_to_a_line_that_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.adapters.openai.TAIL_SECONDS", 0.3)
    with Loopback(Events(chunk({"content": "It ends."}, "stop"), delay=30, done=False)) as server:
        began = time.monotonic()
        assert ask(chat_with(server)) == "It ends."
    assert time.monotonic() - began < 2


def test_half_a_surrogate_pair_is_replaced_both_ways() -> None:
    with Loopback(Events(r'{"choices": [{"delta": {"content": "a\ud83d"}, "finish_reason": "stop"}]}')) as server:
        pieces = list(chat_with(server).stream([Message("user", "caf\udce9?")], time.monotonic() + 5))
    assert pieces == ["a\ufffd"]
    assert server.requests[0].body["messages"][0]["content"] == "caf??"


@pytest.mark.parametrize(("finish", "cut"), [("stop", False), ("length", True)])
def test_a_reply_at_its_length_limit_says_so(finish: str, cut: bool) -> None:
    with Loopback(Text("It", finish=finish)) as server:
        chat = chat_with(server)
        assert ask(chat) == "It"
        assert chat.cut is cut


REFUSES_TEMPERATURE = Error(400, "Unsupported value: 'temperature' does not support 0 with this model.")


REFUSES_STREAM_OPTIONS = Status(422, {"detail": [{"loc": ["body", "stream_options"], "msg": "extra fields"}]})


def test_options_that_the_service_refuses_are_left_out_and_not_sent_again() -> None:
    with Loopback(REFUSES_TEMPERATURE, REFUSES_STREAM_OPTIONS, "It ends.") as server:
        chat = chat_with(server)
        assert ask(chat) == "It ends."
        assert ask(chat) == "It ends."
    options = [sorted(request.body.keys() & {"temperature", "stream_options"}) for request in server.requests]
    assert options == [["stream_options", "temperature"], ["stream_options"], [], []]


def test_an_option_refused_without_its_name() -> None:
    with Loopback(Error(400, "Bad request", "unsupported_parameter"), "It ends.") as server:
        assert ask(chat_with(server)) == "It ends."
        assert len(server.requests) == 2


def test_no_key_is_sent_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)  # the caller decides, not the SDK behind its back
    with Loopback("It ends.") as server:
        assert ask(chat_with(server, key=None)) == "It ends."
        OpenAIEmbedder("m", server.url).embed(["a"])
    assert [request.headers.get("authorization") for request in server.requests] == [None, None]


@pytest.mark.parametrize("key", [KEY, "9f8e7d6c-local-key"])
def test_the_key_is_told_to_nobody(key: str, caplog: pytest.LogCaptureFixture) -> None:
    echo = f"Incorrect API key provided: {key}. You sent 'Authorization: Bearer {key}'\x1b[31m\n{'x' * 150} {key}"
    caplog.set_level(logging.DEBUG)
    for reply in (Error(401, echo), Status(500, echo, SOON), ErrorInStream(echo), Status(400, [echo])):
        with Loopback(reply) as server:
            chat = chat_with(server, retries=1, key=f" {key}\n")
            with pytest.raises(QaError) as caught:
                ask(chat)
            assert "[key]" in str(caught.value)
            assert "\x1b" not in str(caught.value)
            assert key[:6] not in str(caught.value) + repr(caught.value) + repr(chat) + repr(vars(chat))
            assert key not in "".join(traceback.format_exception(caught.value))  # the SDK's error holds the echo
    assert key not in caplog.text


def test_the_password_in_a_base_url_is_told_to_nobody() -> None:
    with Loopback(Error(401, "secret? No!")) as server, pytest.raises(ServiceRefused) as caught:
        ask(OpenAIChat("m", server.url.replace("//", "//me:secret@")))
    assert "secret" not in str(caught.value)
    with pytest.raises(UsageError) as malformed:
        OpenAIChat("m", "me:secret@host/v1")
    assert "secret" not in str(malformed.value)


@pytest.mark.parametrize("key", ["sk-abc\nsk-def", "clé", "a b"])
def test_a_key_that_cannot_be_one(key: str) -> None:
    with pytest.raises(NotConfigured) as caught:
        OpenAIChat("m", None, key)
    assert key not in str(caught.value)


def test_a_price_counts_at_openai_and_for_its_dated_names(monkeypatch: pytest.MonkeyPatch) -> None:
    prices = {"gpt-4.1-mini": Price(input=0.4, output=1.6)}
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **kind: real("127.0.0.1", *rest, **kind))
    with Loopback(Text("It ends.", usage=(1_000_000, 500_000))) as server:
        own = server.url.replace("127.0.0.1", "api.openai.com")
        for model, url, cost in [
            ("gpt-4.1-mini", own, 1.2),
            ("gpt-4.1-mini-2025-04-14", own, 1.2),
            ("gpt-4.1", own, None),
            ("gpt-4.1-mini", server.url, None),
        ]:
            chat = OpenAIChat(model, url, KEY, prices)
            ask(chat)
            assert chat.usage is not None
            assert chat.usage.cost == pytest.approx(cost) if cost else chat.usage.cost is None


def test_the_usage_of_an_earlier_call_does_not_linger() -> None:
    with Loopback(Text("It ends."), Text("It ends.", finish="length", done=False)) as server:
        chat = chat_with(server)
        ask(chat)
        assert chat.usage is not None
        ask(chat)
        assert (chat.usage, chat.cut) == (None, True)


def test_the_table_of_prices_is_sound(tmp_path: Path) -> None:
    prices = read_prices(ROOT / "prompts" / "prices.yaml")
    assert prices["gpt-4.1-mini"] == Price(0.4, 1.6)
    assert all(0 < price.input < price.output for price in prices.values())
    for text in ("", "usd_per_million_tokens: {m: 3}", "usd_per_million_tokens: {m: {input: x, output: 1}}", "a: ["):
        (tmp_path / "prices.yaml").write_text(text)
        with pytest.raises(UsageError, match="prices"):
            read_prices(tmp_path / "prices.yaml")


def test_a_reply_left_in_the_middle_is_hung_up_on() -> None:
    with Loopback(Text("word " * 999, delay=0.02)) as server:
        pieces = chat_with(server).stream(QUESTION, time.monotonic() + 30)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert server.hung_up.wait(2)


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", code, *arguments]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_the_sdk_is_not_imported_before_it_is_needed() -> None:
    child = python("import sys; from qa.adapters.openai import *; OpenAIChat('m'); print('openai' in sys.modules)")
    assert child.communicate(timeout=5) == ("False\n", "")


INTERRUPTED = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
from qa.adapters.openai import OpenAIChat
from qa.domain import Message
try:
    for piece in OpenAIChat("m", sys.argv[1]).stream([Message("user", "?")], time.monotonic() + 30):
        pass
except KeyboardInterrupt:
    print(time.monotonic())
"""


@pytest.mark.parametrize(
    "reply", [Hang(), Text("word " * 999, delay=0.02), Error(429, "Wait", headers={"Retry-After": "20"})]
)
def test_ctrl_c_stops_at_once_and_hangs_up(reply: Reply) -> None:
    with Loopback(reply) as server:
        child = python(INTERRUPTED, server.url)
        limit = time.monotonic() + 10
        while not server.requests and time.monotonic() < limit:
            time.sleep(0.02)
        time.sleep(0.2)
        struck = time.monotonic()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=5)
        assert err == ""
        assert float(out) - struck < 0.3
        assert server.hung_up.wait(1) or not isinstance(reply, Text)


def test_the_loopback_also_answers_whole() -> None:
    """For the tests that use it elsewhere: a request that does not stream gets one JSON object."""
    import urllib.request

    with Loopback("It ends.") as server:
        with urllib.request.urlopen(f"{server.url}/chat/completions", b"{}", timeout=2) as response:
            assert json.load(response)["choices"][0]["message"]["content"] == "It ends."
        with pytest.raises(OSError, match="404"):
            urllib.request.urlopen(f"{server.url}/nothing", b"{}", timeout=2)
