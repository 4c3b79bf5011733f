"""What the doors to Power Platform share: refusals in words, columns, secrets in every form they are sent in."""
