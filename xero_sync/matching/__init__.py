"""Which records of the two sides are one and the same: pure, no Django."""
