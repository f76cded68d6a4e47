"""Bytes to the stored form of a text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.content.draft import UnreadableError
from qa.content.text import clean, decode, fold, shown


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Café".encode(), "Café"),
        (b"\xef\xbb\xbfCaf\xc3\xa9", "Café"),
        ("Café 😀".encode("utf-16"), "Café 😀"),
        (b"\xfe\xff" + "Café".encode("utf-16-be"), "Café"),
        (b"", ""),
    ],
)
def test_decodes_utf8_and_marked_utf16(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"abc\xff", "not valid UTF-8: byte 0xff at offset 3"),
        (b"\xef\xbb\xbfab\xff", "not valid UTF-8: byte 0xff at offset 5"),
        ("naïve".encode("cp1252"), "not valid UTF-8: byte 0xef at offset 2"),
        (b"\xff\xfea\x00b", "not valid UTF-16: byte 0x62 at offset 4"),
        (b"text\x00text", "binary"),
        ("text".encode("utf-16-le"), "binary"),
        ("text".encode("utf-32"), "binary"),
        (b"%PDF-1.7 words", "binary"),
        (b"PK\x03\x04 words", "binary"),
    ],
)
def test_refuses_what_is_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        decode(data)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("a\r\nb\rc\u2028d\x85e\x0cf", "a\nb\nc\nd\ne\nf"),
        ("Cafe\u0301", "Café"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07a \x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\", "a link"),
        ("\x9b31mred \x1b]0;never ended\nnext line", "red\nnext line"),
        ("\x1b(Bplain\x1bcreset", "plainreset"),
        ("pay\u202egnp.exe\u202c \u2066x\u2069", "paygnp.exe x"),
        ("Tik\u200bTok \ufeffTik\u00adTok", "TikTok TikTok"),
        ("bell\x07 null\x00 del\x7f tab\tkept", "bell null del tab\tkept"),
        ("half \ud83d of a pair", "half  of a pair"),
        ("family 👨‍👩‍👧", "family 👨‍👩‍👧"),
        ("\n \n  first  \nsecond\t\n\n", "first\nsecond"),
    ],
)
def test_cleans(raw: str, stored: str) -> None:
    assert clean(raw) == stored


@given(st.text(alphabet=st.characters() | st.sampled_from("\x1b\x9b[]m\x07\\\r\n \u202e\u0301")))
def test_cleaning_leaves_nothing_to_clean(raw: str) -> None:
    text = clean(raw)
    assert clean(text) == text == unicodedata.normalize("NFC", text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text)
    assert "\n" not in fold(raw)


def test_printable_marks_what_it_cannot_show() -> None:
    assert shown("a\x1b[31m\nb.txt") == "a�[31m�b.txt"
    assert shown("Ünï © 😀.txt") == "Ünï © 😀.txt"
