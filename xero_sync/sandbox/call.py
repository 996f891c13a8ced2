"""One call to the Accounting API: its organisation, parameters, body and envelope."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

import msgspec

from xero_sync.sandbox.batch import BatchRules, Write, write_batch
from xero_sync.sandbox.errors import PostDataInvalid
from xero_sync.sandbox.http import Request, Response, json_response
from xero_sync.sandbox.listing import ListQuery
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.wire import Element, JsonObject, date_time, decode

Row = TypeVar("Row", bound=msgspec.Struct)


class Call:
    """What an endpoint works with."""

    def __init__(
        self,
        org: XeroOrganisation,
        request: Request,
        *,
        app_name: str,
    ) -> None:
        self.org = org
        self.request = request
        self._app_name = app_name

    @cached_property
    def listing(self) -> ListQuery:
        return ListQuery(self.request)

    @property
    def places(self) -> int:
        """Unit prices carry four places only when asked for, on reads and on writes."""
        return 4 if self.listing.text("unitdp") == "4" else 2

    @property
    def summarize(self) -> bool:
        """Live, the default is true, whatever the specification says."""
        return self.listing.text("summarizeErrors").lower() != "false"

    @cached_property
    def _chosen(self) -> dict[str, set[str]]:
        return {}

    def chosen(self, name: str) -> set[str]:
        """The values of a comma-list parameter, read once per call."""
        if name not in self._chosen:
            self._chosen[name] = self.listing.values(name)
        return self._chosen[name]

    def answer(
        self,
        name: str,
        rows: Sequence[JsonObject],
        *,
        pagination: JsonObject | None = None,
    ) -> Response:
        envelope: JsonObject = {
            "Id": self.org.new_id(),
            "Status": "OK",
            "ProviderName": self._app_name,
            "DateTimeUTC": date_time(self.org.now(), offset=False),
        }
        if pagination is not None:
            envelope["pagination"] = pagination
        return json_response(envelope | {name: list(rows)})

    def page(
        self, name: str, rows: Sequence[Row], wire: Callable[[Row], JsonObject]
    ) -> Response:
        """The page asked for, or all rows when none was."""
        paging = self.listing.paging()
        if paging is None:
            return self.answer(name, [wire(row) for row in rows])
        wired = [wire(row) for row in paging.slice(rows)]
        return self.answer(name, wired, pagination=paging.pagination(len(rows)))

    def write(
        self, name: str, rules: BatchRules, write: Write, record_id: str | None = None
    ) -> Response:
        elements = self.elements(name)
        if record_id is not None:
            elements = [{**elements[0], rules.id_field: record_id}]
        rows = write_batch(
            self.org.journal,
            rules,
            elements,
            write,
            summarize=self.summarize,
        )
        return self.answer(name, rows)

    def elements(self, name: str) -> list[Element]:
        """The elements of the body: enveloped (key in any case), listed or single."""
        try:
            body = decode(self.request.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise PostDataInvalid(
                f"The request body cannot be parsed: {error}"
            ) from None
        if isinstance(body, dict):
            enveloped = {key.lower(): value for key, value in body.items()}
            body = enveloped.get(name.lower(), [body])
        if isinstance(body, dict):
            body = [body]
        if not isinstance(body, list) or not body:
            raise PostDataInvalid(f"The request body must contain {name}")
        if not all(isinstance(element, dict) for element in body):
            raise PostDataInvalid(f"Each of the {name} must be an object")
        return body
