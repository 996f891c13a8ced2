"""What is asked of Xero from one contact's own page: its own name back, and what is left
of those that were merged into it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from customers.models import Contact
from customers.permissions import Right as ContactRight
from customers.queries import visible_contacts
from fieldops.common.models import Merge
from fieldops.common.views import OfficeView
from xero_sync.consolidation.merged_away import archive_left_in_xero
from xero_sync.permissions import Right
from xero_sync.report.naming import take_name_back
from xero_sync.tasks import wake_worker


class OwnNameView(OfficeView):
    permission = Right.FIX

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = get_object_or_404(visible_contacts(self.user), pk=pk)
        if take_name_back(contact, by=self.actor) is not None:
            wake_worker()
        messages.success(request, f"It goes to Xero as {contact.name} again.")
        return redirect(contact)


class ArchiveMergedView(OfficeView):
    permission = ContactRight.MERGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        merges = Merge.objects.standing().filter(
            record_type=Contact._meta.label_lower,
            kept_id__in=visible_contacts(self.user).values("pk"),
        )
        merge = get_object_or_404(merges, pk=pk)
        archive_left_in_xero(merge)
        messages.success(request, f"The next sync archives {merge.names} in Xero.")
        return redirect(get_object_or_404(Contact, pk=merge.kept_id))
