"""What Power Platform refuses or mangles: rules as rows, each with a finder."""
