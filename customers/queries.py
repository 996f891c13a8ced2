"""Named reads of contacts."""

from customers.models import Contact, ContactQuerySet
from fieldops.users.models import User


def visible_contacts(user: User) -> ContactQuerySet:
    """The door to contacts: whom this person may see."""
    if not user.has_perm("customers.view_contact"):
        return Contact.objects.none()
    return Contact.objects.all()


def contacts_with_account_number(number: str) -> ContactQuerySet:
    """Who carries the number, compared as Xero does: without regard to case."""
    return Contact.objects.filter(account_number__iexact=number.strip())
