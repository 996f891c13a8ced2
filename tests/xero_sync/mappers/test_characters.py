"""One character that is none does not cost a page; what is no JSON stays none."""

import pytest

from xero_sync.outcomes.wire import decode


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (rb'"x\ud800y"', "x\ufffdy"),
        (rb'"x\udc00y"', "x\ufffdy"),
        (rb'"\ud83d\ude00 \ud83d"', "\U0001f600 \ufffd"),
        (rb'"\\ud800 \ud800"', "\\ud800 \ufffd"),
        (b'"x\xffy"', "x\ufffdy"),
        (b'\xef\xbb\xbf"x"', "x"),
        (rb'"a\u0000b"', "ab"),
        (rb'"a\\u0000b"', "a\\u0000b"),
        (rb'"a\\\u0000b"', "a\\b"),
    ],
)
def test_it_is_left_out_or_replaced(body: bytes, read: str) -> None:
    assert decode(body) == read


@pytest.mark.parametrize(
    "body", [b"<html></html>", b"", b'{"a": 1', b'{"a": "\xff', b"[" * 100_000]
)
def test_no_json_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(body)
