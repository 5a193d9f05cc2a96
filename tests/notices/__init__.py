"""Notices, as their tests specify them: real mail servers and robots on loopback."""
