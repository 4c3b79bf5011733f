"""What the doors to Power Platform share: clouds, refusals in words, columns, secrets in every form they are sent in."""
