"""One call to a service that speaks the OpenAI protocol: bounded by one deadline, its failures told in plain words.

    service = Service("qwen3", "http://localhost:11434/v1", api_key=None, retries=3)
    with Call(service, deadline=time.monotonic() + 60) as call:
        answer = call.run(ask(call.client))           # QaErrors only

The SDK connects, retries, and sleeps between retries. It has no limit on all of that together: its timeouts count for
each read, so a service that drips a byte a second never meets them. Hence its asynchronous client, run step by step.
"""

import asyncio
import json
import math
import re
import socket
import ssl
import sys
import threading
import time
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from qa.errors import NotConfigured, QaError, RateLimited, ServiceRefused, ServiceUnavailable, TimedOut, UsageError

if TYPE_CHECKING:
    import openai

T = TypeVar("T")

OPENAI = "https://api.openai.com/v1"
CLOSING_SECONDS = 0.2


class Service:
    """Where the model is, with which key, and how its failures are told."""

    def __init__(self, model: str, base_url: str | None, api_key: str | None, retries: int) -> None:
        self.model, self.retries = model, retries
        self.url = (base_url or "").strip() or OPENAI
        self.key = (api_key or "").strip()
        self._secrets = [self.key] if self.key else []
        try:
            parts = urlsplit(self.url)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound or re.search(r"\s", self.url):
            shown = self.plain(self.url.rpartition("@")[2])
            hint = "Set OPENAI_BASE_URL to one such as http://localhost:11434/v1."
            raise UsageError(f"The base URL '{shown}' is not a web address.", hint)
        if not all("!" <= character <= "~" for character in self.key):
            raise NotConfigured("The key holds characters that no key has.", "Set OPENAI_API_KEY to the key alone.")
        self._secrets += [parts.password] if parts.password else []
        self.host = parts.netloc.rpartition("@")[2]
        self.own = parts.hostname == "api.openai.com"

    def headers(self) -> dict[str, Any]:
        """Without a key no Authorization goes out at all; the placeholder that the SDK insists on stays here."""
        import openai

        return {} if self.key else {"Authorization": openai.Omit()}

    def plain(self, text: str) -> str:
        """At most 200 characters on one line, without control characters and without the key, whoever echoes it."""
        line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
        for secret in self._secrets:
            line = line.replace(secret, "[key]")
        line = re.sub(r"\b(sk-|Bearer )[\w.*-]{6,}", "[key]", line)
        return line if len(line) <= 200 else line[:199] + "…"

    def broken(self, what: str, hint: str = "Ask again, or use --model offline.") -> ServiceUnavailable:
        """It answered, but outside its protocol."""
        return ServiceUnavailable(f"{self.host} {self.plain(what).rstrip('.')}.", hint)

    def explain(self, error: BaseException, began: bool = False) -> QaError:
        """The error of ours for one of the SDK, of its HTTP library or of reading the reply, which had begun or not."""
        import openai

        if isinstance(error, openai.APIStatusError):
            return self._refusal(error)
        if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError, RecursionError)):
            return self.broken("sent JSON that cannot be read")
        if began:
            return self.broken("broke the connection before the reply was complete")
        causes = list(_causes(error))
        kinds = [type(cause) for cause in causes]
        if socket.gaierror in kinds:
            why = "no such name is known"
        elif ConnectionRefusedError in kinds:
            why = "nothing listens there"
        elif tls := [cause for cause in causes if isinstance(cause, ssl.SSLError)]:
            why = f"no secure connection ({tls[-1].reason})"
        else:
            why = f"the connection failed ({self.plain(str(causes[-1]) or kinds[-1].__name__)})"
        hint = "Check the network" if self.own else "See that the server runs and OPENAI_BASE_URL is right"
        return ServiceUnavailable(f"{self.host} cannot be reached: {why}.", f"{hint}, or use --model offline.")

    def _refusal(self, error: "openai.APIStatusError") -> QaError:
        status, words = error.status_code, said(error.body)
        answered = f"{self.host} answered {status}: {self.plain(words)}".rstrip(":. ") + "."
        if status in (401, 403):
            hint = "Check OPENAI_API_KEY" if self.key else "Set OPENAI_API_KEY"
            return ServiceRefused(answered, f"{hint}, or use --model offline.")
        if status == 402 or (status == 429 and "insufficient_quota" in error.response.text):
            return RateLimited(answered, "The quota is used up: see the billing there, or use --model offline.")
        if status == 429:
            wait = math.ceil(_retry_after(error.response.headers))
            return RateLimited(answered, f"Ask again in {wait} s." if wait else "Ask again in a while.")
        if status == 404 and _names_model(error, words.lower()):
            return NotConfigured(answered, f"Name another model than {self.model} with --model.")
        if status == 404:
            return ServiceUnavailable(answered, "Check OPENAI_BASE_URL: most end in /v1.")
        again = "Ask again later" if status >= 500 else "See whether the model takes such a request"
        return ServiceUnavailable(answered, f"{again}, or use --model offline.")


class Call:
    """One connection to a service, under one deadline on time.monotonic()'s clock; closed whatever happens."""

    def __init__(self, service: Service, deadline: float = math.inf) -> None:
        import openai

        self.service, self.deadline = service, deadline
        self._last: int | Exception | None = None  # what came of the latest attempt: a status, or no answer at all
        self._runner = asyncio.Runner(loop_factory=_new_loop)
        # openai 3 stands on httpx2, openai 2 on httpx, and neither translates what breaks while a body is read
        bases = [sys.modules[name] for name in ("httpx2", "httpx") if name in sys.modules]
        http = [error for base in bases for error in (base.HTTPError, base.InvalidURL, base.StreamError)]
        self._errors = (openai.OpenAIError, OSError, ValueError, RecursionError, *http)
        try:
            hooks: dict[str, Any] = {"request": [self._sending], "response": [self._answered]}
            self.client = openai.AsyncOpenAI(
                base_url=service.url,
                api_key=service.key or "none",
                max_retries=service.retries,
                timeout=None,
                http_client=openai.DefaultAsyncHttpxClient(timeout=None, event_hooks=hooks),
            )
        except (*self._errors, ImportError) as error:  # such as a proxy that is set and cannot be used
            raise service.explain(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close(self.client.close())
        self._runner.close()

    def run(self, step: Awaitable[T]) -> T:
        try:
            return self._runner.run(_within(self.deadline - time.monotonic(), step))
        except TimeoutError:
            raise self._late() from None
        except self._errors as error:
            # with no cause, since the SDK's own message may echo the key
            raise self.service.explain(error, self._began) from None

    def close(self, step: Awaitable[object]) -> None:
        with suppress(Exception):  # nothing is owed to us any more, and the first error must stay the one that is told
            self._runner.run(_within(CLOSING_SECONDS, step))

    async def _sending(self, request: Any) -> None:
        request.extensions = {**request.extensions, "trace": self._traced}

    async def _traced(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(".failed") and isinstance(info.get("exception"), Exception) and not self._began:
            self._last = info["exception"]

    @property
    def _began(self) -> bool:
        return isinstance(self._last, int) and self._last < 300

    async def _answered(self, response: Any) -> None:
        """Tells the SDK, in the header it obeys, not to retry where that is hopeless."""
        self._last = response.status_code
        hopeless = _retry_after(response.headers) > self.deadline - time.monotonic()
        if response.status_code == 429 and not hopeless:
            await response.aread()
            hopeless = "insufficient_quota" in response.text
        if hopeless:
            response.headers["x-should-retry"] = "false"

    def _late(self) -> QaError:
        """The time is up: because of what the service answered to the last attempt, if it answered ill."""
        host, hint = self.service.host, "Ask again later, or raise --timeout."
        if isinstance(self._last, Exception):
            return self.service.explain(self._last)
        if self._last == 429:
            return RateLimited(f"{host} went on answering 429, too many requests, until the time was up.", hint)
        if self._last is not None and self._last >= 500:
            return ServiceUnavailable(f"{host} went on answering {self._last} until the time was up.", hint)
        return TimedOut(f"{host} did not finish its answer in time.", "Raise --timeout, or use --model offline.")


def dig(value: Any, *path: str | int) -> Any:
    """value[path[0]][path[1]]…, or None where the service left something out."""
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def sendable(text: str) -> str:
    """Without the halves of surrogate pairs that a command line in a foreign encoding leaves: UTF-8 has none."""
    return text.encode(errors="replace").decode()


def said(body: Any) -> str:
    """The service's own words in an error of whatever shape: {"message"}, {"error"}, {"detail"}, text or a web page."""
    inner = [dig(body, name) for name in ("message", "error", "detail")]
    if words := next(filter(None, inner), None):
        return said(words)
    text = "" if body is None else str(body)
    return "a web page" if re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE) else text


def _names_model(error: "openai.APIStatusError", words: str) -> bool:
    unknown = re.search(r"not (exist|found|available)|unknown|no such", words)
    in_json = error.response.text.lstrip().startswith("{")
    return in_json and (error.code == "model_not_found" or ("model" in words and unknown is not None))


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    for inner in (error.__cause__ or error.__context__, *getattr(error, "exceptions", ())):
        if inner is not None:
            yield from _causes(inner)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that the service asks us to wait, 0 if it does not say."""
    value, seconds = headers.get("retry-after", ""), 0.0
    with suppress(ValueError, TypeError, OverflowError):
        if milliseconds := headers.get("retry-after-ms"):
            seconds = float(milliseconds) / 1000
        elif re.fullmatch(r"[\d.]+", value):
            seconds = float(value)
        else:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
    return max(0.0, min(seconds, 1e9))  # in this order nan becomes 0


async def _within(seconds: float, step: Awaitable[T]) -> T:
    async with asyncio.timeout(seconds if seconds < math.inf else None):
        return await step


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.getaddrinfo = _look_up  # type: ignore[method-assign]
    return loop


async def _look_up(*name: Any, **kind: Any) -> Any:
    """getaddrinfo in a daemon thread: the loop's own pool would keep Ctrl-C and the deadline waiting for a slow DNS."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any) -> None:
        if not answer.done():
            answer.set_exception(result) if isinstance(result, Exception) else answer.set_result(result)

    def look_up() -> None:
        try:
            result: Any = socket.getaddrinfo(*name, **kind)
        except (OSError, ValueError, OverflowError) as error:  # ValueError: a name that IDNA cannot spell
            result = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=look_up, daemon=True).start()
    return await answer
