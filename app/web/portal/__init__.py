"""求职者页面: what people who look for work see, without sign-in and without JavaScript.

`views` says what each page needs, `kinds` the trades with their pictures, `routes*` fill the views from the
domains.
"""
