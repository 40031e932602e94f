"""群发和消息的事: picking people for a campaign, writing it bit by bit, what came of it, messages in trouble.

`app.notifications` knows numbers and texts; who the people are, and who may see them, is known here. Used by
the staff console.

    count_audience(...), AudienceFilters                                              (audience)
    prepare_campaign(...) -> MessageCampaign, plan_more(...)                          (planning)
    count_answers(...)                                                                (answers)
    list_troubles(...), count_troubles(...), decide(...)                              (troubles)
    list_calls(...), count_calls(...), record_call(...)                               (calls)
"""
