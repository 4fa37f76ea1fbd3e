"""Template filters and tags of punte's pages."""
