"""工作人员页面, and the way in for everybody who signs in.

`signing_in` the forms of /login, `account` the first page, one's own password and authenticator, `views` what
the templates are given.
"""
