"""A new company starts with the UK's small chart of accounts and VAT rates."""

from django.db import migrations

from invoicing.starter_chart import ACCOUNTS, TAX_RATES


def put_chart(apps, schema_editor):
    account = apps.get_model("invoicing", "Account")
    tax_rate = apps.get_model("invoicing", "TaxRate")
    account.objects.bulk_create(
        account(code=code, name=name, type=type_, tax_type=tax_type, revision=1)
        for code, name, type_, tax_type in ACCOUNTS
    )
    tax_rate.objects.bulk_create(
        tax_rate(tax_type=tax_type, name=name, percent=percent, revision=1, **where)
        for tax_type, name, percent, where in TAX_RATES
    )
    apps.get_model("invoicing", "InvoicingSettings").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0002_initial")]

    operations = [migrations.RunPython(put_chart, migrations.RunPython.noop)]
