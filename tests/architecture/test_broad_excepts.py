"""Two places may catch everything: one record's failure, and a whole run's."""

import ast
from pathlib import Path

from tests.architecture.files import app_code, name_of

# Where the sync turns any failure into an issue row, and into a closed run.
ALLOWED = ["xero_sync/runs/runner.py"]
BROAD = {"Exception", "BaseException"}


def broad_excepts(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ExceptHandler) or passes_on(node):
            continue
        caught = {ast.unparse(node.type)} if node.type else {"Exception"}
        if isinstance(node.type, ast.Tuple):
            caught = {ast.unparse(element) for element in node.type.elts}
        if caught & BROAD:
            found.append(name_of(path))
    return found


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Tidies up and raises the same error again: nothing is caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_only_record_and_run_catch_everything() -> None:
    found = [place for path in app_code() for place in broad_excepts(path)]
    assert sorted(found) == sorted(ALLOWED)
