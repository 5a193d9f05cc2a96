"""Domain-free helpers, as their tests specify them."""
