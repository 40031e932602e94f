"""就业帮扶码: the codes on posters, boards, leaflets and letters (DOMAIN A1). Used by the pages and papers.

    make_code(key, kind, digits), make_numbered_code(key, kind, number), read_code(keys, text)     (signing)
    open_code(session, keys, text, today) -> FoundCode | None                                       (queries)
    issue_code(...), hang_code(...), recall_code(...), recall_posters(...), lift_recall(...)        (service)
    issue_letters(...), answer_letter(...)                                                          (letters)
    ScanCounter.scanned(code, region_code)                                                         (counting)

A code of a village, an employer or a posting is only a signature: nothing is stored. A code of a poster, a
fair, a campaign or a letter is the number of a row that says where it hangs, who hung it, when it is over.
Recalls are a list of their own, so that whatever hangs on a wall can be called back.
"""
