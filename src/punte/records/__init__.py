"""What happened: the canonical tables, the checks that rows must pass, and the lake that keeps them."""
