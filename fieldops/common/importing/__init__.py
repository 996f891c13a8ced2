"""Reading files of records: cells, columns, who is who, and what became of each row."""
