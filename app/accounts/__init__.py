"""账号: users, sign-in, roles and the Actor every service is told about."""
