"""Start again with another organisation: what it means, and the word that does it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fieldops.common.errors import DomainError
from fieldops.common.views import OfficeView
from xero_sync.models import SyncSettings, XeroConnection
from xero_sync.permissions import Right
from xero_sync.runs.starting_again import stake_of, start_again, stay_as_it_was


class StartAgainView(OfficeView):
    """Before Xero was asked it says how; after it, with what and at what price."""

    permission = Right.CONNECT

    def get(self, request: HttpRequest) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is None or connection.first_sync_done_at is None:
            return redirect("xero_sync:settings")
        context = {
            "connection": connection,
            "candidate": XeroConnection.candidate(),
            "stake": stake_of(connection),
            "settings": SyncSettings.current(),
        }
        return render(request, "xero_sync/start_again.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        candidate = XeroConnection.candidate()
        if candidate is None:
            raise DomainError("Choose the other organisation in Xero first.")
        if "understood" not in request.POST:
            raise DomainError(
                "Tick that the links to the old organisation are dropped. Nothing has "
                "been changed."
            )
        connection = start_again(
            candidate, request.POST.get("tenant_id", ""), by=self.actor
        )
        messages.success(request, f"Connected to {connection.tenant_name}.")
        return redirect("xero_sync:settings")

    def refused_url(self) -> str:
        return reverse("xero_sync:start-again")


class StayView(OfficeView):
    permission = Right.CONNECT

    def post(self, request: HttpRequest) -> HttpResponse:
        stay_as_it_was()
        messages.success(request, "Everything stays as it was.")
        return redirect("xero_sync:settings")
