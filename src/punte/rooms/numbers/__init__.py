"""The one door through which rooms, the command line and Python read figures."""

from punte.rooms.numbers.completeness import fall_in_words
from punte.rooms.numbers.reader import Cited, Numbers, numbers_of, open_home, open_if_any
from punte.rooms.numbers.tried import channels_tried

__all__ = ["Cited", "Numbers", "channels_tried", "fall_in_words", "numbers_of", "open_home", "open_if_any"]
