"""标准: indicator trees with their provenance, the register of laws, and an organisation's not-applicable decisions."""
