"""A seeded company whose right answers are known: its exports, its story, and the ledger of how it was made."""
