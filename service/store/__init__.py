"""The database: engine, sessions, schema."""
