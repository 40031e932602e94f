"""送岗 songgang: a public employment-assistance platform that brings jobs to the door."""
