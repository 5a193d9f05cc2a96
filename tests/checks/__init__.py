"""Problems across documents, as their tests specify them."""
