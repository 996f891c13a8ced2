"""Nothing points outside: no package index, no content network, no machine of ours."""

import re

from tests.architecture.files import name_of, repository_files, text_files
from tests.services import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PAGES = [
    path for path in text_files() if "templates" in path.parts or "static" in path.parts
]
# Names of XML vocabularies look like addresses and are never asked for.
OWN = re.compile(r"https?://(localhost|www\.w3\.org/)")


def test_there_are_lock_files_and_pages() -> None:
    assert [path.name for path in LOCKS] == ["dev.txt", "run.txt", "uv.txt"]
    assert PAGES


def test_lock_files_name_packages_and_hashes_only() -> None:
    package = re.compile(r"[a-z0-9][a-z0-9._-]*==[\w.!+]+( ; [\w .'=<>!()]+)? \\")
    a_hash = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    odd = [
        f"{lock.name}: {line}"
        for lock in LOCKS
        for line in lock.read_text().splitlines()
        if not package.fullmatch(line) and not a_hash.fullmatch(line)
    ]
    assert odd == []


def test_tests_install_the_very_versions_that_run() -> None:
    pin = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.M)
    run, dev = (
        dict(pin.findall((ROOT / "requirements" / name).read_text()))
        for name in ("run.txt", "dev.txt")
    )
    assert {name: dev.get(name) for name in run} == run


def test_a_page_loads_nothing_from_another_host() -> None:
    address = re.compile(r"""(?:https?:)?//[\w.-]+\.\w{2,}[^\s"'<>)]*""")
    found = [
        f"{name_of(page)}: {other}"
        for page in PAGES
        for other in address.findall(page.read_text())
        if not OWN.match(other)
    ]
    assert found == []


def test_no_file_knows_the_machine_that_it_was_written_on() -> None:
    # In pieces, so that this file does not find itself.
    places = ["work", "root", "home", "tmp", "Users"]
    machine = re.compile(rf"(?<![\w.~$}}/-])/(?:{'|'.join(places)})/[\w.-]+")
    found = [
        f"{name_of(path)}: {match}"
        for path in text_files()
        for match in machine.findall(path.read_text(errors="replace"))
    ]
    assert found == []


def test_the_top_level_is_what_was_agreed() -> None:
    agreed = {
        *("manage.py", "pyproject.toml", "README.md", "Makefile", "CHANGELOG.md"),
        *("LICENSE", ".gitignore", ".env.example", ".ci", "requirements", "docs"),
        *("fieldops", "customers", "invoicing", "stock", "xero_sync"),
        *("templates", "tests"),
    }
    found = {path.relative_to(ROOT).parts[0] for path in repository_files()}
    assert found == agreed
