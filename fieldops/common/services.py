"""Everything that writes what is the company's own."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import change_record, locked, stripped
from fieldops.common.models import Company


@transaction.atomic
def change_company(
    values: Mapping[str, Any], *, by: Actor, revision: int | None = None
) -> Company:
    company = locked(Company.current(), revision=revision)
    change_record(company, stripped(values), by=by)
    return company
