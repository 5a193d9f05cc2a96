"""Recipients, controlled copies, and read-and-acknowledge."""
