"""What a page of the docs names is there: files, commands, and words of the code."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.files import name_of, repository_files, text_files
from tests.services import ROOT

PAGES = [path for path in repository_files() if path.suffix == ".md"]
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^    .+$", re.M)


@pytest.fixture(params=PAGES, ids=name_of)
def document(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def in_code_letters(document: Path) -> list[str]:
    """What stands in backticks, or in a line of its own to be typed in."""
    text = document.read_text()
    return SPAN.findall(text) + COMMAND.findall(text)


@cache
def words_of_the_code() -> frozenset[str]:
    sources = [path for path in text_files() if path.suffix != ".md"]
    names = "\n".join(map(name_of, sources))
    return frozenset(
        re.findall(r"\w+", "\n".join([names, *(path.read_text() for path in sources)]))
    )


def test_what_a_page_points_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_heading_that_a_page_points_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", document.read_text())

    missing = [
        (target, anchor)
        for target, anchor in links
        if anchor not in anchors_of(document.parent / target if target else document)
    ]
    assert missing == []


def anchors_of(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.M)
    return {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in headings
    }


def test_a_file_that_a_page_names_is_there(document: Path) -> None:
    """By its path or the end of it; names with < or a star are patterns."""
    paths = [f"/{name_of(path)}" for path in repository_files()]
    named = [
        span
        for span in SPAN.findall(document.read_text())
        if re.fullmatch(r"[\w./-]*\w\.(?:py|md|html|css|js|toml|in|txt)", span)
    ]

    missing = [
        name for name in named if not any(path.endswith(f"/{name}") for path in paths)
    ]
    assert missing == []


def test_a_command_that_a_page_names_is_there(document: Path) -> None:
    spans = "\n".join(in_code_letters(document))
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    paths = {name_of(path) for path in repository_files()}
    ends = {path.rpartition("/management/commands/")[2] for path in paths}

    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", spans)) <= set(targets)
    for module in re.findall(r"python -m ([a-z][\w.]+)", spans):
        path = module.replace(".", "/")
        assert {f"{path}.py", f"{path}/__main__.py"} & paths, module
    for command in re.findall(r"manage\.py (\w+)", spans):
        assert f"{command}.py" in ends, command


def test_a_word_of_the_code_that_a_page_names_is_in_it(document: Path) -> None:
    """Known by an underscore or a capital within; what ends in one is a pattern."""
    words = re.findall(r"\w+", "\n".join(SPAN.findall(document.read_text())))
    named = {word for word in words if re.search(r"[^_]_[^_]|[a-z][A-Z]", word)}

    assert sorted(named - words_of_the_code()) == []
