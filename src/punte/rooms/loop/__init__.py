"""The loop: from campaign to sale, and what lies behind each of its figures."""
