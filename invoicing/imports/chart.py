"""What cells may say of accounts and VAT rates."""

from fieldops.common.importing.choices import Choice, Choices
from invoicing.models import Account, TaxRate


def tax_rate_choices() -> Choices:
    """Rates in use first: one that is not gives way to its namesake."""
    rates = sorted(TaxRate.objects.all(), key=lambda rate: not rate.is_active)
    in_use = {rate.name for rate in rates if rate.is_active}
    return Choices(
        Choice(rate.tax_type, rate.name)
        for rate in rates
        if rate.is_active or rate.name not in in_use
    )


def account_codes() -> frozenset[str]:
    return frozenset(Account.objects.values_list("code", flat=True))
