"""What the user asked of us: one table of all inputs, and how they become settings."""
