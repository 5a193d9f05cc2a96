"""受控文件: controlled documents, their numbers and revisions, and what is in force on a date."""
