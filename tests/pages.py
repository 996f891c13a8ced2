"""Looking at pages: what stands between the bars, what a page costs."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def main_of(client: Client, address: str) -> str:
    """The page without side bar, top bar and the list of keys."""
    page = client.get(address).content.decode()
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def queries_of(client: Client, address: str) -> int:
    """How many queries the page takes, once what is made at first use is there."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries)
