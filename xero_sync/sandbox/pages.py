"""The plain pages of the practice ledger: consent, refusal, and what it holds."""

from collections.abc import Iterable, Sequence
from html import escape

from xero_sync.sandbox.calls import CallLog
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.wire import ZERO

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1c2430;background:#f4f6f8;margin:0}
main{max-width:64rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p.note{color:#536073;margin:.25rem 0 1rem}
details{margin:.75rem 0}summary{cursor:pointer;padding:.2rem 0}
section.card h2:first-child,section.card input+h2{margin-top:0}
section.card{background:#fff;border:1px solid #d8dee6;border-radius:8px;padding:1.25rem}
table{border-collapse:collapse;width:100%;background:#fff;border:1px solid #d8dee6}
td{overflow-wrap:anywhere}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #e6eaef}
th{background:#eef1f5;font-weight:600}td.number,th.number{text-align:right}
td.number{font-variant-numeric:tabular-nums}
label{display:block;margin:.35rem 0}
button{font:inherit;padding:.5rem 1.1rem;border-radius:6px;border:1px solid #9aa7b7;
background:#fff;cursor:pointer;margin-right:.5rem}
button.main{background:#0b63b0;border-color:#0b63b0;color:#fff}
dl.counts{display:flex;flex-wrap:wrap;gap:.75rem;margin:0}
dl.counts div{background:#fff;border:1px solid #d8dee6;border-radius:8px;
padding:.5rem .9rem;min-width:6rem}
dt{color:#536073;font-size:.85rem}dd{margin:0;font-size:1.2rem;font-weight:600}
"""
MOST_ROWS = 200


def consent_page(app_name: str, asked: dict[str, str], tenants: dict[str, str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
        if name not in ("organisation", "decision")
    )
    choices = "".join(
        f'<label><input type="radio" name="organisation" value="{escape(key)}"'
        f"{' checked' if position == 0 else ''}> {escape(name)}</label>"
        for position, (key, name) in enumerate(tenants.items())
    )
    scopes = "".join(
        f"<li>{escape(scope)}</li>" for scope in asked.get("scope", "").split()
    )
    return _page(
        "Allow access",
        f"<h1>{escape(app_name)} wants access to your organisation</h1>"
        '<p class="note">Practice ledger: a stand-in for Xero on this machine.</p>'
        '<section class="card"><form method="post" action="/identity/connect/authorize">'
        f"{hidden}<h2>Choose an organisation</h2>{choices}"
        f"<h2>The app asks for</h2><ul>{scopes}</ul>"
        '<button class="main" name="decision" value="allow">Allow access</button>'
        '<button name="decision" value="cancel">Cancel</button></form></section>',
    )


def refusal_page(reason: str) -> str:
    return _page(
        "Error",
        f'<h1>Sorry, something went wrong</h1><section class="card">'
        f"<p>Error: {escape(reason)}</p></section>",
    )


def home_page(organisations: Iterable[XeroOrganisation], log: CallLog) -> str:
    books = "".join(_books(org) for org in organisations)
    calls = _table(
        ("Time", "Call", "Status"),
        [(f"{row.at:%H:%M:%S}", row.line, row.status) for row in log.newest()],
    )
    return _page(
        "Practice ledger",
        "<h1>Practice ledger</h1>"
        '<p class="note">A stand-in for Xero to practise with. '
        f"{log.reads} reads and {log.writes} writes so far.</p>"
        f"{books}<h2>Newest calls</h2>{calls}",
    )


def _books(org: XeroOrganisation) -> str:
    sales = [row for row in org.invoices if row.is_live and row.type == "ACCREC"]
    counts: dict[str, object] = {
        "Contacts": len(org.contacts),
        "Items": len(org.items),
        "Invoices": len(org.invoices),
        "Sales": f"{sum((row.total for row in sales), ZERO):,.2f}",
        "Due from sales": f"{sum((row.amount_due for row in sales), ZERO):,.2f}",
        "Accounts": len(org.accounts),
        "VAT rates": len(org.tax_rates),
    }
    return (
        f"<h2>{escape(org.profile.name)}</h2>"
        f'<p class="note">Tenant {escape(org.tenant_id)}</p>{_counts(counts)}'
        f"{_contacts(org)}{_items(org)}{_invoices(org)}"
    )


def _contacts(org: XeroOrganisation) -> str:
    heads = ("Name", "Number", "Account no.", "Email", "Kind", "Status")
    rows = [
        (
            row.name,
            row.contact_number,
            row.account_number,
            row.email_address,
            _kind(row.is_customer, row.is_supplier),
            row.status.title(),
        )
        for row in sorted(org.contacts, key=lambda row: row.name.casefold())
    ]
    return _section("Contacts", heads, rows)


def _items(org: XeroOrganisation) -> str:
    rows = [
        (row.code, row.name, row.sales.unit_price or "")
        for row in sorted(org.items, key=lambda row: row.code)
    ]
    return _section("Items", ("Code", "Name", "Sales price"), rows)


def _invoices(org: XeroOrganisation) -> str:
    heads = ("Number", "Type", "Contact", "Date", "Status", "Total", "Due")
    names = {row.contact_id: row.name for row in org.contacts}
    newest_first = sorted(
        org.invoices, key=lambda row: (row.date, row.invoice_number), reverse=True
    )
    rows = [
        (
            row.invoice_number,
            row.type,
            names.get(row.contact_id, ""),
            row.date,
            row.status.title(),
            f"{row.total:,.2f}",
            f"{row.amount_due:,.2f}",
        )
        for row in newest_first
    ]
    return _section("Invoices", heads, rows)


def _kind(is_customer: bool, is_supplier: bool) -> str:
    kinds = [("Customer", is_customer), ("Supplier", is_supplier)]
    return ", ".join(name for name, applies in kinds if applies)


def _counts(counts: dict[str, object]) -> str:
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(str(count))}</dd></div>"
        for name, count in counts.items()
    )
    return f'<dl class="counts">{cells}</dl>'


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    more = len(rows) - MOST_ROWS
    note = f'<p class="note">and {more} more</p>' if more > 0 else ""
    return (
        f"<details><summary><strong>{escape(title)}</strong> ({len(rows)})</summary>"
        f"{_table(heads, rows[:MOST_ROWS])}{note}</details>"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    numeric = {
        place
        for place, head in enumerate(heads)
        if head in ("Total", "Due", "Sales price")
    }

    def cells(tag: str, values: Sequence[object]) -> str:
        return "".join(
            f"<{tag}{' class=number' if place in numeric else ''}>"
            f"{escape(str(value))}</{tag}>"
            for place, value in enumerate(values)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f"<table><thead><tr>{cells('th', heads)}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
