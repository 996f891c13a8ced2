"""Bytes in JSON that stand for no character, or for one that no database keeps."""

import re
from codecs import BOM_UTF8

_NUL = rb"\u0000"
# What stands before an escape: no backslash, or pairs that mean one each.
_BEFORE = rb"(?<!\\)((?:\\\\)*)"
# Half of a pair of UTF-16 on its own is no character.
_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HIGH_ALONE = _HIGH + rb"(?!" + _LOW + rb")"
_LOW_ALONE = rb"(?<!" + _HIGH + rb")" + _LOW

_NULS = re.compile(_BEFORE + rb"\\u0000")
_HALVES = re.compile(_BEFORE + rb"(?:" + _HIGH_ALONE + rb"|" + _LOW_ALONE + rb")")


def without_nul(body: bytes) -> bytes:
    return _NULS.sub(rb"\1", body) if _NUL in body else body


def with_characters_only(body: bytes) -> bytes:
    """What is no character becomes U+FFFD; a byte order mark is left out."""
    text = body.removeprefix(BOM_UTF8).decode(errors="replace")
    return _HALVES.sub(rb"\1\\ufffd", text.encode())
