"""Which records of the two sides are one: what people decide, remembered."""
