"""What every page and route shares: templating, sessions, the guards of a server that only its own machine may reach."""
