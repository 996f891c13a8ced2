"""What the help pages tell, by topic and subtopic, and which page belongs to which."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subtopic:
    """Its text is the template ``fieldops/help/<topic>/<slug>.html``."""

    slug: str
    title: str


@dataclass(frozen=True)
class Topic:
    """``paths`` are the beginnings of the addresses whose help this is."""

    slug: str
    title: str
    icon: str
    paths: tuple[str, ...]
    subtopics: tuple[Subtopic, ...]


TOPICS = (
    Topic(
        "start",
        "First steps",
        "compass",
        (),
        (
            Subtopic("set-up", "How to set up your company"),
            Subtopic("find", "How to find anything"),
            Subtopic("keys", "How to work with the keyboard"),
        ),
    ),
    Topic(
        "customers",
        "Customers, leads and suppliers",
        "users",
        ("/customers/",),
        (
            Subtopic("groups", "What makes a lead a customer"),
            Subtopic("add", "How to add and change somebody"),
            Subtopic("archive", "How to archive and restore somebody"),
            Subtopic("many", "How to change many at once"),
            Subtopic("history", "How to see who changed what"),
        ),
    ),
    Topic(
        "stock",
        "Stock",
        "package",
        ("/stock/",),
        (
            Subtopic("items", "How to keep stock items"),
            Subtopic("movements", "How to record what came and went"),
            Subtopic("reorder", "How to see what to buy"),
        ),
    ),
    Topic(
        "invoices",
        "Invoices",
        "receipt-text",
        ("/invoices/",),
        (
            Subtopic("write", "How to write an invoice"),
            Subtopic("approve", "How to approve an invoice"),
            Subtopic("cancel", "How to cancel an invoice"),
            Subtopic("print", "How to print an invoice"),
            Subtopic("chart", "How to keep accounts and VAT rates"),
        ),
    ),
    Topic(
        "xero",
        "Xero",
        "refresh-cw",
        ("/xero/", "/settings/xero/"),
        (
            Subtopic("state", "What the top bar says about Xero"),
            Subtopic("reconnect", "How to reconnect to Xero"),
            Subtopic("duplicates", "Duplicates before the first sync"),
            Subtopic("undo", "How to undo a sync"),
            Subtopic("calls", "How many calls a day Xero allows"),
        ),
    ),
    Topic(
        "settings",
        "Settings",
        "settings",
        ("/settings/", "/import/"),
        (
            Subtopic("company", "How to change your company's details"),
            Subtopic("users", "How to add users and choose their roles"),
            Subtopic("import", "How to import your records"),
        ),
    ),
)


def topic_for(path: str) -> Topic | None:
    """The topic of the page at this address."""
    for topic in TOPICS:
        if path.startswith(topic.paths):
            return topic
    return None
