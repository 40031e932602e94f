"""单位同事用语: what a member of a firm may do in it."""

from app.core.terms import LabelledEnum


class MemberRole(LabelledEnum):
    """单位里的角色: an owner also invites, takes away, sends in papers and gives mandates."""

    OWNER = "owner", "负责人"
    RECRUITER = "recruiter", "招人的同事"
