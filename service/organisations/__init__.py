"""企业: profile with dated values, departments, posts, and who holds them."""
