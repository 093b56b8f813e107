"""Comments, regrades with a preview, and marks for students who submitted nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WHICH = ("all", "counting", "latest")
STATUSES = ("running", "ready", "applied", "undone", "cancelled")


def upgrade() -> None:
    """Add tables and columns. No grading that is there is a preview."""
    op.add_column(
        "gradings", sa.Column("preview", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("overrides") as table:
        table.alter_column("submission_id", existing_type=sa.Uuid(), nullable=True)
    with op.batch_alter_table("submissions") as table:
        table.add_column(sa.Column("submitted_by_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_submissions_submitted_by_id"),
            "accounts",
            ["submitted_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
    _create_comments()
    _create_regrades()


def _create_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("line > 0", name=op.f("ck_comments_line_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_comments_submission_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_submission_id"), "comments", ["submission_id"])


def _create_regrades() -> None:
    kinds = {
        name: sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=16)
        for name, values in (("which", WHICH), ("regradestatus", STATUSES))
    }
    op.create_table(
        "regrades",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("which", kinds["which"], nullable=False),
        sa.Column("status", kinds["regradestatus"], nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_regrades_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["accounts.id"],
            name=op.f("fk_regrades_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    op.create_index(op.f("ix_regrades_assignment_id"), "regrades", ["assignment_id"])
    op.create_table(
        "regrade_entries",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("grading_id", sa.Uuid(), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["before_id"],
            ["gradings.id"],
            name=op.f("fk_regrade_entries_before_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["grading_id"],
            ["gradings.id"],
            name=op.f("fk_regrade_entries_grading_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"],
            ["regrades.id"],
            name=op.f("fk_regrade_entries_regrade_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("regrade_id", "grading_id", name=op.f("pk_regrade_entries")),
    )
    op.create_index(op.f("ix_regrade_entries_grading_id"), "regrade_entries", ["grading_id"])


def downgrade() -> None:
    """Drop them again. Marks without a submission are deleted, and previews count."""
    op.drop_table("regrade_entries")
    op.drop_table("regrades")
    op.drop_table("comments")
    with op.batch_alter_table("submissions") as table:
        table.drop_constraint(op.f("fk_submissions_submitted_by_id"), type_="foreignkey")
        table.drop_column("submitted_by_id")
    op.execute("DELETE FROM overrides WHERE submission_id IS NULL")
    with op.batch_alter_table("overrides") as table:
        table.alter_column("submission_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("gradings", "preview")
