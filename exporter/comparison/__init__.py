"""What differs between two connectors, and what that does to makers."""
