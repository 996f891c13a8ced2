"""Files that were damaged at random: never an error of ours, always the same answer."""

import random
from datetime import date
from pathlib import Path

import pytest

from fieldops.common.importing.sheet import FileRefused
from fieldops.demo.company import make_company
from fieldops.demo.files import write_files
from fieldops.imports.kinds import KINDS
from tests.imports.files import counts, do_import

DIRT = (
    *(b'"', b",", b";", b"\t", b"\n", b"\r\n", b"\0", b"\xff", b"\x0b", b"-", b"."),
    *(
        "٣".encode(),
        "²".encode(),
        b"\xc2\xa0",
        b"\xe2\x80\xae",
        b"=1+1",
        b"(1)",
        b"GBP",
    ),
    *(b"9" * 30, b"x" * 600, b"1e9", b"31/12/9999", b"0000-00-00"),
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    company = make_company(5, date(2026, 11, 21), contacts=10, items=8, invoices=5)
    return write_files(company, tmp_path_factory.mktemp("demo"))


def spoiled(content: bytes, chance: random.Random) -> bytes:
    spoiling = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(spoiling))
        lost = chance.choice((0, chance.randint(1, 8)))
        spoiling[at : at + lost] = chance.choice(DIRT)
    return bytes(spoiling)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("seed", range(12))
def test_the_plan_is_what_happens_and_twice_is_once(
    files: dict[str, Path], kind: str, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    content = spoiled(files[kind].read_bytes(), chance)
    try:
        planned = do_import(kind, content, dry_run=True)
    except FileRefused:
        return
    assert do_import(kind, content) == planned
    created, changed, _, refused = counts(do_import(kind, content))
    assert (created, changed, refused) == (0, 0, planned.refused)
