"""The files of this repository, as git would commit them."""

import subprocess
from functools import cache
from pathlib import Path

from tests.services import ROOT

APPS = ("fieldops", "customers", "stock", "invoicing", "xero_sync")


@cache
def repository_files() -> tuple[Path, ...]:
    """Tracked files and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def text_files() -> list[Path]:
    return [
        path for path in repository_files() if b"\0" not in path.read_bytes()[:8000]
    ]


def app_code() -> list[Path]:
    """Python of the product itself."""
    return [
        path
        for path in repository_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in APPS
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))
