"""Contacts of ours that share anything with one that has no row here: found by SQL, few
enough to be looked at closely."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Q, QuerySet

from customers.models import Contact
from xero_sync.matching.names import Name
from xero_sync.matching.normalise import phone_key, postcode_key

# Of those that share a number, and of those that share a name.
MOST = 80
_LAST_DIGITS = 3
_FIRST_LETTERS = 3


def contacts_near(like: Contact, among: QuerySet[Contact]) -> list[Contact]:
    """``like`` is not saved. Two reads, so that many of one word leave those of one
    number in."""
    keyed = among.filter(any_of(_keys(like)))[:MOST]
    named = among.filter(any_of([words_in("name", like.name), *_postcodes(like)]))[
        :MOST
    ]
    return list({contact.pk: contact for contact in (*keyed, *named)}.values())


def words_in(column: str, name: str) -> Q | None:
    """The two longest words that tell: their first letters, so that slips pass."""
    words = sorted(Name(name).telling, key=lambda word: (-len(word), word))[:2]
    parts = [Q(**{f"{column}__icontains": word[:_FIRST_LETTERS]}) for word in words]
    return reduce(and_, parts) if parts else None


def any_of(parts: Iterable[Q | None]) -> Q:
    return reduce(or_, filter(None, parts), Q(pk__in=[]))


def _keys(like: Contact) -> Iterable[Q | None]:
    for email in filter(None, (like.email, like.accounting_email)):
        yield Q(email__iexact=email) | Q(accounting_email__iexact=email)
    for number in filter(phone_key, (like.phone, like.mobile, like.direct_dial)):
        last = phone_key(number)[-_LAST_DIGITS:]
        for column in ("phone", "mobile", "direct_dial"):
            yield Q(**{f"{column}__endswith": last})
    for column in ("account_number", "tax_number"):
        if value := getattr(like, column):
            yield Q(**{f"{column}__iexact": value})


def _postcodes(like: Contact) -> Iterable[Q]:
    """As it was written, in one piece, and with the space where Britain has it."""
    if like.billing_postcode:
        bare = postcode_key(like.billing_postcode)
        for spelled in {like.billing_postcode, bare, f"{bare[:-3]} {bare[-3:]}"}:
            yield Q(billing_postcode__iexact=spelled)
