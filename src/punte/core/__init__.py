"""What every room needs: the clock, who may do what, the audit trail, choices with their versions, and jobs."""
