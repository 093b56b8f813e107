"""The audit: every change by staff, with its author and time. Entries stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


MESSAGE = "entries of the audit are never changed"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION keep_audit_entry() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}';
END
$$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    """Add the table, and triggers that reject changes and deletions."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        op.f("ix_audit_entries_course_id_happened_at"),
        "audit_entries",
        ["course_id", "happened_at"],
    )
    op.create_index(op.f("ix_audit_entries_happened_at"), "audit_entries", ["happened_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        op.execute(
            "CREATE TRIGGER keep_audit_entry BEFORE UPDATE OR DELETE ON audit_entries "
            "FOR EACH ROW EXECUTE FUNCTION keep_audit_entry()"
        )
    else:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER keep_audit_entry_{change.lower()} BEFORE {change} "
                f"ON audit_entries BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )


def downgrade() -> None:
    """Drop it again, with its triggers."""
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_audit_entry()")
