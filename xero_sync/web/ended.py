"""How a run ended, told once to the person who watched it or asked for it."""

from django.contrib import messages
from django.http import HttpRequest

from xero_sync.models import SyncRun
from xero_sync.web.panels import Panel, panel_of

# Of this person's session: the run asked for last, and the one whose end was told last.
_ASKED = "run_asked"
_TOLD = "run_told"
# What went wrong stands on the page itself.
_ON_THE_PAGE = (SyncRun.State.FAILED, SyncRun.State.ASKING)


def ask_after(request: HttpRequest, run: SyncRun) -> None:
    request.session[_ASKED] = run.pk


def tell_if_ended(request: HttpRequest) -> None:
    """A run may have ended before the page could show that it had begun. Nobody is told
    of one that others have followed."""
    asked = request.session.pop(_ASKED, None)
    newest = SyncRun.objects.select_related("connection").first() if asked else None
    if newest and newest.pk == asked and not newest.is_open:
        tell_of_end(request, panel_of(newest))


def tell_of_end(request: HttpRequest, panel: Panel) -> None:
    run = panel.run
    # On a slow line a second look is on its way before the page is loaded anew.
    if run.state in _ON_THE_PAGE or request.session.get(_TOLD) == run.pk:
        return
    request.session[_TOLD] = run.pk
    messages.success(request, f"{panel.title}. {panel.ended_text}".strip())
