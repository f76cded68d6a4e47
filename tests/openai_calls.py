"""What the tests of the OpenAI adapter share: one question, one key, and a chat with the loopback server."""

import time
from pathlib import Path

from loopback import Loopback

from qa.adapters.openai import OpenAIChat
from qa.domain import Message

ROOT = Path(__file__).parents[1]
KEY = "sk-proj-Zm9vYmFyYmF6cXV4"
SOON = {"Retry-After-Ms": "10"}
"""With this the SDK retries at once."""
QUESTION = [Message("system", "Answer."), Message("user", "When does the extension end?")]


def chat_with(server: Loopback, retries: int = 3, key: str | None = KEY) -> OpenAIChat:
    return OpenAIChat("gpt-4.1-mini", server.url, key, retries=retries)


def ask(chat: OpenAIChat, seconds: float = 5.0) -> str:
    return "".join(chat.stream(QUESTION, time.monotonic() + seconds))
