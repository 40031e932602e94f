"""initial"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.core.search import search_index_ddl
from sqlalchemy.dialects import postgresql

revision: str = 'f3c237cae4bd'
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='null: the system or the public'),
    sa.Column('role', sa.String(length=32), nullable=True, comment='Role code under which it was allowed'),
    sa.Column('team_code', sa.String(length=12), nullable=True, comment='region of that role'),
    sa.Column('action', sa.String(length=32), nullable=False, comment='Action code'),
    sa.Column('resource', sa.String(length=32), nullable=False, comment='Resource code'),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='of the person, posting, household ...'),
    sa.Column('region_code', sa.String(length=12), nullable=True, comment='managing region of the subject'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='as typed; the person can read it'),
    sa.Column('detail', sa.Text(), nullable=False, comment='JSON, codes and ids only'),
    sa.Column('previous', sa.String(length=64), nullable=False, comment='digest of the entry before'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='keyed digest of this entry'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_actor', ['actor_id', 'id'], unique=False)
        batch_op.create_index('ix_audit_entries_region', ['region_code', 'id'], unique=False)
        batch_op.create_index('ix_audit_entries_subject', ['subject_id', 'resource'], unique=False)
        batch_op.create_index('ix_audit_entries_team', ['team_code', 'id'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entries', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_digest', sa.String(length=64), nullable=False, comment='empty before the first entry'),
    sa.Column('seal', sa.String(length=64), nullable=False, comment='keyed digest of the two'),
    sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('erased_index',
    sa.Column('digest', sa.String(length=64), nullable=False, comment='keyed, of the ID number'),
    sa.Column('key_version', sa.String(length=8), nullable=False, comment='of the data key it was made with'),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_erased_index'))
    )
    op.create_table('idempotent_answers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('caller', sa.String(length=64), nullable=False, comment="hash of the caller's credentials, or empty"),
    sa.Column('route', sa.String(length=200), nullable=False, comment='method and path template'),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False, comment='keyed digest of path and body'),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('location', sa.String(length=500), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotent_answers')),
    sa.UniqueConstraint('caller', 'route', 'key', name=op.f('uq_idempotent_answers_caller_route_key'))
    )
    with op.batch_alter_table('idempotent_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotent_answers_created_at'), ['created_at'], unique=False)

    op.create_table('ledger_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('record_kind', sa.String(length=16), nullable=False, comment='RecordKind code'),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False, comment='ChangeKind code'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='null: the system'),
    sa.Column('acting_for', sa.String(length=40), nullable=False, comment='on whose word, as told'),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True, comment='sealed JSON {before, after}'),
    sa.Column('version', sa.Integer(), nullable=False, comment='of the record after the change'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_changes'))
    )
    with op.batch_alter_table('ledger_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_changes_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_changes_import_id'), ['import_id'], unique=False)
        batch_op.create_index('ix_ledger_changes_record', ['record_kind', 'record_id', 'id'], unique=False)

    op.create_table('phone_codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asker_hash', sa.String(length=64), nullable=False, comment="hash of the asking browser's token"),
    sa.Column('phone', sa.LargeBinary(), nullable=False, comment='sealed'),
    sa.Column('phone_index', sa.String(length=64), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False, comment='keyed: six digits are soon tried out'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('spent_at', sa.DateTime(timezone=True), nullable=True, comment='used, replaced, tried too often'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_codes'))
    )
    with op.batch_alter_table('phone_codes', schema=None) as batch_op:
        batch_op.create_index('ix_phone_codes_asker', ['asker_hash', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_phone_codes_phone_index'), ['phone_index'], unique=False)

    op.create_table('posting_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('employer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='all postings of this employer'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting_changes'))
    )
    op.create_table('rate_hits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=False, comment='what is limited; no personal data'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rate_hits'))
    )
    with op.batch_alter_table('rate_hits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rate_hits_at'), ['at'], unique=False)
        batch_op.create_index('ix_rate_hits_subject_at', ['subject', 'at'], unique=False)

    op.create_table('regions',
    sa.Column('code', sa.String(length=12), nullable=False, comment='6, 9 (town) or 12 (village) digits'),
    sa.Column('level', sa.Enum('province', 'city', 'county', 'town', 'village', name='level', native_enum=False, create_constraint=True, length=32), nullable=False, comment='the level that fixes the scope prefix'),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('short_name', sa.String(length=60), nullable=False),
    sa.Column('parent_code', sa.String(length=12), nullable=True),
    sa.Column('pinyin', sa.String(length=240), nullable=False, comment='whole name, lower case, no blanks'),
    sa.Column('initials', sa.String(length=60), nullable=False),
    sa.Column('x', sa.Integer(), nullable=True, comment='metres east in the plane of regions.projection'),
    sa.Column('y', sa.Integer(), nullable=True, comment='metres north'),
    sa.Column('source', sa.Enum('builtin', 'office', name='region_source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('retired_on', sa.Date(), nullable=True, comment='no longer offered from this day on'),
    sa.ForeignKeyConstraint(['parent_code'], ['regions.code'], name=op.f('fk_regions_parent_code_regions')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_regions'))
    )
    with op.batch_alter_table('regions', schema=None) as batch_op:
        batch_op.create_index('ix_regions_parent_code_code', ['parent_code', 'code'], unique=False)

    op.create_table('tasks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False, comment='domain.verb'),
    sa.Column('payload', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='ids and codes, no personal data'),
    sa.Column('dedupe_key', sa.String(length=200), nullable=True, comment='one task with this key, ever'),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', name='task_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=200), nullable=True, comment='class of the error, never its text'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_tasks_dedupe_key'))
    )
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.create_index('ix_tasks_due', ['state', 'due_at'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('staff', 'person', name='user_kind', native_enum=False, create_constraint=True, length=32), nullable=False, comment='how they sign in'),
    sa.Column('username', sa.String(length=40), nullable=True, comment='lower case; staff only'),
    sa.Column('display_name', sa.String(length=40), nullable=False, comment='what colleagues see'),
    sa.Column('password_hash', sa.String(length=200), nullable=True, comment='argon2id'),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('totp_secret', sa.LargeBinary(), nullable=True, comment='sealed; 160 bits in base32'),
    sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='null: not asked for yet'),
    sa.Column('totp_last_step', sa.Integer(), nullable=True, comment='30 s step of the last code used'),
    sa.Column('work_phone', sa.String(length=20), nullable=True, comment="an officer's own, printed in full on posters: public"),
    sa.Column('phone', sa.LargeBinary(), nullable=True, comment='sealed'),
    sa.Column('phone_index', sa.String(length=64), nullable=True, comment='keyed digest'),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('kind', 'phone_index', name=op.f('uq_users_kind_phone_index')),
    sa.UniqueConstraint('username', name=op.f('uq_users_username'))
    )
    op.create_table('account_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Enum('user_created', 'user_disabled', 'signed_in', 'sign_in_refused', 'signed_out', 'sessions_ended', 'code_requested', 'password_changed', 'totp_enrolled', 'totp_removed', 'role_granted', 'role_ended', 'village_handed_over', 'token_created', 'token_revoked', name='account_event_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='whose account'),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='null: public or system'),
    sa.Column('detail', sa.String(length=120), nullable=False, comment='codes and ids, no personal data'),
    sa.ForeignKeyConstraint(['by_user_id'], ['users.id'], name=op.f('fk_account_events_by_user_id_users')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_account_events_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_events'))
    )
    with op.batch_alter_table('account_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_events_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_events_user_id'), ['user_id'], unique=False)

    op.create_table('api_tokens',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True, comment='exact to a minute'),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_tokens_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_tokens_token_hash'))
    )
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_tokens_user_id'), ['user_id'], unique=False)

    op.create_table('employers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('enterprise', 'community_factory', 'workshop', 'park', 'family_farm', 'cooperative', 'project', 'public_welfare', 'agency', 'individual', name='employer_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('office_code', sa.String(length=12), nullable=False, comment='the office that keeps this record'),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('credit_code', sa.String(length=18), nullable=True, comment='统一社会信用代码'),
    sa.Column('contact_name', sa.String(length=40), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('state', sa.Enum('pending', 'verified', 'rejected', 'barred', name='employer_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name_key', sa.String(length=80), nullable=False, comment='as compared, see rules.name_key'),
    sa.Column('content_key', sa.String(length=64), nullable=True, comment='identity in imports'),
    sa.Column('registered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='user; kept when the account goes'),
    sa.Column('verified_on', sa.Date(), nullable=True),
    sa.Column('answer_permille', sa.Integer(), nullable=True, comment='referrals answered; null = too few'),
    sa.Column('median_answer_hours', sa.Integer(), nullable=True),
    sa.Column('muted_until', sa.Date(), nullable=True, comment='left people without an answer'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('answer_permille BETWEEN 0 AND 1000', name=op.f('ck_employers_answer_permille')),
    sa.CheckConstraint('median_answer_hours >= 0', name=op.f('ck_employers_median_answer_hours')),
    sa.ForeignKeyConstraint(['office_code'], ['regions.code'], name=op.f('fk_employers_office_code_regions')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_employers_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employers')),
    sa.UniqueConstraint('content_key', name=op.f('uq_employers_content_key')),
    sa.UniqueConstraint('credit_code', name=op.f('uq_employers_credit_code'))
    )
    with op.batch_alter_table('employers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_employers_name_key'), ['name_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_employers_office_code'), ['office_code'], unique=False)
        batch_op.create_index('ix_employers_state_region', ['state', 'region_code'], unique=False)

    op.create_table('households',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('household_number', sa.String(length=40), nullable=True, comment='户编号 of the upper system'),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('kinds', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='HouseholdKind codes, sorted'),
    sa.Column('is_monitored', sa.Boolean(), nullable=False, comment='one of the three kinds'),
    sa.Column('officer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='包户 officer'),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True, comment='no longer kept in the ledger'),
    sa.Column('close_reason', sa.Enum('moved_away', 'died', 'dissolved', 'mistake', 'other', name='close_reason', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['merged_into_id'], ['households.id'], name=op.f('fk_households_merged_into_id_households')),
    sa.ForeignKeyConstraint(['officer_id'], ['users.id'], name=op.f('fk_households_officer_id_users')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_households_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_households'))
    )
    with op.batch_alter_table('households', schema=None) as batch_op:
        batch_op.create_index('ix_households_number_region', ['household_number', 'region_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_households_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_households_region_code'), ['region_code'], unique=False)

    op.create_table('people_imports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=True, comment="importing office; null: the system's own import"),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False, comment='SHA-256 of file, office and columns told'),
    sa.Column('file_kind', sa.String(length=8), nullable=False, comment='xlsx, xls, csv'),
    sa.Column('shape', sa.Enum('labour', 'persons', 'short', 'form', 'other', name='ledger_shape', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('header_row', sa.Integer(), nullable=False, comment='0: the sheet has no headings'),
    sa.Column('columns', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='index, heading, field, confidence'),
    sa.Column('state', sa.Enum('staging', 'uploaded', 'previewing', 'previewed', 'running', 'done', 'undoing', 'undone', 'failed', name='import_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('chunks', sa.Integer(), nullable=False),
    sa.Column('done_chunks', sa.Integer(), nullable=False, comment='of the step that is under way'),
    sa.Column('counts', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='RowResult -> rows'),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='why sent back'),
    sa.Column('notes', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='remarks on rows taken'),
    sa.Column('left', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='records an undo left alone: [kind, id]'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_people_imports_created_by_id_users')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_people_imports_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_imports'))
    )
    with op.batch_alter_table('people_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_imports_created_by_id'), ['created_by_id'], unique=False)
        batch_op.create_index('ix_people_imports_hash', ['file_hash', 'state'], unique=False)

    op.create_table('user_sessions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False, comment='exact to a minute'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_sessions_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_sessions_token_hash'))
    )
    with op.batch_alter_table('user_sessions', schema=None) as batch_op:
        batch_op.create_index('ix_user_sessions_user', ['user_id', 'ended_at'], unique=False)

    op.create_table('bar_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('credit_code', sa.String(length=18), nullable=True),
    sa.Column('name_key', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='of a firm, digits only'),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('barred_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('barred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['employer_id'], ['employers.id'], name=op.f('fk_bar_entries_employer_id_employers')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_bar_entries_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bar_entries'))
    )
    with op.batch_alter_table('bar_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bar_entries_credit_code'), ['credit_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_bar_entries_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bar_entries_name_key'), ['name_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_bar_entries_phone'), ['phone'], unique=False)

    op.create_table('employer_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('action', sa.Enum('register', 'verify', 'reject', 'bar', 'unbar', name='employer_action', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('from_state', sa.String(length=32), nullable=True, comment='null: did not exist'),
    sa.Column('to_state', sa.String(length=32), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='user; null = system, kept for ever'),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['employers.id'], name=op.f('fk_employer_events_employer_id_employers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer_events'))
    )
    with op.batch_alter_table('employer_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_employer_events_employer_id'), ['employer_id'], unique=False)

    op.create_table('job_postings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('occupation_code', sa.String(length=10), nullable=True, comment='null: the words settle none'),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('office_code', sa.String(length=12), nullable=False, comment='the office that keeps this record'),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('lng', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('x', sa.Integer(), nullable=True, comment='projected metres east'),
    sa.Column('y', sa.Integer(), nullable=True, comment='projected metres north'),
    sa.Column('point_is_exact', sa.Boolean(), nullable=False, comment="false: x, y are the region's centre"),
    sa.Column('wage_min_fen', sa.Integer(), nullable=True),
    sa.Column('wage_max_fen', sa.Integer(), nullable=True),
    sa.Column('wage_unit', sa.Enum('month', 'day', 'hour', 'piece', 'year', 'week', name='wage_unit', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('wage_negotiable', sa.Boolean(), nullable=False),
    sa.Column('wage_text', sa.String(length=60), nullable=False, comment='pay as it was written'),
    sa.Column('estimate_fen', sa.Integer(), nullable=True, comment="piece work: the firm's own month"),
    sa.Column('wage_month_fen', sa.Integer(), nullable=False, comment='upper, a month; 0 = unknown'),
    sa.Column('openings', sa.Integer(), nullable=False),
    sa.Column('filled', sa.Integer(), nullable=False),
    sa.Column('skills', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('certificates', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('demands', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('suits', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('pickup', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='regions its bus serves'),
    sa.Column('age_min', sa.Integer(), nullable=True),
    sa.Column('age_max', sa.Integer(), nullable=True),
    sa.Column('education', sa.Enum('none', 'primary', 'junior', 'senior', 'vocational', 'college', 'bachelor', 'master', name='education', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('profile', sa.Enum('long', 'season', 'day', name='work_profile', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('shifts', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('board', sa.Boolean(), nullable=False),
    sa.Column('lodging', sa.Boolean(), nullable=False),
    sa.Column('transport', sa.Boolean(), nullable=False),
    sa.Column('insurance', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=False, comment='last day of recruiting'),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False, comment='last said: still hiring'),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False, comment='last opened; until then created'),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'review', 'open', 'paused', 'filled', 'expired', 'rejected', 'closed', name='job_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False, comment='see core.search'),
    sa.Column('source', sa.String(length=40), nullable=False, comment='form, import, demo ...'),
    sa.Column('content_key', sa.String(length=64), nullable=True, comment='identity in imports'),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='user; kept when the account goes'),
    sa.Column('submitted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='who submits does not approve'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('age_min >= 16 AND age_max >= 16 AND age_min <= age_max', name=op.f('ck_job_postings_age_range')),
    sa.CheckConstraint('filled >= 0 AND filled <= openings', name=op.f('ck_job_postings_filled_within_openings')),
    sa.CheckConstraint('openings BETWEEN 1 AND 10000', name=op.f('ck_job_postings_openings')),
    sa.CheckConstraint('wage_min_fen <= wage_max_fen', name=op.f('ck_job_postings_wage_order')),
    sa.CheckConstraint('wage_min_fen >= 0 AND wage_max_fen >= 0', name=op.f('ck_job_postings_wage_positive')),
    sa.ForeignKeyConstraint(['employer_id'], ['employers.id'], name=op.f('fk_job_postings_employer_id_employers')),
    sa.ForeignKeyConstraint(['office_code'], ['regions.code'], name=op.f('fk_job_postings_office_code_regions')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_job_postings_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_postings')),
    sa.UniqueConstraint('content_key', name=op.f('uq_job_postings_content_key'))
    )
    with op.batch_alter_table('job_postings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_postings_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_postings_office_code'), ['office_code'], unique=False)
        batch_op.create_index('ix_job_postings_state_published_at', ['state', 'published_at', 'id'], unique=False)
        batch_op.create_index('ix_job_postings_state_region', ['state', 'region_code'], unique=False)

    op.create_table('people',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('relation', sa.Enum('head', 'spouse', 'child', 'child_in_law', 'parent', 'parent_in_law', 'grandchild', 'grandparent', 'sibling', 'other', name='relation', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False, comment='name, pinyin, initials; see core.search'),
    sa.Column('sex', sa.Enum('male', 'female', name='sex', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('birth_on', sa.Date(), nullable=True),
    sa.Column('id_number', sa.LargeBinary(), nullable=True, comment='sealed'),
    sa.Column('id_index', sa.String(length=64), nullable=True, comment='keyed digest of 18 characters'),
    sa.Column('id_tail_index', sa.String(length=64), nullable=True, comment='keyed digest, last four'),
    sa.Column('phone', sa.LargeBinary(), nullable=True, comment='sealed'),
    sa.Column('phone_index', sa.String(length=64), nullable=True, comment='one phone may serve a family'),
    sa.Column('phone_tail_index', sa.String(length=64), nullable=True),
    sa.Column('education', sa.Enum('none', 'primary', 'junior', 'senior', 'vocational', 'college', 'bachelor', 'master', name='education', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('labour_class', sa.Enum('ordinary', 'skilled', 'semi', 'weak', name='labour_class', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('class_reason', sa.String(length=200), nullable=True, comment='set: class was set by hand, and why'),
    sa.Column('skills', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('certificates', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('limits', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment="Demand codes they can't do"),
    sa.Column('status', sa.Enum('seeking', 'employed', 'self_employed', 'farming', 'training', 'not_seeking', 'studying', 'unable', name='seeker_status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('seeking_since_on', sa.Date(), nullable=True),
    sa.Column('occupations', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='wished for'),
    sa.Column('travel', sa.Enum('village', 'township', 'county', 'city', 'province', 'anywhere', name='reach', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('travel_minutes', sa.Integer(), nullable=True, comment='longest way to work, one way'),
    sa.Column('wage_floor_fen', sa.Integer(), nullable=True),
    sa.Column('wage_floor_unit', sa.Enum('month', 'day', 'hour', 'piece', 'year', 'week', name='wage_unit', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('shifts', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('profiles', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('needs_board', sa.Boolean(), nullable=False),
    sa.Column('needs_lodging', sa.Boolean(), nullable=False),
    sa.Column('cares_for_family', sa.Boolean(), nullable=False),
    sa.Column('care_hours', sa.String(length=60), nullable=False, comment='hours taken by care, as told'),
    sa.Column('harvest_absences', sa.String(length=60), nullable=False, comment='weeks away for the fields'),
    sa.Column('companions', sa.String(length=60), nullable=False, comment='would only go together with'),
    sa.Column('refused_places', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, comment='region codes'),
    sa.Column('training_wish', sa.String(length=60), nullable=False),
    sa.Column('welfare_eligible', sa.Boolean(), nullable=False, comment='may take a public-welfare post'),
    sa.Column('not_working_reason', sa.Enum('care', 'health', 'no_skill', 'no_job_nearby', 'low_pay', 'just_left', 'farm_work', 'study', 'unwilling', 'other', name='not_working_reason', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('return_reason', sa.Enum('laid_off', 'contract_end', 'family', 'health', 'harvest', 'start_up', 'unpaid', 'holiday', 'other', name='return_reason', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('employer_name', sa.String(length=100), nullable=False, comment='where they work, as told'),
    sa.Column('work_place', sa.String(length=100), nullable=False, comment='where that is, as told'),
    sa.Column('x', sa.Integer(), nullable=True, comment='projected metres of the home, when known'),
    sa.Column('y', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True, comment='no longer kept in the ledger'),
    sa.Column('close_reason', sa.Enum('moved_away', 'died', 'dissolved', 'mistake', 'other', name='close_reason', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('wage_floor_fen >= 0', name=op.f('ck_people_wage_floor_positive')),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_people_household_id_households')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['people.id'], name=op.f('fk_people_merged_into_id_people')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_people_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('id_index', name=op.f('uq_people_id_index'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_household_id'), ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_id_tail_index'), ['id_tail_index'], unique=False)
        batch_op.create_index('ix_people_name_birth', ['name', 'birth_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_phone_index'), ['phone_index'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_phone_tail_index'), ['phone_tail_index'], unique=False)
        batch_op.create_index('ix_people_region_name', ['region_code', 'name'], unique=False)
        batch_op.create_index('ix_people_region_status', ['region_code', 'status'], unique=False)

    op.create_table('people_import_chunks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='from 0'),
    sa.Column('first_row', sa.Integer(), nullable=False),
    sa.Column('last_row', sa.Integer(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True, comment='sealed, packed JSON; null: thrown away'),
    sa.ForeignKeyConstraint(['import_id'], ['people_imports.id'], name=op.f('fk_people_import_chunks_import_id_people_imports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_import_chunks'))
    )
    with op.batch_alter_table('people_import_chunks', schema=None) as batch_op:
        batch_op.create_index('ix_people_import_chunks_number', ['import_id', 'number'], unique=True)

    op.create_table('people_import_households',
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key_digest', sa.String(length=64), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_people_import_households_household_id_households')),
    sa.ForeignKeyConstraint(['import_id'], ['people_imports.id'], name=op.f('fk_people_import_households_import_id_people_imports')),
    sa.PrimaryKeyConstraint('import_id', 'key_digest', name=op.f('pk_people_import_households'))
    )
    op.create_table('people_import_rows',
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('row_number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('result', sa.Enum('new', 'changed', 'same', 'rejected', 'conflict', name='row_result', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('is_applied', sa.Boolean(), nullable=False, comment='done; false: a preview'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='plain words, nothing personal'),
    sa.Column('conflict', sa.Enum('other_name', 'elsewhere', 'twice', 'edited', 'other_file', 'several', name='conflict_kind', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('decision', sa.Enum('keep', 'take', 'skip', name='decision', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('other_row', sa.Integer(), nullable=True, comment='earlier row with the same person'),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_digest', sa.String(length=64), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['people_imports.id'], name=op.f('fk_people_import_rows_import_id_people_imports')),
    sa.PrimaryKeyConstraint('import_id', 'row_number', name=op.f('pk_people_import_rows'))
    )
    with op.batch_alter_table('people_import_rows', schema=None) as batch_op:
        batch_op.create_index('ix_people_import_rows_digest', ['import_id', 'person_digest'], unique=False)
        batch_op.create_index('ix_people_import_rows_result', ['import_id', 'result', 'row_number'], unique=False)

    op.create_table('role_grants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Enum('seeker', 'employer', 'broker', 'village_officer', 'township_officer', 'county_officer', 'city_viewer', 'province_viewer', 'admin', 'auditor', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=True),
    sa.Column('employer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_read_only', sa.Boolean(), nullable=False, comment='left to a former officer after a hand-over'),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('granted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='null: the system'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("role <> 'employer' OR employer_id IS NOT NULL", name=op.f('ck_role_grants_employer_named')),
    sa.CheckConstraint('valid_until IS NULL OR valid_until > starts_at', name=op.f('ck_role_grants_dates_in_order')),
    sa.ForeignKeyConstraint(['employer_id'], ['employers.id'], name=op.f('fk_role_grants_employer_id_employers')),
    sa.ForeignKeyConstraint(['ended_by'], ['users.id'], name=op.f('fk_role_grants_ended_by_users')),
    sa.ForeignKeyConstraint(['granted_by'], ['users.id'], name=op.f('fk_role_grants_granted_by_users')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_role_grants_region_code_regions')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_role_grants_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants'))
    )
    with op.batch_alter_table('role_grants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_grants_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index('ix_role_grants_region_role', ['region_code', 'role'], unique=False)
        batch_op.create_index('ix_role_grants_user_in_force', ['user_id', 'ended_at'], unique=False)

    op.create_table('consents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.Enum('ledger', 'health', 'share_with_employers', 'share_with_brokers', 'messages', name='consent_purpose', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False, comment='false: taken back'),
    sa.Column('method', sa.Enum('phone', 'visit', 'paper', 'self', name='consent_method', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('told_by', sa.String(length=40), nullable=False, comment='who said it, if not the person'),
    sa.Column('text_version', sa.String(length=20), nullable=False, comment='of the text that was read out or signed'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='who wrote it down; null: the system'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_consents_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index('ix_consents_person_purpose', ['person_id', 'purpose', 'id'], unique=False)

    op.create_table('erasures',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outcome', sa.Enum('erased', 'sealed', name='erasure_outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('method', sa.Enum('phone', 'visit', 'paper', 'self', name='consent_method', native_enum=False, create_constraint=True, length=32), nullable=False, comment='how they asked'),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requested_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='who wrote it down'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='sealed: when the last hold ends, if known'),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True, comment='when the values went'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_erasures_person_id_people')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_erasures'))
    )
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasures_outcome'), ['outcome'], unique=False)

    op.create_table('job_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('job_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('create', 'edit', 'submit', 'approve', 'reject', 'pause', 'resume', 'close', 'confirm', 'fill', 'reopen', 'expire', name='job_event_kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('from_state', sa.String(length=32), nullable=True, comment='null: did not exist'),
    sa.Column('to_state', sa.String(length=32), nullable=False),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='user; null = system, kept for ever'),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job_postings.id'], name=op.f('fk_job_events_job_id_job_postings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_events'))
    )
    with op.batch_alter_table('job_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_events_job_id'), ['job_id'], unique=False)

    op.create_table('legal_holds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Enum('money_paid', 'case_open', 'records_kept', name='hold_reason', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True, comment='last day; null: until lifted'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='null: the system'),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_legal_holds_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_holds'))
    )
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_holds_person_id'), ['person_id'], unique=False)

    op.create_table('private_facts',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ledger', sa.LargeBinary(), nullable=True, comment='sealed JSON'),
    sa.Column('health', sa.LargeBinary(), nullable=True, comment='sealed JSON'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_private_facts_person_id_people')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_private_facts'))
    )

    for table in ('job_postings', 'people',):
        for statement in search_index_ddl(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table('private_facts')
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legal_holds_person_id'))

    op.drop_table('legal_holds')
    with op.batch_alter_table('job_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_events_job_id'))

    op.drop_table('job_events')
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasures_outcome'))

    op.drop_table('erasures')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index('ix_consents_person_purpose')

    op.drop_table('consents')
    with op.batch_alter_table('role_grants', schema=None) as batch_op:
        batch_op.drop_index('ix_role_grants_user_in_force')
        batch_op.drop_index('ix_role_grants_region_role')
        batch_op.drop_index(batch_op.f('ix_role_grants_employer_id'))

    op.drop_table('role_grants')
    with op.batch_alter_table('people_import_rows', schema=None) as batch_op:
        batch_op.drop_index('ix_people_import_rows_result')
        batch_op.drop_index('ix_people_import_rows_digest')

    op.drop_table('people_import_rows')
    op.drop_table('people_import_households')
    with op.batch_alter_table('people_import_chunks', schema=None) as batch_op:
        batch_op.drop_index('ix_people_import_chunks_number')

    op.drop_table('people_import_chunks')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index('ix_people_region_status')
        batch_op.drop_index('ix_people_region_name')
        batch_op.drop_index(batch_op.f('ix_people_phone_tail_index'))
        batch_op.drop_index(batch_op.f('ix_people_phone_index'))
        batch_op.drop_index('ix_people_name_birth')
        batch_op.drop_index(batch_op.f('ix_people_id_tail_index'))
        batch_op.drop_index(batch_op.f('ix_people_household_id'))

    op.drop_table('people')
    with op.batch_alter_table('job_postings', schema=None) as batch_op:
        batch_op.drop_index('ix_job_postings_state_region')
        batch_op.drop_index('ix_job_postings_state_published_at')
        batch_op.drop_index(batch_op.f('ix_job_postings_office_code'))
        batch_op.drop_index(batch_op.f('ix_job_postings_employer_id'))

    op.drop_table('job_postings')
    with op.batch_alter_table('employer_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_employer_events_employer_id'))

    op.drop_table('employer_events')
    with op.batch_alter_table('bar_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bar_entries_phone'))
        batch_op.drop_index(batch_op.f('ix_bar_entries_name_key'))
        batch_op.drop_index(batch_op.f('ix_bar_entries_employer_id'))
        batch_op.drop_index(batch_op.f('ix_bar_entries_credit_code'))

    op.drop_table('bar_entries')
    with op.batch_alter_table('user_sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_user_sessions_user')

    op.drop_table('user_sessions')
    with op.batch_alter_table('people_imports', schema=None) as batch_op:
        batch_op.drop_index('ix_people_imports_hash')
        batch_op.drop_index(batch_op.f('ix_people_imports_created_by_id'))

    op.drop_table('people_imports')
    with op.batch_alter_table('households', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_households_region_code'))
        batch_op.drop_index(batch_op.f('ix_households_officer_id'))
        batch_op.drop_index('ix_households_number_region')

    op.drop_table('households')
    with op.batch_alter_table('employers', schema=None) as batch_op:
        batch_op.drop_index('ix_employers_state_region')
        batch_op.drop_index(batch_op.f('ix_employers_office_code'))
        batch_op.drop_index(batch_op.f('ix_employers_name_key'))

    op.drop_table('employers')
    with op.batch_alter_table('api_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_tokens_user_id'))

    op.drop_table('api_tokens')
    with op.batch_alter_table('account_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_events_user_id'))
        batch_op.drop_index(batch_op.f('ix_account_events_at'))

    op.drop_table('account_events')
    op.drop_table('users')
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.drop_index('ix_tasks_due')

    op.drop_table('tasks')
    with op.batch_alter_table('regions', schema=None) as batch_op:
        batch_op.drop_index('ix_regions_parent_code_code')

    op.drop_table('regions')
    with op.batch_alter_table('rate_hits', schema=None) as batch_op:
        batch_op.drop_index('ix_rate_hits_subject_at')
        batch_op.drop_index(batch_op.f('ix_rate_hits_at'))

    op.drop_table('rate_hits')
    op.drop_table('posting_changes')
    with op.batch_alter_table('phone_codes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_phone_codes_phone_index'))
        batch_op.drop_index('ix_phone_codes_asker')

    op.drop_table('phone_codes')
    with op.batch_alter_table('ledger_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_changes_record')
        batch_op.drop_index(batch_op.f('ix_ledger_changes_import_id'))
        batch_op.drop_index(batch_op.f('ix_ledger_changes_at'))

    op.drop_table('ledger_changes')
    with op.batch_alter_table('idempotent_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idempotent_answers_created_at'))

    op.drop_table('idempotent_answers')
    op.drop_table('erased_index')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_team')
        batch_op.drop_index('ix_audit_entries_subject')
        batch_op.drop_index('ix_audit_entries_region')
        batch_op.drop_index('ix_audit_entries_actor')

    op.drop_table('audit_entries')
