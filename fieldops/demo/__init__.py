"""A believable trades company, made up afresh from a seed: its files and its accountant's
books. Nothing here knows Django or the product."""
