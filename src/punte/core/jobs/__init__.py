"""Work that outlives a request: a table of jobs that are leased, never lost, and done again when a worker dies."""
