"""点对点推荐: will they meet (推荐单), are they working (务工记录), how do we know (回访).

Officers push a job to a person, the person answers, the employer answers, somebody confirms the arrival, and
follow-up checks tell whether it lasted. States: `rules.TRANSITIONS`; every change goes through
`moving.move_referral`. Rooms: `spells/` work and checks, `clocks/` deadlines.
"""
