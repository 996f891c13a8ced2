"""What people type about invoices, accounts and VAT rates."""
