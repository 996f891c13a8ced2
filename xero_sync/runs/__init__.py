"""In what order, until when, by whom: runs from the press of a button to their end."""
