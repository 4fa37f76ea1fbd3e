"""People: who they are, which side they work for, and how they come in."""
