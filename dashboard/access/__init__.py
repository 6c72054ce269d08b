"""Who may see and do what: `roles.toml` is the whole table, and what it does not name is refused."""
