"""Change requests, as their tests specify them."""
