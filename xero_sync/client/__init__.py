"""How we talk to Xero politely: what went over the wire and what the answer means."""
