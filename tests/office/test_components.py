"""Tags and components, rendered without a browser."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory, override_settings
from time_machine import travel

from fieldops.templatetags.office import dash, day, moment, money, price, quantity
from fieldops.ui.charts import bars_of, columns_of
from fieldops.ui.filters import query_with

TEMPLATES = Path(__file__).parents[2] / "templates"


def rendered(source: str, address: str = "/", **values: Any) -> str:
    request = RequestFactory().get(address)
    context = Context({"request": request, **values})
    return Template("{% load office %}" + source).render(context)


class CustomerForm(forms.Form):
    name = forms.CharField(help_text="As on the invoice.")
    email = forms.EmailField(required=False)
    town = forms.ChoiceField(choices=[("", "Any"), ("d", "Derry")], required=False)
    states = forms.MultipleChoiceField(
        choices=[("a", "Ann"), ("b", "Ben"), ("c", "Cas")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.DateField(required=False)
    limit = forms.DecimalField(required=False)


# --- words for values ---


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1234567.89"), "£1,234,567.89"),
        (Decimal(0), "£0.00"),
        (Decimal("-12.5"), "\N{MINUS SIGN}£12.50"),
    ],
)
def test_money_has_sign_symbol_and_two_places(amount: Decimal, shown: str) -> None:
    assert money(amount) == shown


def test_money_in_another_currency_is_named() -> None:
    assert money(Decimal("5"), "EUR") == "€5.00"
    assert money(Decimal("5"), "SEK") == "SEK 5.00"


@pytest.mark.parametrize("blank", [money, price, day, moment, quantity, dash])
def test_nothing_is_a_dash_that_readers_hear_as_none(blank: Any) -> None:
    assert blank(None) == '\N{EN DASH}<span class="vh">none</span>'


def test_zero_is_not_nothing() -> None:
    assert dash(0) == 0
    assert quantity(Decimal("0.0000")) == "0"


def test_a_price_has_more_places_only_where_it_needs_them() -> None:
    assert price(Decimal("18.5000")) == "£18.50"
    assert price(Decimal("0.0125")) == "£0.0125"
    assert price(Decimal("-0.1250")) == "\N{MINUS SIGN}£0.125"
    assert price(Decimal("1200.0000")) == "£1,200.00"


def test_quantities_lose_idle_zeros_only() -> None:
    assert quantity(Decimal("2.5000")) == "2.5"
    assert quantity(Decimal("100")) == "100"
    assert quantity(Decimal("-3.0")) == "\N{MINUS SIGN}3"


def test_days_are_written_one_way() -> None:
    assert day(date(2026, 11, 1)) == "1 Nov 2026"


@travel(datetime(2026, 7, 1, 12, 0, tzinfo=UTC), tick=False)
def test_a_moment_of_today_is_its_time_in_the_office() -> None:
    assert moment(datetime(2026, 7, 1, 9, 42, tzinfo=UTC)) == "10:42"
    assert moment(datetime(2026, 6, 30, 9, 42, tzinfo=UTC)) == ("30 Jun 2026, 10:42")


# --- component and slot ---


def test_a_component_sees_its_inputs_only() -> None:
    html = rendered('{% component "card" %}{{ title }}{% endcomponent %}', title="Page")
    assert "Page" in html
    assert "<h2>" not in html


def test_slots_see_the_page() -> None:
    html = rendered(
        '{% component "card" title="Contact" %}{% slot "actions" %}{{ word }}'
        "{% endslot %}Body{% endcomponent %}",
        word="<Edit>",
    )
    assert '<div class="card-head-actions">&lt;Edit&gt;</div>' in html
    assert '<div class="card-body">Body</div>' in html


@pytest.mark.parametrize(
    "source",
    [
        "{% component card %}{% endcomponent %}",
        '{% component "card" "title" %}{% endcomponent %}',
        '{% component "card" %}{% slot "a" b=1 %}{% endslot %}{% endcomponent %}',
    ],
)
def test_a_mistake_in_the_tag_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered(source)


def test_a_form_in_a_component_carries_the_token() -> None:
    html = rendered(
        '{% component "form" form=form %}{% endcomponent %}',
        form=CustomerForm(),
        csrf_token="t0ken",
    )
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="t0ken">' in html


# --- fields ---


def field_html(name: str, data: dict[str, Any] | None = None, **options: str) -> str:
    extra = " ".join(f'{key}="{value}"' for key, value in options.items())
    source = "{% office_field form." + f"{name} {extra} %}}"
    return rendered(source, form=CustomerForm(data))


def test_a_field_is_tied_to_help_and_error() -> None:
    html = field_html("name", {"name": ""})
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "Name is missing." in html


def test_help_written_in_the_template_is_tied_too() -> None:
    html = field_html("email", help="Where invoices go.")
    assert 'aria-describedby="id_email_helptext"' in html
    assert ">Where invoices go.<" in html


def test_a_group_of_choices_has_a_legend_and_its_own_description() -> None:
    html = field_html("states", {"states": ["x"]})
    assert '<fieldset class="field" aria-describedby="id_states_error">' in html
    assert '<legend class="field-label">States</legend>' in html


def test_numbers_are_typed_as_text_and_keep_what_was_typed() -> None:
    html = field_html("limit", {"limit": "12,5O"})
    assert 'type="text"' in html
    assert 'inputmode="decimal"' in html
    assert 'value="12,5O"' in html


@pytest.mark.parametrize(
    ("typed", "kind"), [("2026-11-21", "date"), ("", "date"), ("31/2", "text")]
)
def test_a_date_gets_the_picker_unless_it_would_drop_what_was_typed(
    typed: str, kind: str
) -> None:
    html = field_html("since", {"since": typed})
    assert f'type="{kind}"' in html
    assert not typed or f'value="{typed}"' in html


def test_the_summary_names_fields_and_links_to_them() -> None:
    form = CustomerForm({"email": "x@", "limit": "no", "states": ["z"]})
    form.add_error(None, "Two customers share this phone.")
    html = rendered("{% error_summary form %}", form=form)
    assert "<li>Two customers share this phone.</li>" in html
    assert '<a href="#id_name">Name is missing.</a>' in html
    assert '<a href="#id_email">Enter a valid email address.</a>' in html
    assert '<a href="#id_limit">Limit: Enter a number.</a>' in html
    assert '<a href="#id_states_0">' in html


def test_no_errors_no_summary() -> None:
    assert not rendered("{% error_summary form %}", form=CustomerForm()).strip()


def test_the_summary_reads_formsets() -> None:
    formset = forms.formset_factory(CustomerForm)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-email": "x"}
    )
    html = rendered("{% error_summary formset %}", formset=formset)
    assert '<a href="#id_form-0-name">Name is missing.</a>' in html


# --- lists ---


def test_an_active_chip_says_what_is_chosen_and_drops_only_itself() -> None:
    address = "/?states=a&states=b&town=d&view=x&page=3"
    form = CustomerForm(RequestFactory().get(address).GET)
    html = rendered('{% filter_chips form skip="q name" %}', address, form=form)
    assert "States: Ann, Ben" in html
    assert "Town: Derry" in html
    assert 'href="?town=d&amp;view=x"' in html
    assert '<a class="btn btn-quiet btn-small" href="?view=x"' in html


def test_many_choices_are_counted() -> None:
    address = "/?states=a&states=b&states=c"
    form = CustomerForm(RequestFactory().get(address).GET)
    html = rendered('{% filter_chips form skip="name" %}', address, form=form)
    assert "States: 3 chosen" in html


def test_without_a_choice_there_is_nothing_to_clear() -> None:
    html = rendered('{% filter_chips form skip="name" %}', form=CustomerForm({}))
    assert "Clear all" not in html
    assert "chip-on" not in html


@pytest.mark.parametrize(
    ("current", "mark", "wanted"),
    [
        ("name", 'aria-sort="ascending"', "?q=x&amp;sort=-name"),
        ("-name", 'aria-sort="descending"', "?q=x&amp;sort=name"),
        ("town", "", "?q=x&amp;sort=name"),
    ],
)
def test_a_head_cell_says_and_turns_the_sort(
    current: str, mark: str, wanted: str
) -> None:
    html = rendered(
        '{% th_sort "name" "Name" current=sort %}', "/?q=x&page=2", sort=current
    )
    assert mark in html
    assert bool(mark) == ("aria-sort" in html)
    assert f'href="{wanted}"' in html


def test_the_pager_links_to_the_pages_beside() -> None:
    page = Paginator(range(60), 25).page(2)
    html = rendered("{% pager page %}", "/?q=x&page=2", page=page)
    assert "26\N{EN DASH}50 of 60" in html
    assert 'href="?q=x&amp;page=1"' in html
    assert 'href="?q=x&amp;page=3"' in html


def test_one_page_needs_no_links() -> None:
    html = rendered("{% pager page %}", page=Paginator([1], 25).page(1))
    assert "<a" not in html


def test_plain_links_where_there_is_no_list_to_swap() -> None:
    page = Paginator(range(60), 25).page(1)
    assert "hx-get" not in rendered('{% pager page target="" %}', page=page)


def test_the_filter_carries_the_view_along() -> None:
    html = rendered('{% carry "view" "sort" %}', '/?view=<x>&view=b"')
    assert html == (
        '<input type="hidden" name="view" value="&lt;x&gt;">'
        '<input type="hidden" name="view" value="b&quot;">'
    )


def test_a_changed_query_starts_on_the_first_page() -> None:
    query = RequestFactory().get("/?a=1&a=2&page=4").GET
    assert query_with(query, b="3") == "?a=1&a=2&b=3"
    assert query_with(query, a=None) == "?"


# --- charts ---


def test_bars_stand_against_the_longest_and_never_vanish() -> None:
    bars = bars_of(
        [
            {"label": "Now", "value": Decimal(200), "shown": "£200.00"},
            {"label": "Late", "value": 50},
            {"label": "Later", "value": Decimal("0.01")},
            {"label": "None", "value": 0},
        ]
    )
    assert [bar.percent for bar in bars] == ["100.0", "25.0", "1.0", "0"]
    assert [bar.shown for bar in bars] == ["£200.00", "50", "0.01", "0"]


def test_no_rows_draw_an_empty_chart() -> None:
    assert bars_of([]) == []
    assert columns_of([]).columns == []


def test_columns_stack_and_the_table_twin_has_the_figures() -> None:
    rows = [
        {"label": "09:00", "ok": 30, "bad": 10},
        {"label": "09:10", "ok": 40, "bad": 0},
    ]
    html = rendered('{% column_chart rows "Runs" "synced" "failed" %}', rows=rows)
    assert "<title>09:00: 30 synced, 10 failed</title>" in html
    assert '<td class="num">30</td><td class="num">10</td>' in html
    first, second = columns_of(rows).columns  # type: ignore[arg-type]
    assert float(first.ok_height) + float(first.bad_height) == 116.0
    assert second.bad_height == "0.0"


# --- what the policy forbids, and what must be there ---


def test_no_template_writes_scripts_or_styles_inline() -> None:
    for path in TEMPLATES.rglob("*.html"):
        if "/admin/" in str(path):
            continue
        source = path.read_text()
        assert " style=" not in source, path
        assert "hx-on" not in source, path
        assert " onclick=" not in source, path
        assert "<style" not in source, path
        assert "<script>" not in source, path


def test_every_component_names_its_inputs() -> None:
    made_by_tags = {
        "field.html",
        "error_summary.html",
        "filter_chips.html",
        "th_sort.html",
        "pager.html",
        "bar_rows.html",
        "column_chart.html",
    }
    for path in (TEMPLATES / "components").glob("[a-z]*.html"):
        if path.name not in made_by_tags:
            assert path.read_text().startswith("{% comment %}"), path.name


def test_the_typeface_of_the_admin_package_is_where_the_tokens_look() -> None:
    tokens = Path(finders.find("fieldops/tokens.css"))  # type: ignore[arg-type]
    for weight in ("Regular", "SemiBold"):
        address = f"unfold/fonts/inter/Inter-{weight}.woff2"
        assert f'url("../{address}")' in tokens.read_text()
        assert finders.find(address), address


def test_the_manifest_storage_finds_and_rewrites_the_typeface(tmp_path: Path) -> None:
    names = [
        "fieldops/tokens.css",
        "unfold/fonts/inter/Inter-Regular.woff2",
        "unfold/fonts/inter/Inter-SemiBold.woff2",
    ]
    with override_settings(STATIC_ROOT=str(tmp_path)):
        storage = ManifestStaticFilesStorage(location=str(tmp_path))
        files: dict[str, Any] = {}
        for name in names:
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(Path(finders.find(name)).read_bytes())  # type: ignore[arg-type]
            files[name] = (storage, name)
        results = list(storage.post_process(files))
    assert [result for *_, result in results if isinstance(result, Exception)] == []
    hashed = storage.stored_name("fieldops/tokens.css")
    css = (tmp_path / hashed).read_text()
    assert "Inter-Regular.woff2" not in css
    assert "../unfold/fonts/inter/Inter-Regular." in css
