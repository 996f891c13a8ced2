"""Contacts of ours that share anything with some that have no row here: found by SQL, few
enough to be looked at closely, and in two reads however many are asked about."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, Right

from customers.models import Contact
from xero_sync.matching.names import Name
from xero_sync.matching.normalise import phone_key, postcode_key

# For each that is asked about: of those that share a number, and that share a name.
MOST = 80
_LAST_DIGITS = 3
_FIRST_LETTERS = 3
_EMAILS = ("email", "accounting_email")
_NUMBERS = ("account_number", "tax_number")
_PHONES = ("phone", "mobile", "direct_dial")


def contacts_near(likes: Sequence[Contact], among: QuerySet[Contact]) -> list[Contact]:
    """``likes`` are not saved. Two reads, so that many of one word leave those of one
    number in."""
    folded = {f"low_{name}": Lower(name) for name in (*_EMAILS, *_NUMBERS)}
    ends = {f"end_{name}": Right(name, _LAST_DIGITS) for name in _PHONES}
    most = MOST * len(likes)
    keyed = among.alias(**folded, **ends).filter(any_of(_keys(likes)))[:most]
    postcode = among.alias(low_postcode=Lower("billing_postcode"))
    named = postcode.filter(any_of([*_names(likes), _postcodes(likes)]))[:most]
    return list({contact.pk: contact for contact in (*keyed, *named)}.values())


def words_in(column: str, name: str) -> Q | None:
    """The two longest words that tell: their first letters, so that slips pass."""
    words = sorted(Name(name).telling, key=lambda word: (-len(word), word))[:2]
    parts = [Q(**{f"{column}__icontains": word[:_FIRST_LETTERS]}) for word in words]
    return reduce(and_, parts) if parts else None


def any_of(parts: Iterable[Q | None]) -> Q:
    return reduce(or_, filter(None, parts), Q(pk__in=[]))


def _names(likes: Iterable[Contact]) -> Iterable[Q | None]:
    return (words_in("name", name) for name in sorted({one.name for one in likes}))


def _keys(likes: Sequence[Contact]) -> Iterable[Q | None]:
    """Without regard to case, as far as the database knows cases."""
    emails = _said(likes, _EMAILS)
    for column in _EMAILS:
        yield _among(column, emails)
    for column in _NUMBERS:
        yield _among(column, _said(likes, (column,)))
    keys = {phone_key(number) for number in _said(likes, _PHONES)} - {""}
    last = {key[-_LAST_DIGITS:] for key in keys}
    for column in _PHONES:
        yield Q(**{f"end_{column}__in": sorted(last)}) if last else None


def _said(likes: Iterable[Contact], columns: Iterable[str]) -> set[str]:
    return {getattr(one, name) for one in likes for name in columns} - {""}


def _among(column: str, values: set[str]) -> Q | None:
    if not values:
        return None
    low = Q(**{f"low_{column}__in": sorted(value.lower() for value in values)})
    return low | Q(**{f"{column}__in": sorted(values)})


def _postcodes(likes: Iterable[Contact]) -> Q | None:
    """As it was written, in one piece, and with the space where Britain has it."""
    spelled: set[str] = set()
    for written in _said(likes, ("billing_postcode",)):
        bare = postcode_key(written)
        spelled |= {written, bare, f"{bare[:-3]} {bare[-3:]}"}
    if not spelled:
        return None
    return Q(low_postcode__in=sorted(one.lower() for one in spelled))
