"""The help: every topic has its text, every page leads to its topic."""

import pytest
from django.template.loader import get_template
from django.test import Client

from fieldops.help_topics import TOPICS
from tests.pages import main_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_every_subtopic_is_told(engineer_client: Client, topic: object) -> None:
    page = main_of(engineer_client, f"/help/{topic.slug}/")  # type: ignore[attr-defined]

    for subtopic in topic.subtopics:  # type: ignore[attr-defined]
        text = get_template(f"fieldops/help/{topic.slug}/{subtopic.slug}.html").render()  # type: ignore[attr-defined]
        assert len(text) > 100, subtopic.slug
        assert f'id="{subtopic.slug}"' in page


@pytest.mark.parametrize(
    ("address", "topic"),
    [
        ("/", ""),
        ("/customers/leads/", "customers/"),
        ("/stock/", "stock/"),
        ("/invoices/", "invoices/"),
        ("/settings/", "settings/"),
        ("/settings/xero/", "xero/"),
        ("/xero/", "xero/"),
    ],
)
def test_each_page_leads_to_its_own_help(
    administrator_client: Client, address: str, topic: str
) -> None:
    page = administrator_client.get(address).content.decode()

    assert f'href="/help/{topic}" aria-label="Help"' in page


def test_the_index_names_all_subtopics(engineer_client: Client) -> None:
    page = main_of(engineer_client, "/help/")

    for topic in TOPICS:
        for subtopic in topic.subtopics:
            assert f"/help/{topic.slug}/#{subtopic.slug}" in page


def test_an_unknown_topic_is_404(engineer_client: Client) -> None:
    assert engineer_client.get("/help/poetry/").status_code == 404
