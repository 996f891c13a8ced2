"""Ground that every app stands on: base record, change log, money, refusals, views."""
