"""The REST API as a whole: its addresses, and the state in Xero beside each record."""
