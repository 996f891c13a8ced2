"""One record per person or company, whatever they are to us."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from customers.people import ContactPerson
from fieldops.common.models import Record

ADDRESS_PARTS = (
    "attention",
    "line1",
    "line2",
    "line3",
    "line4",
    "city",
    "region",
    "postcode",
    "country",
)


def address_fields(slot: str) -> tuple[str, ...]:
    return tuple(f"{slot}_{part}" for part in ADDRESS_PARTS)


# What a person types of a contact.
TYPED_FIELDS = (
    "name",
    "first_name",
    "last_name",
    "email",
    "accounting_email",
    "account_number",
    "phone",
    "mobile",
    "direct_dial",
    "fax",
    "tax_number",
    "website",
    *address_fields("billing"),
    *address_fields("delivery"),
    "payment_terms",
    "payment_days",
    "people",
    "notes",
    "is_supplier",
)


class ContactQuerySet(models.QuerySet["Contact"]):
    def customers(self) -> "ContactQuerySet":
        """Somebody an invoice has been created for, here or in Xero."""
        return self.filter(is_customer=True)

    def suppliers(self) -> "ContactQuerySet":
        return self.filter(is_supplier=True)

    def leads(self) -> "ContactQuerySet":
        """No invoice yet, and we do not buy from them. Leads never sync."""
        return self.filter(is_customer=False, is_supplier=False)

    def active(self) -> "ContactQuerySet":
        return self.filter(is_archived=False)

    def standing(self) -> "ContactQuerySet":
        """Those that were not merged into another one."""
        return self.filter(merged_into=None)


class PaymentTerms(models.TextChoices):
    """When an invoice falls due; the values are Xero's ``PaymentTerms.Type``."""

    DAYS_AFTER_INVOICE = "DAYSAFTERBILLDATE", "days after the invoice date"
    DAYS_AFTER_MONTH = "DAYSAFTERBILLMONTH", "days after the end of the invoice month"
    OF_CURRENT_MONTH = "OFCURRENTMONTH", "of the current month"
    OF_FOLLOWING_MONTH = "OFFOLLOWINGMONTH", "of the following month"


class Contact(Record):
    """A customer, a lead, a supplier, or customer and supplier at once.

    Texts are wider than Xero allows, and addresses of email are kept as they were
    typed: real data holds such records, the readiness checks say what Xero will refuse.
    ``people`` is a list of ``ContactPerson``, one value like any other.
    """

    name = models.CharField(max_length=500)
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    email = models.CharField("email", max_length=500, blank=True)
    accounting_email = models.CharField("accounting email", max_length=500, blank=True)
    account_number = models.CharField(max_length=100, blank=True, db_index=True)
    phone = models.CharField(max_length=80, blank=True)
    mobile = models.CharField(max_length=80, blank=True)
    direct_dial = models.CharField(max_length=80, blank=True)
    fax = models.CharField(max_length=80, blank=True)
    tax_number = models.CharField("VAT number", max_length=100, blank=True)
    website = models.CharField(max_length=500, blank=True)

    billing_attention = models.CharField("attention", max_length=255, blank=True)
    billing_line1 = models.CharField("address line 1", max_length=500, blank=True)
    billing_line2 = models.CharField("address line 2", max_length=500, blank=True)
    billing_line3 = models.CharField("address line 3", max_length=500, blank=True)
    billing_line4 = models.CharField("address line 4", max_length=500, blank=True)
    billing_city = models.CharField("town or city", max_length=255, blank=True)
    billing_region = models.CharField("county or region", max_length=255, blank=True)
    billing_postcode = models.CharField("postcode", max_length=50, blank=True)
    billing_country = models.CharField("country", max_length=100, blank=True)

    delivery_attention = models.CharField("attention", max_length=255, blank=True)
    delivery_line1 = models.CharField("address line 1", max_length=500, blank=True)
    delivery_line2 = models.CharField("address line 2", max_length=500, blank=True)
    delivery_line3 = models.CharField("address line 3", max_length=500, blank=True)
    delivery_line4 = models.CharField("address line 4", max_length=500, blank=True)
    delivery_city = models.CharField("town or city", max_length=255, blank=True)
    delivery_region = models.CharField("county or region", max_length=255, blank=True)
    delivery_postcode = models.CharField("postcode", max_length=50, blank=True)
    delivery_country = models.CharField("country", max_length=100, blank=True)

    payment_terms = models.CharField(max_length=24, choices=PaymentTerms, blank=True)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    people = models.JSONField(default=list, blank=True)
    notes = models.TextField(blank=True)

    is_customer = models.BooleanField(default=False)
    is_supplier = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = ContactQuerySet.as_manager()

    # A customer stays one, and archiving has its own button.
    returnable_fields = frozenset(TYPED_FIELDS)

    class Meta:
        ordering = [Lower("name"), "id"]
        indexes = [
            models.Index(Lower("name"), "id", name="contact_by_name"),
            models.Index(fields=["is_customer", "is_archived"]),
            models.Index(fields=["is_supplier", "is_archived"]),
        ]
        permissions = [
            ("archive_contact", "Can archive and restore contacts"),
            ("merge_contact", "Can merge contacts"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("customers:contact-detail", args=[self.pk])

    @property
    def is_lead(self) -> bool:
        return not self.is_customer and not self.is_supplier

    @property
    def group(self) -> str:
        """The group's name as people say it; a customer we also buy from is both."""
        if self.is_customer and self.is_supplier:
            return "Customer and supplier"
        if self.is_customer:
            return "Customer"
        return "Supplier" if self.is_supplier else "Lead"

    @property
    def contact_people(self) -> list[ContactPerson]:
        return [ContactPerson(**person) for person in self.people]

    @property
    def billing_address(self) -> list[str]:
        return self._address("billing")

    @property
    def delivery_address(self) -> list[str]:
        return self._address("delivery")

    def _address(self, slot: str) -> list[str]:
        parts = (getattr(self, f"{slot}_{part}") for part in ADDRESS_PARTS)
        return [part for part in parts if part]
