"""Controlled documents, as their tests specify them."""
