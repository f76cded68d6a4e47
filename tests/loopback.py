"""A real HTTP server on 127.0.0.1 that speaks the OpenAI protocol and misbehaves as its script says.

    with Loopback(Status(429, headers={"Retry-After": "1"}), Text("It ends on December 16.")) as server:
        server.url                        # http://127.0.0.1:40123/v1, for OPENAI_BASE_URL
        server.requests[0].body["model"]  # every request as it came

Replies to /chat/completions are taken in order and the last one repeats. A reply is one of the classes below, a plain
string (the same as Text), or a function of the request's body that returns one of these, so that an answer can quote
its prompt. /embeddings has a script of its own: Loopback(..., embeddings=[...]).
"""

import hashlib
import json
import math
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: Any


@dataclass(frozen=True)
class Text:
    """A reply, streamed or whole as the request asks; finish=None or done=False leave out the marks of its end."""

    text: str
    size: int = 16
    delay: float = 0.0
    finish: str | None = "stop"
    done: bool = True
    usage: tuple[int, int] = (100, 20)
    system: str | None = None
    """What it says of the system that made the reply, as its system_fingerprint."""

    def send(self, call: "Call") -> None:
        usage = dict(zip(("prompt_tokens", "completion_tokens"), self.usage, strict=True))
        if not (call.body or {}).get("stream"):
            message = {"role": "assistant", "content": self.text}
            call.json({"choices": [{"index": 0, "message": message, "finish_reason": self.finish}], "usage": usage})
            return
        pieces = [self.text[start : start + self.size] for start in range(0, len(self.text), self.size)]
        events = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": piece}) for piece in pieces)]
        if self.finish:
            events.append(chunk({}, self.finish))
        if self.done and call.body.get("stream_options", {}).get("include_usage"):
            events.append({"choices": [], "usage": usage})
        if self.system:
            events = [{**event, "system_fingerprint": self.system} for event in events]
        Events(*events, delay=self.delay, done=self.done).send(call)


class Events:
    """A stream of just these events: objects, or text to stand where an object would."""

    def __init__(self, *events: Any, delay: float = 0.0, done: bool = True) -> None:
        self.events, self.delay, self.done = events, delay, done

    def send(self, call: "Call") -> None:
        call.start(200, "text/event-stream; charset=utf-8")
        for event in (*self.events, *(["[DONE]"] if self.done else [])):
            text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
            call.write(f"data: {text}\n\n".encode())
            call.wait(self.delay)


@dataclass(frozen=True)
class Status:
    """Any answer that is no reply. A body that is not text is sent as JSON."""

    code: int
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text/plain"

    def send(self, call: "Call") -> None:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        call.start(self.code, self.kind if isinstance(self.body, str) else "application/json", self.headers)
        call.write(text.encode())


@dataclass(frozen=True)
class Hang:
    """Takes the request and says nothing; after `seconds` it closes the connection."""

    seconds: float = 60.0

    def send(self, call: "Call") -> None:
        call.wait(self.seconds)


@dataclass(frozen=True)
class Drip:
    """A stream that never ends, one byte at a time."""

    every: float = 1.0

    def send(self, call: "Call") -> None:
        call.start(200, "text/event-stream")
        while not call.wait(self.every):
            call.write(b":")


@dataclass(frozen=True)
class Reset:
    """Some text, or nothing at all, and then a connection reset in place of an end."""

    text: str = ""

    def send(self, call: "Call") -> None:
        if self.text:
            Cut(self.text).send(call)
            call.wait(0.05)  # or the reset overtakes the text
        call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        call.connection.close()


@dataclass(frozen=True)
class Vectors:
    """Embeddings: these ones, or else made from the words, so that texts that share words lie close."""

    vectors: Sequence[Any] | None = None
    shuffled: bool = False

    def send(self, call: "Call") -> None:
        texts = [call.body["input"]] if isinstance(call.body["input"], str) else call.body["input"]
        width = DIMENSIONS.get(call.body["model"], 8)
        vectors = [embedding(text, width) for text in texts] if self.vectors is None else self.vectors
        rows = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]
        call.json({"object": "list", "data": rows[::-1] if self.shuffled else rows, "usage": {"prompt_tokens": 1}})


Answer = str | Text | Events | Status | Hang | Drip | Reset | Vectors
Reply = Answer | Callable[[Any], Answer]


def Html(code: int = 200) -> Status:
    return Status(code, "<!DOCTYPE html><html><body>Welcome to the gateway</body></html>", kind="text/html")


def Error(code: int, message: str, name: str | None = None, headers: Mapping[str, str] | None = None) -> Status:
    """An error as OpenAI words it; `name` is its code."""
    return Status(code, {"error": {"message": message, "type": "error", "param": None, "code": name}}, headers or {})


def Cut(text: str) -> Text:
    """A stream that closes in mid-sentence, with neither a finish_reason nor [DONE]."""
    return Text(text, finish=None, done=False)


def BrokenJson() -> Events:
    return Events(chunk({"content": "The ban "}), '{"choices": [{"delta": {"con')


def ErrorInStream(message: str = "the engine stopped") -> Events:
    return Events(chunk({"content": "The ban "}), {"error": {"message": message}})


def chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def embedding(text: str, width: int) -> list[float]:
    """A bag of hashed words, of length one."""
    vector = [0.0] * width
    for word in text.lower().split() or [""]:
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % width] += 1.0
    length = math.hypot(*vector)
    return [value / length for value in vector]


class Call(BaseHTTPRequestHandler):
    """One request being answered; HTTP/1.0, so that a body ends where the connection does."""

    server: "_Server"
    body: Any

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self.body = json.loads(content)
        except ValueError:
            self.body = content.decode(errors="replace")
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.loopback.take(Request(self.path, headers, self.body))
        while callable(reply):
            reply = reply(self.body)
        try:
            (Text(reply) if isinstance(reply, str) else reply).send(self)
        except OSError:
            self.server.loopback.hung_up.set()

    do_GET = do_POST

    def start(self, code: int, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def json(self, body: Any) -> None:
        self.start(200, "application/json")
        self.write(json.dumps(body).encode())

    def write(self, content: bytes) -> None:
        self.wfile.write(content)

    def wait(self, seconds: float) -> bool:
        """Whether the server is closing: nothing may keep a test waiting."""
        return self.server.loopback.closing.wait(seconds) if seconds else False

    def log_message(self, *_: Any) -> None:
        """Says nothing: the tests read stderr."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    loopback: "Loopback"

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is no news here."""


class Loopback:
    def __init__(self, *replies: Reply, embeddings: Sequence[Reply] = (Vectors(),)) -> None:
        self.requests: list[Request] = []
        self.hung_up = threading.Event()
        """Set once a client has left before its reply was through."""
        self.closing = threading.Event()
        self._scripts = {"/chat/completions": list(replies), "/embeddings": list(embeddings)}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), Call)
        self._server.loopback = self
        # serve_forever looks only this often whether it should stop; half a second, its default, adds up over a suite
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def take(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            script = self._scripts.get(request.path.removeprefix("/v1"))
            if not script:
                return Html(404)
            return script.pop(0) if len(script) > 1 else script[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
