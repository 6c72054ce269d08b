"""What every table that leaves the product as CSV must keep to, so that a spreadsheet runs nothing of it."""

# the full-width ones, too: a spreadsheet in Chinese or Japanese reads them as the others
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
