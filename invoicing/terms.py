"""When an invoice falls due. Pure calendar arithmetic."""

from calendar import monthrange
from datetime import date, timedelta

from customers.models import PaymentTerms


def due_date(issued_on: date, terms: str, days: int) -> date:
    """``terms`` is a ``PaymentTerms`` value; a day past the month's end is its last."""
    if terms == PaymentTerms.DAYS_AFTER_MONTH:
        return _month_end(issued_on) + timedelta(days=days)
    if terms == PaymentTerms.OF_CURRENT_MONTH:
        return max(issued_on, _day_of_month(issued_on, days))
    if terms == PaymentTerms.OF_FOLLOWING_MONTH:
        return _day_of_month(_month_end(issued_on) + timedelta(days=1), days)
    return issued_on + timedelta(days=days)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _day_of_month(month: date, number: int) -> date:
    last = monthrange(month.year, month.month)[1]
    return month.replace(day=min(max(number, 1), last))
