"""岗位: postings, their life, pay and requirements, and reading what offices write."""
