"""What holds for the whole project: database, migrations, isolation of organisations."""
