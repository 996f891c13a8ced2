"""What a page of the docs names is there: files, commands, and words of the code."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.architecture.files import name_of, repository_files, text_files
from tests.services import ROOT

PAGES = [path for path in repository_files() if path.suffix == ".md"]
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^    .+$", re.M)


def assert_of_all(missing: Callable[[Path], Iterable[object]]) -> None:
    found = [
        f"{name_of(document)}: {one}" for document in PAGES for one in missing(document)
    ]
    assert found == []


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


def test_what_a_page_points_to_is_there() -> None:
    def missing(document: Path) -> list[str]:
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
        return [link for link in links if not (document.parent / link).exists()]

    assert_of_all(missing)


def test_the_heading_that_a_page_points_to_is_there() -> None:
    def missing(document: Path) -> list[str]:
        links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", document.read_text())
        return [
            f"{target}#{anchor}"
            for target, anchor in links
            if anchor
            not in anchors_of(document.parent / target if target else document)
        ]

    assert_of_all(missing)


@cache
def anchors_of(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.M)
    return {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in headings
    }


def test_a_file_that_a_page_names_is_there() -> None:
    """By its path or the end of it; names with < or a star are patterns."""
    paths = [f"/{name_of(path)}" for path in repository_files()]

    def missing(document: Path) -> list[str]:
        return [
            span
            for span in SPAN.findall(document.read_text())
            if re.fullmatch(r"[\w./-]*\w\.(?:py|md|html|css|js|toml|in|txt)", span)
            and not any(path.endswith(f"/{span}") for path in paths)
        ]

    assert_of_all(missing)


def test_a_command_that_a_page_names_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    paths = {name_of(path) for path in repository_files()}
    ends = {path.rpartition("/management/commands/")[2] for path in paths}

    def missing(document: Path) -> Iterator[str]:
        spans = "\n".join(in_code_letters(document))
        yield from set(re.findall(r"\bmake ([a-z][a-z-]*)", spans)) - set(targets)
        for module in re.findall(r"python -m ([a-z][\w.]+)", spans):
            path = module.replace(".", "/")
            if not {f"{path}.py", f"{path}/__main__.py"} & paths:
                yield module
        for command in re.findall(r"manage\.py (\w+)", spans):
            if f"{command}.py" not in ends:
                yield command

    assert_of_all(missing)


def test_a_word_of_the_code_that_a_page_names_is_in_it() -> None:
    """Known by an underscore or a capital within; what ends in one is a pattern."""

    def missing(document: Path) -> list[str]:
        words = re.findall(r"\w+", "\n".join(SPAN.findall(document.read_text())))
        named = {word for word in words if re.search(r"[^_]_[^_]|[a-z][A-Z]", word)}
        return sorted(named - words_of_the_code())

    assert_of_all(missing)
