"""Who carries an account number, of all that go to Xero."""

from collections.abc import Iterable

from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact
from xero_sync.planner.inputs import Linked, LocalContact, Pair


class AccountNumbers:
    """Who carries an account number: the one linked to Xero, else the older, keeps it.

    Only records that go to Xero count, and one of two twins counts once.
    """

    def __init__(
        self,
        locals_: Iterable[LocalContact],
        remotes: Iterable[RemoteContact],
        links: Iterable[Linked[ContactDraft]],
        pairs: Iterable[Pair],
    ) -> None:
        self._partner = {link.local_id: link.xero_id for link in links}
        linked = set(self._partner)
        for pair in pairs:
            if pair.is_certain:
                self._partner.setdefault(pair.local_id, pair.xero_id)
        self._here: dict[str, LocalContact] = {}
        for local in sorted(locals_, key=lambda one: (one.id not in linked, one.id)):
            number = local.draft.account_number.casefold()
            if number and (local.is_customer or local.is_supplier):
                self._here.setdefault(number, local)
        self._there: dict[str, RemoteContact] = {}
        for remote in sorted(remotes, key=lambda one: (one.is_archived, one.xero_id)):
            number = remote.draft.account_number.casefold()
            if number:
                self._there.setdefault(number, remote)

    def problems(self, local: LocalContact) -> list[Problem]:
        number = local.draft.account_number.casefold()
        holder, remote = self._here.get(number), self._there.get(number)
        details = {"value": local.draft.account_number}
        if holder and holder.id != local.id:
            details |= {"other": holder.draft.name, "other_id": str(holder.id)}
            code = IssueCode.ACCOUNT_NUMBER_USED_HERE
        elif remote and remote.xero_id != self._partner.get(local.id):
            details |= {"other": remote.draft.name, "other_xero_id": remote.xero_id}
            code = IssueCode.ACCOUNT_NUMBER_USED_IN_XERO
        else:
            return []
        return [Problem(code, "account_number", details)]
