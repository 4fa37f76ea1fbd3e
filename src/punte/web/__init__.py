"""The web: settings, addresses, the look, and what holds for every page."""
