"""Pages by audience: portal for job seekers, employer, staff."""
