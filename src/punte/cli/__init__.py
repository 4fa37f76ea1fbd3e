"""The ``punte`` command: parse, one call, print."""
