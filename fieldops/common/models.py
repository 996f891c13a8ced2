"""The base of every record, and the one append-only change log."""

import uuid
from typing import ClassVar, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from fieldops.common.prepared import prepared


class Record(models.Model):
    """A thing people keep: known to the outside by ``uid``, counted by ``revision``.

    ``revision`` grows by one with every write through a service; comparing it answers
    "did anything change since?" without reading the record.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Left out of snapshots: they change with every write and say nothing.
    unlogged_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "uid", "revision", "created_at", "updated_at"}
    )
    # What a person may bring back from the history with one click.
    returnable_fields: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True


class ChangeEntryQuerySet(models.QuerySet["ChangeEntry"]):
    def of(self, record: Record) -> "ChangeEntryQuerySet":
        return self.filter(record_type=record._meta.label_lower, record_id=record.pk)

    def delete(self) -> NoReturn:
        raise TypeError("The change log is append-only.")

    def update(self, **kwargs: object) -> NoReturn:
        raise TypeError("The change log is append-only.")


class ChangeEntry(models.Model):
    """One write: who, when, which record, what it was before and after, and why."""

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    cause = models.CharField(max_length=120)
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    record_uid = models.UUIDField()
    revision = models.PositiveIntegerField()
    action = models.CharField(max_length=40)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = ChangeEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["record_type", "record_id", "-id"])]
        verbose_name_plural = "change entries"

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} {self.action}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise TypeError("The change log is append-only.")
        super().save()

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("The change log is append-only.")


class MergeQuerySet(models.QuerySet["Merge"]):
    def standing(self) -> "MergeQuerySet":
        """Not undone."""
        return self.filter(undone_at=None)

    def into(self, record: Record) -> "MergeQuerySet":
        return self.filter(record_type=record._meta.label_lower, kept_id=record.pk)

    def of(self, record: Record) -> "MergeQuerySet":
        """Those in which the record was merged away."""
        return self.filter(
            record_type=record._meta.label_lower, merged__record_id=record.pk
        )


class Merge(models.Model):
    """Records that became one, with all it takes to take that back.

    ``before`` and ``after`` are the columns of the kept record that were changed;
    ``followed`` says which rows of other tables were pointed to it, and from where
    (``following.Moved``). ``archives_in_books``: a person wants the merged ones archived
    in the accounts as well.
    """

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    cause = models.CharField(max_length=120)
    record_type = models.CharField(max_length=60)
    kept_id = models.BigIntegerField()
    kept_uid = models.UUIDField()
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    followed = models.JSONField(default=list)
    archives_in_books = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["record_type", "kept_id", "-id"])]

    def __str__(self) -> str:
        return f"{self.record_type} {self.kept_id} merged with {self.names}"

    @property
    def names(self) -> str:
        """Who was merged away, as they were called then."""
        return " and ".join(one.name for one in self.merged.all())

    @property
    def by(self) -> str:
        return str(self.user) if self.user else self.cause


class MergedRecord(models.Model):
    """One that was merged away: what it was called, and whether it was archived."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="merged")
    record_id = models.BigIntegerField(db_index=True)
    record_uid = models.UUIDField()
    name = models.CharField(max_length=500)
    was_archived = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Company(Record):
    """Whose installation this is; exactly one row, made by the first migration."""

    name = models.CharField(max_length=255, default="My company")
    address = models.TextField(blank=True)
    email = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=80, blank=True)
    vat_number = models.CharField("VAT number", max_length=50, blank=True)
    company_number = models.CharField(max_length=50, blank=True)
    base_currency = models.CharField(max_length=3, default="GBP")
    payment_details = models.TextField("how to pay", blank=True)

    class Meta:
        verbose_name_plural = "company"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Company":
        return next(iter(_the_company()), None) or cls.objects.get_or_create(pk=1)[0]


@prepared
def _the_company() -> models.QuerySet[Company]:
    return Company.objects.filter(pk=1)
