"""Connect to Xero and come back, choose the organisation, disconnect."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from fieldops.common.errors import DomainError
from fieldops.common.views import OfficeView
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.permissions import Right
from xero_sync.runs.connecting import (
    choose_organisation,
    consent_url,
    disconnect,
    finish_consent,
)
from xero_sync.runs.requests import request_automatic_run
from xero_sync.tasks import wake_worker

_STATE_KEY = "xero_consent_state"
_ANOTHER_KEY = "xero_consent_is_for_another"


class ConnectingView(OfficeView):
    permission = Right.CONNECT

    def refused_url(self) -> str:
        return reverse("xero_sync:settings")


class ConnectView(ConnectingView):
    def post(self, request: HttpRequest) -> HttpResponse:
        if not settings.XERO_CLIENT_ID:
            raise DomainError(
                "This installation has no Xero client id and secret yet. Whoever runs "
                "it sets XERO_CLIENT_ID and XERO_CLIENT_SECRET."
            )
        state = secrets.token_urlsafe(32)
        request.session[_STATE_KEY] = state
        request.session[_ANOTHER_KEY] = "another" in request.POST
        return redirect(consent_url(state))


class CallbackView(ConnectingView):
    """Where Xero sends the browser back to; good once, for the session that left."""

    def get(self, request: HttpRequest) -> HttpResponse:
        expected = request.session.pop(_STATE_KEY, "")
        another = request.session.pop(_ANOTHER_KEY, False)
        given = request.GET.get("state", "")
        if not expected or not constant_time_compare(expected, given):
            raise DomainError(
                "This answer from Xero does not belong to your visit. Press Connect to "
                "Xero once more."
            )
        code = request.GET.get("code", "")
        if not code:
            raise DomainError(
                "Xero is not connected: access was not allowed there. Nothing has "
                "changed; you can try again at any time."
            )
        connection = finish_consent(code, by=self.actor, another=another)
        if not connection.is_current:
            return redirect("xero_sync:start-again")
        if connection.is_connected:
            go_on(request, connection)
        return redirect("xero_sync:settings")


class OrganisationView(ConnectingView):
    def post(self, request: HttpRequest) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is None:
            raise DomainError("Connect to Xero first.")
        tenant_id = request.POST.get("tenant_id", "")
        connection = choose_organisation(connection, tenant_id, by=self.actor)
        go_on(request, connection)
        return redirect("xero_sync:settings")


def go_on(request: HttpRequest, connection: XeroConnection) -> None:
    """What waited goes at once; in manual mode, what somebody had asked for."""
    text = f"Connected to {connection.tenant_name}."
    request_automatic_run(connection, timezone.now())
    if SyncRun.objects.open().filter(connection=connection).exists():
        text = f"{text} What waited goes now."
    elif connection.first_sync_done_at:
        text = f"{text} Press Sync now to send what waited."
    messages.success(request, text)
    wake_worker()


class DisconnectView(ConnectingView):
    def post(self, request: HttpRequest) -> HttpResponse:
        disconnect(by=self.actor)
        messages.success(request, "Xero is disconnected.")
        return redirect("xero_sync:settings")
