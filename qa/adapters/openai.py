"""Chat and embeddings over the OpenAI protocol: OpenAI itself, Ollama, vLLM, llama.cpp or a gateway.

    chat = OpenAIChat("gpt-6-luna", base_url=None, api_key=key, prices=read_prices(prompts / "prices.yaml"))
    text = "".join(chat.stream([Message("user", "…")], time.monotonic() + 60))
    chat.usage                      # Usage(input_tokens=812, output_tokens=64, cost=0.0001132)

How a call is bounded in time, and how its failures are told, stands in openai_service.py.
"""

import json
import math
import re
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.adapters.openai_service import Call, Service, dig, said, sendable
from qa.domain import ChatModel, Embedder, Message, Usage, Vector
from qa.errors import QaError, UsageError

if TYPE_CHECKING:  # its import takes longer than our whole answer may
    import openai

RETRIES = 3
BATCH = 256
BATCH_SECONDS = 60.0
TAIL_SECONDS = 2.0
"""How long a finished reply waits for its token count, since some services then keep the line open."""
DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}
ENDINGS = {
    "content_filter": "stopped the reply with its content filter",
    "tool_calls": "called a tool in place of answering",
    "function_call": "called a tool in place of answering",
    "error": "broke off the reply",
}
"""What a finish_reason tells of a reply that is not one; "stop", "length" and names unknown to us end a good one."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: float
    output: float


def read_prices(path: Path) -> dict[str, Price]:
    """The prices by model name. Raises UsageError where the file is no such table."""
    import yaml

    try:
        table = yaml.safe_load(path.read_text("utf-8"))["usd_per_million_tokens"]
        return {str(name): Price(float(price["input"]), float(price["output"])) for name, price in table.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError) as error:
        message = f"{path} is not a table of prices ({type(error).__name__}: {error})."
        raise UsageError(message, "Give each model an input and an output, in US dollars.") from None


class OpenAIChat(ChatModel):
    """`prices` count for OpenAI's own service alone: what a gateway asks for the same name is not known."""

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        api_key: str | None = None,
        prices: Mapping[str, Price] | None = None,
        retries: int = RETRIES,
    ) -> None:
        """Raises UsageError for a malformed URL and NotConfigured for a malformed key."""
        self.name = model
        self.usage: Usage | None = None
        self.cut = False
        """Whether the last reply met its length limit: what came is sound, but there would have been more."""
        self.system_fingerprint: str | None = None
        """What the service said of the system that made the last reply, where it said so."""
        self._service = Service(model, base_url, api_key, retries)
        family = re.sub(r"-\d{4}-\d{2}-\d{2}$", "", model)
        known = (prices or {}) if self._service.own else {}
        self._price = known.get(model) or known.get(family)
        self._options: dict[str, Any] = {"temperature": 0, "stream_options": {"include_usage": True}}

    def stream(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        """As ChatModel promises; not to be called from inside a running event loop."""
        self.usage, self.cut, self.system_fingerprint, ended = None, False, None, False
        with Call(self._service, deadline) as call:
            events = self._events(call.client, messages)
            try:
                while (event := self._next(call, events, ended)) is not None:
                    choice = dig(event, "choices", 0)
                    delta = dig(choice, "delta") or dig(choice, "message")
                    ending = "tool_calls" if dig(delta, "tool_calls") else dig(choice, "finish_reason")
                    self._check(event, ending)
                    if isinstance(told := dig(event, "system_fingerprint"), str):
                        self.system_fingerprint = self._service.plain(told)
                    self._count(dig(event, "usage"))
                    if (piece := dig(delta, "content")) and isinstance(piece, str):
                        # half a surrogate pair is valid JSON, but no terminal can print it
                        yield piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                    if ending and not ended:
                        ended, self.cut = True, ending == "length"
                        call.deadline = min(call.deadline, time.monotonic() + TAIL_SECONDS)
            finally:
                call.close(events.aclose())

    def _next(self, call: Call, events: AsyncGenerator[Any, None], ended: bool) -> Any:
        try:
            return call.run(anext(events, None))
        except QaError:
            if ended:  # the reply is whole: a failure after its end costs no more than the token count
                return None
            raise

    async def _events(self, client: "openai.AsyncOpenAI", messages: Sequence[Message]) -> AsyncGenerator[Any, None]:
        import openai

        prompt: Any = [{"role": message.role, "content": sendable(message.content)} for message in messages]
        request = {"model": self.name, "messages": prompt, "extra_headers": self._service.headers()}
        create = client.chat.completions.with_streaming_response.create
        while True:
            try:
                async with create(stream=True, **request, **self._options) as response:
                    async for event in _objects(self._service, response):
                        yield event
                    return
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not self._drop_refused(error.response.text.lower()):
                    raise

    def _drop_refused(self, complaint: str) -> bool:
        """Whether the service refused an option that we can do without; it is not sent again."""
        refused = [name for name in self._options if name in complaint]
        if not refused and re.search("unsupported[ _](parameter|value)", complaint):
            refused = list(self._options)
        for name in refused:
            del self._options[name]
        return bool(refused)

    def _check(self, event: Any, ending: Any) -> None:
        if error := dig(event, "error"):
            raise self._service.broken(f"broke off the reply: {said(error)}")
        if failure := ENDINGS.get(str(ending)):
            raise self._service.broken(failure)

    def _count(self, usage: Any) -> None:
        sent, written = dig(usage, "prompt_tokens"), dig(usage, "completion_tokens")
        if isinstance(sent, int) and isinstance(written, int):
            price = self._price
            cost = (sent * price.input + written * price.output) / 1e6 if price else None
            self.usage = Usage(sent, written, cost)


class OpenAIEmbedder(Embedder):
    def __init__(
        self, model: str, base_url: str | None = None, api_key: str | None = None, retries: int = RETRIES
    ) -> None:
        """Raises UsageError for a malformed URL and NotConfigured for a malformed key."""
        self._service = Service(model, base_url, api_key, retries)
        self.fingerprint = f"openai:{model}" + ("" if self._service.own else f"@{self._service.host}")
        self.dimensions = DIMENSIONS.get(model, 0)
        """0 for a model that we do not know, until its first answer tells."""

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """As Embedder promises; raises what ChatModel.stream raises. Each batch of 256 texts has a minute."""
        vectors: list[Vector] = []
        if not texts:
            return vectors
        with Call(self._service) as call:
            for start in range(0, len(texts), BATCH):
                batch = [sendable(text) for text in texts[start : start + BATCH]]
                call.deadline = time.monotonic() + BATCH_SECONDS
                vectors += self._vectors(call.run(self._answer(call.client, batch)), len(batch))
        return vectors

    def count_tokens(self, text: str) -> int:
        """An estimate, a token for every four characters of English: the model's own tokenizer is not at hand."""
        return math.ceil(len(text) / 4)

    async def _answer(self, client: "openai.AsyncOpenAI", texts: list[str]) -> Any:
        request: Any = {"model": self._service.model, "input": texts, "extra_headers": self._service.headers()}
        # left to itself the SDK asks for base64, which not every service speaks
        async with client.embeddings.with_streaming_response.create(encoding_format="float", **request) as response:
            return json.loads(await response.read())

    def _vectors(self, answer: Any, count: int) -> list[Vector]:
        if error := dig(answer, "error"):
            raise self._service.broken(f"made no vectors: {said(error)}")
        try:
            rows = {row.get("index", place): _unit(row["embedding"]) for place, row in enumerate(answer["data"])}
            vectors = [rows[place] for place in range(count)]
        except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError):
            rows, vectors = {}, []
        widths = {len(vector) for vector in vectors} | ({self.dimensions} - {0})
        if len(rows) != count or len(widths) != 1:
            wanted = f"{count} sound vectors of {self.dimensions or 'equally many'} numbers"
            raise self._service.broken(f"did not answer with {wanted}")
        self.dimensions = widths.pop()
        return vectors


async def _objects(service: Service, response: Any) -> AsyncGenerator[Any, None]:
    """The JSON objects of a reply, streamed or whole; ServiceUnavailable where they stop short of its end.

    Not read through the SDK's Stream because it hides [DONE], which for some services is the only mark of the end.
    """
    kind = response.headers.get("content-type", "").lower()
    if "html" in kind:
        raise service.broken("sent a web page in place of a reply", "Check OPENAI_BASE_URL: most end in /v1.")
    if "json" in kind:
        yield json.loads(await response.read()) or {}
    else:
        async for line in _lines(response):
            if line.startswith(b"data:"):
                data = line[5:].strip()
                if data == b"[DONE]":
                    return
                yield json.loads(data) or {}
    raise service.broken("ended the reply before it was complete")


async def _lines(response: Any) -> AsyncGenerator[bytes, None]:
    """Split at newlines alone: what str.splitlines takes for line ends (U+2028, U+0085) may stand inside JSON."""
    rest = b""
    async for piece in response.iter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line
    yield rest


def _unit(vector: Sequence[float]) -> Vector:
    """The vector at length 1; ValueError where it has no direction."""
    length = math.hypot(*vector)
    if not 0 < length < math.inf:
        raise ValueError("no direction")
    return [value / length for value in vector]
