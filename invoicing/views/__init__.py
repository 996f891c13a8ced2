"""The pages of invoices and of the chart; and those of customers and stock items that
speak of invoices."""
