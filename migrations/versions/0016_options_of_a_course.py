"""More options of courses and assignments, extensions, and codes to join a course."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COUNTS = ("best", "latest")
FEEDBACK = ("full", "tests", "score", "nothing_until_deadline")
SHARES = ("late_percent", "late_floor")
MINUTES = ("grace_minutes", "pause_minutes")


def upgrade() -> None:
    """Add tables and columns. A slug is unique in its course, no longer in the installation."""
    op.add_column(
        "courses", sa.Column("time_zone", sa.Text(), nullable=False, server_default="UTC")
    )
    _add_options()
    op.create_table(
        "join_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_join_codes_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["accounts.id"],
            name=op.f("fk_join_codes_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_join_codes_code")),
    )
    op.create_index(op.f("ix_join_codes_course_id"), "join_codes", ["course_id"])
    op.create_table(
        "extensions",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_limit", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attempt_limit > 0", name=op.f("ck_extensions_attempt_limit_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_extensions_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_extensions_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["accounts.id"],
            name=op.f("fk_extensions_author_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("assignment_id", "account_id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_account_id"), "extensions", ["account_id"])


def _add_options() -> None:
    with op.batch_alter_table("assignments") as table:
        table.add_column(sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("late_percent", sa.Double(), nullable=True))
        table.add_column(
            sa.Column("late_floor", sa.Double(), nullable=False, server_default=sa.text("0"))
        )
        for name in MINUTES:
            table.add_column(
                sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"))
            )
        for name, values in (("attempt_that_counts", COUNTS), ("feedback", FEEDBACK)):
            kind = sa.Enum(*values, native_enum=False, length=max(16, *map(len, values)))
            table.add_column(sa.Column(name, kind, nullable=False, server_default=values[0]))
        table.add_column(
            sa.Column("hold_marks", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
        )
        for name in SHARES:
            table.create_check_constraint(
                op.f(f"ck_assignments_{name}_is_a_share"), f"{name} BETWEEN 0 AND 100"
            )
        for name in MINUTES:
            table.create_check_constraint(
                op.f(f"ck_assignments_{name}_not_negative"), f"{name} >= 0"
            )
        for name, column, values in (
            ("attemptthatcounts", "attempt_that_counts", COUNTS),
            ("feedback", "feedback", FEEDBACK),
        ):
            table.create_check_constraint(
                op.f(f"ck_assignments_{name}"), sa.column(column).in_(values)
            )
        table.drop_constraint(op.f("uq_assignments_slug"), type_="unique")
        table.create_index(
            op.f("ix_assignments_course_id_slug"), ["course_id", "slug"], unique=True
        )


def downgrade() -> None:
    """Drop them again. Fails if two courses have an assignment of the same slug."""
    op.drop_table("extensions")
    op.drop_table("join_codes")
    with op.batch_alter_table("assignments") as table:
        table.drop_index(op.f("ix_assignments_course_id_slug"))
        table.create_unique_constraint(op.f("uq_assignments_slug"), ["slug"])
        names = [f"{name}_is_a_share" for name in SHARES]
        names += [f"{name}_not_negative" for name in MINUTES]
        for name in (*names, "attemptthatcounts", "feedback"):
            table.drop_constraint(op.f(f"ck_assignments_{name}"), type_="check")
        for name in (
            "opens_at",
            *SHARES,
            *MINUTES,
            "attempt_that_counts",
            "feedback",
            "hold_marks",
            "released_at",
            "version",
        ):
            table.drop_column(name)
    op.drop_column("courses", "time_zone")
