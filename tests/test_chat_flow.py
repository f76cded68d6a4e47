"""Markdown as it streams, in the lines of a terminal."""

import pytest
from rich.cells import cell_len
from rich.text import Text

from qa.chatting.flow import Flow, marked


def shown(width: int, *pieces: str) -> str:
    flow = Flow(width)
    return "".join(flow.feed(marked(piece, fresh=not n)).plain for n, piece in enumerate(pieces))


def styles(piece: str) -> dict[str, str]:
    text = marked(piece, fresh=True)
    return {text.plain[span.start : span.end]: str(span.style) for span in text.spans}


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        (["It ends on Friday [1].", " It may not [2]."], ["It ends on Friday", "[1]. It may not [2]."]),
        (["# Dates", "\n\n- It **ends** on Friday in March.", "\n- It may not."],
         ["Dates", "", "• It ends on Friday", "  in March.", "• It may not."]),
        (["12. The twelfth of many things"], ["12. The twelfth of", "    many things"]),
        (["> Said he, and said it again."], ["▏ Said he, and said", "  it again."]),
        (["港口星期五重新开放了，四艘渡轮。"], ["港口星期五重新开放", "了，四艘渡轮。"]),
        (["a" * 45], ["a" * 20, "a" * 20, "a" * 5]),
        (["**Never closed. `x = 1` <b>&amp; [a](b)"], ["Never closed. x = 1", "<b>& a"]),
        (["5 * 3 is 15, and * is a star"], ["5 * 3 is 15, and *", "is a star"]),
    ],
)  # fmt: skip
def test_pieces_come_in_lines(pieces: list[str], lines: list[str]) -> None:
    fitted = [line.rstrip() for line in shown(20, *pieces).split("\n")]
    assert fitted == lines and all(cell_len(line) <= 20 for line in fitted)


def test_marks_become_styles() -> None:
    assert styles("It **ends** on *Friday* [1].") == {"ends": "bold", "Friday": "italic", "[1]": "bold cyan"}
    assert styles("# A **b** `c`") == {"A ": "bold", "b": "bold bold", " ": "bold", "c": "bold"}
    assert marked("* 5 **a** # b", fresh=True, markdown=False).plain == "* 5 **a** # b"


def test_styles_stay_with_their_words() -> None:
    fitted = Flow(20).feed(Text.assemble("before the words that ", ("are very bright", "bold"), " and after"))
    assert fitted.plain == "before the words\nthat are very bright\nand after"
    assert [fitted.plain[s.start : s.end] for s in fitted.spans if s.style == "bold"] == ["are very bright"]
