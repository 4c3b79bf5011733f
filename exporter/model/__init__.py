"""The frozen values that flow through the house; every floor above may use them, they use nothing."""
