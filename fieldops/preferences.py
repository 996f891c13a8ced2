"""What people choose for the look of their own pages: theme, density, shortcuts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect

from fieldops.common.changes import change_record
from fieldops.common.permissions import SIGNED_IN
from fieldops.common.views import OfficeView
from fieldops.users.models import User

CHOICES = ("theme", "density", "single_key_shortcuts")


class PreferencesView(OfficeView):
    permission = SIGNED_IN

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            values = chosen_values(request.POST)
        except ValidationError:
            return HttpResponseBadRequest("Not one of the choices.")
        with transaction.atomic():
            # request.user is lazy and hides its class.
            user = User.objects.select_for_update().get(pk=self.user.pk)
            change_record(user, values, by=self.actor)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204)
        return redirect(self.refused_url())


def chosen_values(posted: QueryDict) -> dict[str, Any]:
    fields = [f for f in User._meta.concrete_fields if f.name in CHOICES]
    return {f.name: f.clean(posted[f.name], None) for f in fields if f.name in posted}
