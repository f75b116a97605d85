"""What the quick way of drawing leaves to the library."""


class Unusual(Exception):
    """Something that is not written here: the library draws the workbook."""
