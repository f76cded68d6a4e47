"""HTML that is escaped by construction: what is not markup already is text.

tag("p", "AT&T ", tag("b", "<script>"), class_="note")  → <p class="note">AT&amp;T <b>&lt;script&gt;</b></p>
"""

import html
from collections.abc import Iterable

from qa.text import printable


class Html(str):
    """Markup that is safe as it stands; only this package makes it."""

    __slots__ = ()


Child = str | None
"""Html goes in as it is, any other text escaped, None not at all."""
_VOID = frozenset({"meta", "input"})


def tag(element: str, /, *children: Child, **attributes: str | float | bool | None) -> Html:
    """An element. `class_` is class and `data_id` data-id; True is an attribute without value, None and False are none."""
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    return Html(f"<{element}{told}>" if element in _VOID else f"<{element}{told}>{join(children)}</{element}>")


def join(children: Iterable[Child]) -> Html:
    return Html("".join(c if isinstance(c, Html) else _escaped(c) for c in children if c is not None))


def _attribute(name: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    key = name.rstrip("_").replace("_", "-")
    return f" {key}" if value is True else f' {key}="{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    return html.escape(printable(text))
