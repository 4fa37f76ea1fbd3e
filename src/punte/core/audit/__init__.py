"""The audit trail: one sealed row for every action, each tied to the one before it."""
