"""What a cell of a sheet is, as the file says it."""

BLANK, TEXT, NUMBER, DATE, BOOLEAN, ERROR, NO_VALUE = range(7)
"""`ERROR` is an Excel error such as #DIV/0!; `NO_VALUE` is a formula that the file keeps no value for."""
