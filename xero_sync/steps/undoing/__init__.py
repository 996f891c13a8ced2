"""Take back what a run did: a plan like any other, carried out by the same engine."""
