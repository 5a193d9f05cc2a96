"""The after-sales service manual system: controlled documents, coverage of GB/T 27922-2011, compiled manuals."""
