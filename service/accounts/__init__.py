"""Accounts: people who log in, their passwords, second factor, log-in sessions, links and API tokens; knows no organisation."""
