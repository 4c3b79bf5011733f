"""From security definitions and inputs to what makers are asked and what the deployer must supply."""
