"""Xero's JSON on the wire: dates, decimals, and how both are read and written."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import msgspec

JsonObject = dict[str, object]
Element = Mapping[str, object]

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
ZERO_GUID = "00000000-0000-0000-0000-000000000000"
GUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_MS_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{2,4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encoder = msgspec.json.Encoder(decimal_format="number")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def encode(value: object) -> bytes:
    return _encoder.encode(value)


def decode(body: bytes) -> object:
    """Numbers with a fraction come as Decimal; raises msgspec.DecodeError."""
    return _decoder.decode(body)


def money(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def unit_price(price: Decimal, places: int) -> Decimal:
    """Unit prices keep two places, or four with unitdp=4."""
    return price.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def date_time(moment: datetime, *, offset: bool = True) -> str:
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return f"/Date({milliseconds}{'+0000' if offset else ''})/"


def plain_date(day: date) -> str:
    return date_time(datetime(day.year, day.month, day.day, tzinfo=UTC))


def date_string(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def iso_string(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def connection_time(moment: datetime) -> str:
    """Connections carry seven decimals and no zone letter; UTC is meant."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"


def read_moment(text: str) -> datetime:
    """A date or date-time as Xero accepts it, as UTC; ValueError when it is none."""
    if match := _MS_DATE.fullmatch(text):
        return _EPOCH + timedelta(milliseconds=int(match[1]))
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    return (
        moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    )


def read_decimal(value: object) -> Decimal:
    """A JSON number, or a string that holds one; ValueError when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError(str(value))
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(str(value)) from None
    if not number.is_finite():
        raise ValueError(str(value))
    return number


def read_guid(text: str) -> str | None:
    """The canonical spelling of a guid, with or without dashes; None when it is none."""
    if not GUID.fullmatch(text):
        return None
    plain = text.replace("-", "").lower()
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def present(**fields: object) -> JsonObject:
    """Only what has a value: Xero leaves empty fields out."""
    return {name: value for name, value in fields.items() if value not in (None, "")}
