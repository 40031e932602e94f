"""审计: who saw or changed what, in a chain that shows any tampering. Written by every domain, read by
auditors, supervisors and the people themselves.

    record_audit(session, cipher, clock, actor, Action.REVEAL, Resource.ID_NUMBER,
                 subject_id=person.id, region_code=person.region_code, permission=permission, reason=reason)

`songgang audit verify` goes through the whole chain.
"""
