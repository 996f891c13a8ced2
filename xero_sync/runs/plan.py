"""The owner's order of a run, as data: a reader sees the whole run at a glance."""

from xero_sync.outcomes.kinds import Step

BOTH_SIDES_HOLD_DATA: tuple[Step, ...] = (
    Step.CUSTOMERS_FROM_XERO,
    Step.STOCK_FROM_XERO,
    Step.SUPPLIERS_FROM_XERO,
    Step.CHART_OF_ACCOUNTS,
    Step.CUSTOMERS_TO_XERO,
    Step.INVOICES_TO_XERO,
    Step.STOCK_TO_XERO,
    Step.SUPPLIERS_TO_XERO,
)

XERO_IS_EMPTY: tuple[Step, ...] = (
    Step.CHART_OF_ACCOUNTS,
    Step.CUSTOMERS_TO_XERO,
    Step.INVOICES_TO_XERO,
    Step.STOCK_TO_XERO,
    Step.SUPPLIERS_TO_XERO,
)


def steps_of(*, both_sides_hold_data: bool) -> tuple[Step, ...]:
    return BOTH_SIDES_HOLD_DATA if both_sides_hold_data else XERO_IS_EMPTY
