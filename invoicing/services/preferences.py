"""Change what a new invoice starts with."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked, stripped
from invoicing.models import InvoicingSettings


@transaction.atomic
def change_invoicing_settings(
    values: Mapping[str, Any], *, by: Actor, revision: int | None = None
) -> InvoicingSettings:
    settings = locked(InvoicingSettings.current(), revision=revision)
    change_record(settings, stripped(values), by=by)
    return settings
