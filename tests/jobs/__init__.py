"""Jobs and the worker, as their tests specify them."""
