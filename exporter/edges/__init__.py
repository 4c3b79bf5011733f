"""The doors to the world: files, git, GitHub, Microsoft Entra ID, Power Platform."""
