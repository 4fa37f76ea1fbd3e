"""What people do: one Django app for each room, all of one shape."""
