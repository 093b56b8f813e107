"""Functions with a session that check no actor or write no entry of the audit, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.audit import log
from service.courses import (
    access,
    assignments,
    deadlines,
    invitations,
    join_codes,
    roster,
    students,
)
from service.marks import (
    counted,
    counting,
    deletion,
    figures,
    gradebook,
    listing,
    mistakes,
    over_time,
    results,
    schemes,
)
from service.people import accounts, links, own, sessions, setup, sign_in, tokens
from service.submissions import (
    admission,
    gradings,
    line,
    lost,
    previews,
    receipts,
    slots,
    stored_reports,
)
from service.submissions.submit import submit as submit_file
from service.upkeep import heartbeats

WITHOUT_ACTOR: dict[Callable[..., Any], str] = {
    access.role_in: "a check, which use cases call",
    access.is_staff: "a check, which use cases call",
    access.is_teacher: "a check, which use cases call",
    access.require_enrolled: "a check, which use cases call",
    access.require_staff: "a check, which use cases call",
    access.require_teacher: "a check, which use cases call",
    access.require_teacher_or_operator: "a check, which use cases call",
    access.require_self_or_staff: "a check, which use cases call",
    access.require_course_creator: "a check, which use cases call",
    log.record: "part of use cases, which check",
    log.record_change: "part of use cases, which check",
    accounts.account_by_email: "finds the account that signs in; use cases check first",
    roster.lock_people: "part of changes of a roster, which check",
    roster.add_enrolment: "part of changes of a roster, which check",
    roster.change_role: "part of changes of a roster, which check",
    admission.admit: "part of submit, which checks",
    admission.history_of: "part of submit and standing, which check",
    admission.pause_ends: "part of submit and standing, which check",
    deadlines.terms_of: "part of use cases and pages, which check",
    deadlines.last_deadline: "a moment that feedback depends on; use cases check",
    deadlines.last_deadlines: "moments that feedback depends on; use cases check",
    results.find_sight: "what an actor sees; use cases check",
    results.sights_of_students: "what students see; use cases check",
    deadlines.own_deadlines: "part of lists, which check",
    deadlines.extensions_of: "part of use cases and pages, which check",
    counting.read_counting: "part of gradebooks and lists, which check",
    figures.find_complete: "part of gradebooks, which check",
    figures.find_overridden: "part of gradebooks, which check",
    figures.read_totals: "part of gradebooks, which check",
    figures.read_figures: "part of gradebooks, which check",
    schemes.read_extensions: "part of gradebooks and lists, which check",
    gradebook.read_marks: "part of gradebooks and lists, which check",
    listing.arrange_gradebook: "part of gradebooks and reviews, which check",
    students.students_of: "part of gradebooks and lists, which check",
    assignments.assignments_of: "part of gradebooks and lists, which check",
    gradings.queue_regrade: "part of regrade, which checks",
    previews.queue_previews: "part of start_regrade, which checks",
    previews.set_preview: "part of applying and undoing a regrade, which check",
    previews.remove_queued: "part of cancel_regrade, which checks",
    line.find_next: "part of a worker's claim",
    line.find_position: "part of queue_position, which checks",
    line.find_waiting_for_free_slots: "part of the reaper and of a worker's start",
    line.read_line: "part of claims and positions",
    line.read_queue: "lengths and ages, for probes and metrics",
    slots.count_slots: "how many workers there are, for claims",
    slots.forget_ended: "part of a worker's start",
    slots.note_slot: "a worker says that it is there",
    heartbeats.last_beat: "when the scheduler last said that it runs, for probes and metrics",
    lost.has_slot_ended: "part of the reaper and of a worker's start",
    lost.is_forgotten: "part of the reaper",
    receipts.verify_receipt: "everybody may verify a receipt that they have",
    sessions.find_signed_in: "a cookie is how a browser becomes an actor",
    sessions.end_session: "ends the session whose cookie a browser has",
    sign_in.sign_in: "signing in is how somebody becomes an actor",
    counted.read_counted: "part of read_insights, which checks",
    mistakes.find_mistakes: "part of read_insights, which checks",
    over_time.read_timeline: "part of read_development, which checks",
    over_time.read_histories: "part of read_development, which checks",
    over_time.find_equal_files: "part of read_development, which checks",
    stored_reports.read_mistakes: "reads what a caller found through marks",
    stored_reports.read_report: "reads what a caller found through find_submission",
    stored_reports.read_report_texts: "reads what an archive found",
    stored_reports.read_summary: "reads what a caller found through find_submission or marks",
    tokens.authenticate: "a token is how a program becomes an actor",
    tokens.end_tokens_of: "part of changes of an account, which check",
    tokens.note_use: "notes that a program became an actor",
    links.issue_links: "part of invitations and resets, which check",
    links.lock_accounts: "part of changes of an account, which check",
    links.void_links: "part of changes of an account, which check",
    links.find_link: "the secret of a link is how somebody becomes an actor",
    links.use_link: "the secret of a link is how somebody becomes an actor",
    links.claim_link: "part of uses of a link",
    setup.find_setup_link: "the secret of a link is how somebody becomes an actor",
    setup.set_up: "the secret of a link is how somebody becomes an actor",
    join_codes.find_course_by_code: "whoever has the code may see the course's title",
    join_codes.join_with_new_account: "the code is how somebody becomes an actor",
}

# Use cases that change something and write no entry of the audit, with the reason.
WITHOUT_ENTRY: dict[Callable[..., Any], str] = {
    submit_file: "the submission itself says who submitted what and when",
    own.change_own_name: "everybody's own name is their own matter",
}
ENTRIES: dict[Callable[..., Any], int] = {  # where one call changes several things
    accounts.name_account: 2,  # the account and its link
    deletion.delete_account: 2,  # for the installation and for the course
    invitations.invite: 2,  # the enrolment and the link
}
