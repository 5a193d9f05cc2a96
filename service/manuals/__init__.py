"""手册: what a manual consists of, its assembly into a Book, and its builds."""
