"""Named reads of contacts."""

from django.db.models import Q

from customers.models import Contact, ContactQuerySet
from fieldops.users.models import User


def visible_contacts(user: User) -> ContactQuerySet:
    """The door to contacts: whom this person may see."""
    if not user.has_perm("customers.view_contact"):
        return Contact.objects.none()
    return Contact.objects.all()


def contacts_with_account_number(number: str) -> ContactQuerySet:
    """Who carries the number, compared as Xero does: without regard to case."""
    standing = Contact.objects.standing()
    return standing.filter(account_number__iexact=number.strip())


def towns_of(contacts: ContactQuerySet) -> list[str]:
    """The towns of their billing addresses, in order."""
    towns = contacts.order_by().values_list("billing_city", flat=True).distinct()
    return sorted(town for town in towns if town)


def label_of(contact: Contact) -> str:
    """What the picker shows and reads back: the name, and the number if there is one."""
    if contact.account_number:
        return f"{contact.name} · {contact.account_number}"
    return contact.name


def contacts_like(text: str) -> ContactQuerySet:
    """Active contacts to choose from while the text is typed."""
    like = Q(name__icontains=text) | Q(account_number__icontains=text)
    return Contact.objects.active().filter(like)


def contacts_meant_by(text: str) -> ContactQuerySet:
    """The active contacts a typed text may mean; exactly one when it is plain whom.

    A whole name, a number or both win over a part of a name.
    """
    name, _, number = (part.strip() for part in text.rpartition(" · "))
    active = Contact.objects.active()
    for exact in (
        Q(name__iexact=name, account_number__iexact=number) if name else Q(pk=None),
        Q(name__iexact=text) | Q(account_number__iexact=text),
    ):
        found = active.filter(exact)
        if found.exists():
            return found
    return contacts_like(text)
