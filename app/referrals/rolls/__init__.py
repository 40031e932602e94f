"""带队点名: who takes people to work on a day and says who came (REFERRALS: hired -> departing -> onboard,
"bus leader"). `service` names the leader and writes down the roll, `queries` reads."""
