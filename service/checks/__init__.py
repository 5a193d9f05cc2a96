"""问题项: problems across an organisation's documents. Checks yield; they never repair and never approve."""
