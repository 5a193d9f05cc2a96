"""Jobs: what is done later, in a transaction of its own, by whichever worker comes first."""
