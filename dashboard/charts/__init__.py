"""From numbers to marks: pure functions that know neither the database nor Dash."""
