"""Makes eval/recordings anew: `make recordings`.

`qa eval --record` asks the gold questions of a service on loopback, over the real protocol and with the real SDK. The
service says what eval/scripted/replies.yaml has it say, and says of itself that it is scripted, with which the recordings are
labelled. The new ones take the place of the old when the run is through.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from check import GOLD, QA, ROOT, clean_environment

from qa.content import articles
from qa.domain import Article
from qa.evaluation import gold
from qa.evaluation.recordings import SCRIPTED
from qa.text import one_line

# The server is that of the tests: one that is known to speak the protocol, by all that they do with it.
sys.path.append(str(ROOT / "tests"))
from loopback import Loopback, Text

_GOLD = [ROOT / "eval" / name for name in GOLD]
_FOLDER = ROOT / "eval" / "recordings"
_UNSCRIPTED = "INSUFFICIENT: the answer"
_NAMED = re.compile(r'\[(0\d*):\s*"(.*?)"\s*\]', re.DOTALL)
_SOURCE = re.compile(r"^\[(\d+)\] ", re.MULTILINE)
_FOLLOW_UP = "\n\nThe last question: "


def main() -> int:
    script = Script(yaml.safe_load((ROOT / "eval" / "scripted" / "replies.yaml").read_text("utf-8")))
    with tempfile.TemporaryDirectory() as home, Loopback(script.reply) as server:
        made = Path(home) / "recordings"
        environment = {**clean_environment(home), "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "none"}
        command = [QA, "eval", *map(str, _GOLD), "--record", str(made), "--model", "scripted", "--quiet"]
        done = subprocess.run(command, env=environment, cwd=ROOT)
        if done.returncode:
            return done.returncode
        shutil.rmtree(_FOLDER, ignore_errors=True)
        shutil.copytree(made, _FOLDER)
    files = [file for file in _FOLDER.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    print(
        f"\n{os.path.relpath(_FOLDER)}: {len(files)} files, {size / 1000:.0f} kB. Look at the answers, then: make eval"
    )
    return 0


class Script:
    """Replies to the requests that `qa eval` makes, by the question they ask."""

    def __init__(self, script: Mapping[str, Any]) -> None:
        self._understood: dict[str, str] = {}
        """Of each follow-up, how the service words it to stand alone."""
        self._replies: dict[str, list[str]] = {}
        """To each question as it is asked in the end: the first, and the one when sentences are sent back."""
        self._articles = [found for found in articles.read([ROOT / "seeds"], {}) if isinstance(found, Article)]
        items = {item.id: item for item in gold.read(_GOLD)}
        if unknown := script.keys() - items:
            sys.exit(f"eval/scripted/replies.yaml answers what the gold does not ask: {', '.join(sorted(unknown))}")
        for id, told in script.items():
            turns = [{"reply": told}] if len(items[id].turns) == 1 else told
            for turn, said in zip(items[id].turns, turns, strict=True):
                asked = one_line(turn.question)
                self._understood[asked] = said.get("understood", asked)
                reply = said["reply"]
                self._replies[self._understood[asked]] = [reply] if isinstance(reply, str) else reply

    def reply(self, body: Any) -> Text:
        messages = [message["content"] for message in body["messages"]]
        told, _, follow_up = messages[1].rpartition(_FOLLOW_UP)
        if told:
            text = self._understood[follow_up]
        else:
            sources, _, question = messages[1].rpartition("\n\nQuestion: ")
            sent_back = len(messages) > 2
            text = self.numbered(self._replies.get(question, [_UNSCRIPTED])[-1 if sent_back else 0], sources)
        # Four characters are about a token; what counts is that the sums add up.
        return Text(text, size=80, usage=(sum(map(len, messages)) // 4, len(text) // 4), system=SCRIPTED)

    def numbered(self, reply: str, sources: str) -> str:
        """The reply with each article's name replaced by the number that the prompt gives to its passage."""
        starts = [*_SOURCE.finditer(sources)]
        ends = [*(match.start() for match in starts[1:]), len(sources)]
        shown = {int(m[1]): sources[m.end() : end] for m, end in zip(starts, ends, strict=True)}

        def number(named: re.Match[str]) -> str:
            quote = one_line(named[2])
            title = one_line(next(a.title for a in self._articles if a.id.startswith(named[1])))
            of_article = [n for n, text in shown.items() if text.startswith(title)]
            if not of_article:
                print(f"No passage of {named[1]} was found for: {reply}", file=sys.stderr)
            # A passage that holds the quote, else any of its article: a made-up quote stands in none.
            n = next((n for n in of_article if quote in one_line(shown[n])), next(iter(of_article), 1))
            return f'[{n}: "{quote}"]'

        return _NAMED.sub(number, reply)


if __name__ == "__main__":
    sys.exit(main())
