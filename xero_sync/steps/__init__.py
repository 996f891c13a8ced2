"""What is done to records: read them, compare them, carry the changes out."""
