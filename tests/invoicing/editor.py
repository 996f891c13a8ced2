"""What a browser sends from the invoice editor."""

NEW = "/invoices/new/"


def typed(*lines: dict[str, str], **head: str) -> dict[str, str]:
    """What the browser sends; three blank lines follow those that were typed."""
    data = {
        "customer": "Castle Hotel",
        "issued_on": "2026-11-21",
        "due_on": "",
        "amounts_are": "Exclusive",
        "lines-TOTAL_FORMS": str(len(lines) + 3),
        "lines-INITIAL_FORMS": "0",
        **head,
    }
    for number, values in enumerate(lines):
        data |= {f"lines-{number}-{name}": value for name, value in values.items()}
    return data


LABOUR = {"description": "Labour", "quantity": "2", "unit_price": "45"}
