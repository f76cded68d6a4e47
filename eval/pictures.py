"""Draws the pictures of the README: `make pictures`.

Each is the program itself: its own display, showing what it answers over the bundled articles without a model service,
recorded by Rich and written to docs/pictures/ as an SVG that loads nothing from anywhere.
"""

import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from qa import indexing, wiring
from qa.answering import Assistant
from qa.chatting import slash
from qa.chatting.chat import Chat
from qa.chatting.screen import Screen
from qa.content import articles
from qa.settings import OFFLINE, Settings, content_folder

_FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
_WIDTH = 100
_QUESTION = "when does the TikTok extension end?"
_PICTURES = {"ask": False, "why": True}
"""The name of each picture, and whether it shows the ranks of `--why`."""

_CONVERSATION = (
    "How many active users does TikTok have in the U.S.?",
    "Who is its parent company?",
    "/open 1",
)

# Rich's own template asks a web host for its font. Nobody is to be told who reads a README, so this one takes the
# monospaced font that is there; each run of text states its length, so that the columns stand in any of them.
# Without xml:space some programs drop the blank that a run begins with.
_SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" xml:space="preserve" role="img">
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
}}
.{unique_id}-title {{
    font-family: system-ui, sans-serif;
    font-size: 16px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class _Recorded(Screen):
    """The program's display, on a console that remembers what it shows."""

    def __init__(self) -> None:
        super().__init__(live=True)
        self.terminal = True
        self.console = Console(
            file=StringIO(), record=True, force_terminal=True, color_system="truecolor", width=_WIDTH, highlight=False
        )

    def write(self, text: str) -> None:
        self.console.out(text, end="", highlight=False)

    def _wait(self) -> None:
        """Shows no sign of an answer to come, which it would have to take back."""

    def _console(self, _file: TextIO | None = None) -> Console:
        return self.console


def main() -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        # The bundled articles alone, whatever the user has indexed and whichever key is set.
        settings = Settings(Path(folder) / "index", OFFLINE, None, 60, None)
        _index(settings)
        assistant = wiring.assistant(settings, _told)
        pictures = {name: _picture(assistant, name, why) for name, why in _PICTURES.items()}
        pictures["chat"] = _chat(settings, assistant)
        for name, picture in pictures.items():
            path = _FOLDER / f"{name}.svg"
            path.write_text(picture, encoding="utf-8")
            print(path)


def _index(settings: Settings) -> None:
    assert settings.index
    indexing.refresh(settings.index, articles.read([content_folder("seeds")]), wiring.embedder_named(None, settings))


def _told(message: str) -> None:
    print(message, file=sys.stderr)


def _picture(assistant: Assistant, name: str, why: bool) -> str:
    display = _Recorded()
    command = f'qa ask {"--why " if why else ""}"{_QUESTION}"'
    display.console.print(Text.assemble(("$ ", "bold green"), (command, "bold")), soft_wrap=True)
    display.console.print()
    display.answer(assistant.ask(_QUESTION), why)
    return _drawn(display, name)


def _chat(settings: Settings, assistant: Assistant) -> str:
    screen = _Recorded()
    screen.console.print(Text.assemble(("$ ", "bold green"), ("qa chat", "bold")))
    chat = Chat(settings, assistant, wiring.open_index(settings, _told), screen, None)
    for line in _CONVERSATION:
        screen.console.print(Text.assemble(("> ", "bold"), line), soft_wrap=True)
        if slash.is_command(line):
            slash.run(chat, line)
        else:
            screen.answered(chat.ask(line), chat.filters)
    return _drawn(screen, "chat")


def _drawn(display: _Recorded, name: str) -> str:
    display.console.print()  # the frame is drawn close around the last line
    return display.console.export_svg(title="qa", code_format=_SVG, unique_id=f"qa-{name}")


if __name__ == "__main__":
    main()
