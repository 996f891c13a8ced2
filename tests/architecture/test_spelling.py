"""One spelling, wherever people read."""

import re

from tests.architecture.files import text_files
from tests.services import ROOT

# Landed migrations are never touched.
LANDED = re.compile(r"/migrations/")


def test_an_email_has_no_hyphen() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in text_files()
        if not LANDED.search(path.as_posix())
        and re.search(r"\be-" + "mail", path.read_text("utf-8", "replace"), re.I)
    ]
    assert found == []
