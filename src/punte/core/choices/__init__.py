"""What people decided, versioned by one mechanism: who, when, in force from when, in place of what."""
