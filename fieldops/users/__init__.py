"""People and their devices: accounts, roles, tokens of mobile apps."""
