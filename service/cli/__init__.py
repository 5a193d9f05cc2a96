"""The command line: thin commands over the domains' actions and queries, in Chinese."""
