"""Bodies that pyxero writes: it sends XML, the practice ledger reads JSON."""

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from xero_sync.sandbox.http import Request

LISTS = {"Contacts", "Invoices", "Items", "Addresses", "Phones", "LineItems"}


def as_json(request: Request) -> Request:
    if "xml" not in request.header("content-type") or not request.body:
        return request
    root = ElementTree.fromstring(request.body)  # noqa: S314
    body = json.dumps({root.tag: _value(root)}).encode()
    headers = {**request.headers, "content-type": "application/json"}
    return replace(request, body=body, headers=headers)


def _value(element: ElementTree.Element) -> Any:
    if element.tag in LISTS:
        return [_value(child) for child in element]
    if len(element):
        return {child.tag: _value(child) for child in element}
    return element.text or ""
