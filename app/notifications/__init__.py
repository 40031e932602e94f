"""通知: messages to people and firms, each sent once. Used by every room above accounts.

    enqueue_message(session, clock, cipher, NewMessage(...)) -> int                 (outbox)
    list_messages_of(session, subject_kind, subject_id) -> Sequence[Message]        (queries)
    mute_subject(session, clock, subject_kind, subject_id) -> int                   (outbox)
    register_subject_check(subject_kind, check)                                     (subjects)
    opt_out(session, clock, cipher, recipient, scope), opt_in(...)                  (opt_outs)
    forget_recipient(session, clock, cipher, recipient=..., recipient_key=...)      (outbox)
    render_template(code, parameters) -> str, preview_message(...) -> Preview       (wording)
    count_parts(text) -> int                                                        (rules)
    draft_campaign, approve_campaign, start_campaign, pause_campaign ...            (campaigns)
    call_list(...), letters(...), record_by_hand(...)                               (printing)

A message is written in the caller's transaction and nobody is called in it. After the commit the
`OutboxWorker` (worker.py) takes it: mark it "calling" and commit, call, record what came of it. When that is
in doubt (a timeout, a reset, a killed process) the provider is asked by our own reference before anything is
sent again; a provider that can't tell leaves the message "unknown", for a person to look at. States only
rise, so receipts may come late, twice and in any order.

    waiting -> calling -> accepted -> failed | delivered
       |          |-> unknown ----^      (a call that surely came to nothing: back to waiting)
       +-> dropped (settled, opted out, too late, stopped)
"""
