"""Whether a contact is fit for the books: pure checks, used wherever one is needed."""

from collections.abc import Iterator

from customers.models import Contact
from fieldops.common.readiness import Flaw, is_valid_email

# What Xero takes; we keep more, because real data holds more.
LONGEST = {
    "name": 255,
    "first_name": 255,
    "last_name": 255,
    "email": 255,
    "accounting_email": 255,
    "account_number": 50,
    "phone": 50,
    "mobile": 50,
    "direct_dial": 50,
    "fax": 50,
    "tax_number": 50,
    "billing_country": 50,
    "delivery_country": 50,
}


def contact_flaws(contact: Contact, *, number_keeper: str = "") -> Iterator[Flaw]:
    """``number_keeper`` is the name of the other contact that carries the number."""
    yield from _email_flaws(contact)
    if number_keeper and contact.account_number:
        yield Flaw(
            "account_number_used_here",
            "account_number",
            f"{contact.account_number} is already recorded against {number_keeper}",
        )
    for field, longest in LONGEST.items():
        length = len(getattr(contact, field))
        if length > longest:
            code = "name_too_long" if field == "name" else "field_too_long"
            message = f"is {length} characters long; Xero takes {longest}"
            yield Flaw(code, field, message)
    if set("<>") & set(contact.name):
        yield Flaw("name_characters", "name", "holds < or >, which Xero refuses")


def _email_flaws(contact: Contact) -> Iterator[Flaw]:
    for field in ("email", "accounting_email"):
        address = getattr(contact, field)
        if address and not is_valid_email(address):
            message = f'"{address}" is not a valid e-mail address'
            yield Flaw("email_invalid", field, message)
