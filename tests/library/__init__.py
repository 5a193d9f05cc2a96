"""Template sets, as their tests specify them."""
