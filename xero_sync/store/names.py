"""Names in Xero: approved by a person, dropped when somebody renames the contact there."""

from django.utils import timezone

from customers.models import Contact
from fieldops.common.actor import Actor
from xero_sync.models import NameInXero, SyncSettings, XeroConnection


def put_name(
    connection: XeroConnection,
    contact: Contact,
    name: str,
    *,
    stands_for: str,
    by: Actor,
) -> None:
    """``stands_for`` is the name it has here: renamed, it goes by the new one."""
    NameInXero.objects.update_or_create(
        connection=connection,
        contact=contact,
        defaults={
            "name": name,
            "stands_for": stands_for,
            "user": by.user,
            "approved_at": timezone.now(),
        },
    )


def drop_name(settings: SyncSettings, contact: Contact) -> None:
    """Known by the settings of the run: most contacts have none."""
    name = settings.names_in_xero.pop(contact.pk, None)
    if name is not None:
        name.delete()
