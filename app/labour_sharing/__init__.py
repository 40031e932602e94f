"""余缺调剂, 淡旺季用工调剂 (DOMAIN B3): an idle factory lends workers to a busy one, with their consent.

Firms say who has people and who needs some (余缺信息), the office brings two together (调剂协议), and each
worker agrees by name before anything moves (借用记录). The labour contract and the work spell stay with the
home firm; a stay at the other firm is kept beside the spell, ends on a day, and is followed up. Nobody pays.
"""
