"""个人信息保护: what a person may ask of the office about their own data, and how the keys to it change.

`consents` 同意记录 · `copies` 个人信息副本 · `erasure` 删除 (with `holds` 依法留存, and `erased_index` and
`erasure_log`, so that erased people stay erased) · `rotation` 换密钥. Used by officers on a person's word,
later by the person.

A person who asked for erasure is either *erased* (their values are gone, a stub keeps the id) or *sealed*
(the law makes the office keep the record for a while: hidden everywhere, opened by a county officer with a
reason, erased when the time is over). Both have `erased_at` set, so every list, search and export leaves
them out in the same way.
"""
