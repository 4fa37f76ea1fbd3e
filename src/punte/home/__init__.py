"""A punte home on disk: import, check, resolve, derive, publish; each step small, one writer, readers undisturbed."""
