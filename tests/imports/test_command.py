"""``manage.py import_csv``: what it prints and how it ends."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers.models import Contact
from tests.imports.files import table_sizes

pytestmark = pytest.mark.django_db

FILE = "*ContactName,EmailAddress\nAda,ada@\n,x\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(FILE)
    return path


def run(*arguments: object) -> tuple[str, str, int]:
    """What was printed, what was complained of, the exit code."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("import_csv", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return out.getvalue(), err.getvalue(), code


def test_prints_a_summary_and_fails_when_rows_were_refused(file: Path) -> None:
    out, err, code = run("contacts", file)
    assert out == (
        "Contacts: 1 created, 0 changed, 0 already here, 1 refused, 1 warnings\n"
    )
    assert err == (
        'warning: line 2: EmailAddress: "ada@" is not a valid email address\n'
        "refused: line 3: ContactName: is blank\n"
    )
    assert code == 1
    assert Contact.objects.get().name == "Ada"


def test_ends_well_when_all_rows_went_in(file: Path) -> None:
    file.write_text("ContactName\nAda\n")
    assert run("suppliers", file)[1:] == ("", 0)
    assert Contact.objects.get().is_supplier


def test_a_dry_run_says_so_and_writes_nothing(file: Path) -> None:
    before = table_sizes()
    out, _, code = run("contacts", file, "--dry-run")
    assert out.endswith("1 refused, 1 warnings (dry run: nothing was written)\n")
    assert code == 1
    assert table_sizes() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "The file is empty."), ("Ada\n", "does not name the columns")],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    file: Path, content: str, says: str
) -> None:
    file.write_text(content)
    with pytest.raises(CommandError, match=says):
        run("contacts", file)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("contacts", tmp_path / "none.csv")
