"""Map what a place has, what it has lost and what could be opened up."""

__version__ = "0.1.0"
