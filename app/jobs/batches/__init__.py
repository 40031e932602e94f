"""岗位成批填报: a firm's (or, for it, an officer's) filled-in template: read, shown, confirmed, taken in."""
