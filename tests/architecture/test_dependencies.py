"""Every direct dependency is there for a reason that is written down."""

import re

from tests.services import ROOT


def direct(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text()
    return set(re.findall(r"^([A-Za-z][\w.-]*)", text, re.M))


def test_each_has_its_line() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    first_cells = " ".join(re.findall(r"^\| (.+?) \|", page, re.M))
    explained = set(re.findall(r"[A-Za-z][\w.-]*[\w]", first_cells))
    assert sorted((direct("run.in") | direct("dev.in")) - explained) == []
