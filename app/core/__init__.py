"""The ground everything stands on: settings, database, errors, tasks, security. No domain word lives here."""
