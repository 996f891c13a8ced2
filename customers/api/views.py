"""Contacts: list, detail, create, change, archive and restore."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.filters import ContactFilter
from customers.api.serializers import (
    ContactChangeSerializer,
    ContactSerializer,
    NewContactSerializer,
)
from customers.filters import SEARCHED
from customers.models import Contact, ContactQuerySet
from customers.permissions import Right
from customers.queries import visible_contacts
from customers.services import (
    archive_contact,
    change_contact,
    create_contact_once,
    restore_contact,
)
from fieldops.common.api.reading import expected_revision
from fieldops.common.api.views import ResourceViewSet


class ContactViewSet(ResourceViewSet[Contact]):
    """Customers, leads and suppliers."""

    rights = {
        "list": Right.VIEW,
        "retrieve": Right.VIEW,
        "create": Right.ADD,
        "partial_update": Right.CHANGE,
        "archive": Right.ARCHIVE,
        "restore": Right.ARCHIVE,
    }
    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    search_fields = SEARCHED

    def visible_rows(self) -> ContactQuerySet:
        return visible_contacts(self.user).select_related("merged_into")

    @extend_schema(request=NewContactSerializer)
    def create(self, request: Request) -> Response:
        """The same `uid` and content again answers 200 with the contact that is there;
        the same `uid` with other content is refused with 409."""
        contact, created = create_contact_once(
            self.sent(NewContactSerializer), by=self.actor
        )
        return self.answer(contact, created=created)

    @extend_schema(request=ContactChangeSerializer)
    def partial_update(self, request: Request, uid: str) -> Response:
        """Send what changes. With a `revision`, or `If-Match`, that is no longer the
        last one the change is refused with 409."""
        values = self.sent(ContactChangeSerializer, partial=True)
        revision = expected_revision(request, values)
        contact = change_contact(
            self.get_object(), values, by=self.actor, revision=revision
        )
        return self.answer(contact)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, uid: str) -> Response:
        """Out of the lists; nothing is lost."""
        return self.answer(archive_contact(self.get_object(), by=self.actor))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, uid: str) -> Response:
        """Back into the lists."""
        return self.answer(restore_contact(self.get_object(), by=self.actor))
