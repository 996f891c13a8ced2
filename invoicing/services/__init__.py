"""Everything that writes invoices and the chart of accounts: a file per use case."""
