"""Which tests of the suite go to one process together, as they share what is dear: the
group marks of pytest-xdist 3.8 are lost on pytest 9.2."""

from xdist.scheduler import LoadScopeScheduling

SHARE_A_WORLD = ("tests/acceptance/test_kill.py", "tests/acceptance/test_northwind.py")


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """The largest groups begin first, so that no long test is left for the end."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(SHARE_A_WORLD):
            return nodeid.partition("::")[0]
        if "[chromium" in nodeid:
            # One Chromium for all pages, another for the stories, which wait for workers.
            return "stories" if nodeid.startswith("tests/acceptance/") else "pages"
        return nodeid
