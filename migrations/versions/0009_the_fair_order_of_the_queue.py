"""What the fair order of the queue needs: whose grading it is, what it used, and live slots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

IN_LINE, USED = "ix_gradings_in_line", "ix_gradings_used"

gradings = sa.table(
    "gradings",
    sa.column("submission_id", sa.Uuid()),
    sa.column("student_id", sa.Uuid()),
    sa.column("course_id", sa.Uuid()),
)
submissions = sa.table(
    "submissions",
    sa.column("id", sa.Uuid()),
    sa.column("student_id", sa.Uuid()),
    sa.column("assignment_id", sa.Uuid()),
)
assignments = sa.table("assignments", sa.column("id", sa.Uuid()), sa.column("course_id", sa.Uuid()))


def upgrade() -> None:
    """Add the columns, fill them from the submissions, and add indexes and the table of slots.

    An earlier worker may run meanwhile: every new column may be empty or has a default.
    """
    op.add_column("gradings", sa.Column("student_id", sa.Uuid()))
    op.add_column("gradings", sa.Column("course_id", sa.Uuid()))
    op.add_column("gradings", sa.Column("cpu_seconds", sa.Double()))
    op.add_column("gradings", sa.Column("slot", sa.Text()))
    op.add_column(
        "gradings",
        sa.Column("interruptions", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    own = submissions.c.id == gradings.c.submission_id
    course = (
        sa.select(assignments.c.course_id)
        .join(submissions, submissions.c.assignment_id == assignments.c.id)
        .where(own)
    )
    op.execute(
        gradings.update().values(
            student_id=sa.select(submissions.c.student_id).where(own).scalar_subquery(),
            course_id=course.scalar_subquery(),
        )
    )
    line = ["status", "student_id", "course_id", "ordinal", "queued_at", "id"]
    op.create_index(IN_LINE, "gradings", line)
    used = ["finished_at", "student_id", "course_id", "ordinal", "cpu_seconds"]
    op.create_index(USED, "gradings", used)
    op.create_table(
        "slots",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_slots")),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("slots")
    op.drop_index(USED, table_name="gradings")
    op.drop_index(IN_LINE, table_name="gradings")
    for column in ("interruptions", "slot", "cpu_seconds", "course_id", "student_id"):
        op.drop_column("gradings", column)
