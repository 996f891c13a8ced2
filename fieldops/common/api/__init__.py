"""What every part of the API shares: errors, paging, rights, reading and answering."""
