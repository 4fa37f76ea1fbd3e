"""The one door through which rooms, the command line and Python read figures."""

from punte.rooms.numbers.completeness import fall_in_words
from punte.rooms.numbers.reader import Cited, Numbers, numbers_of, open_home

__all__ = ["Cited", "Numbers", "fall_in_words", "numbers_of", "open_home"]
