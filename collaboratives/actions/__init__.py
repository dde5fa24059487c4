"""Every write of this room."""

from collaboratives.actions.leadership import (
    ask_leader,
    confirm_leadership,
    refuse_leadership,
)
from collaboratives.actions.organizations import (
    CannotMerge,
    find_or_add_organization,
    merge_organizations,
    undo_merge,
)
from collaboratives.actions.programs import (
    CohortFull,
    CohortPlan,
    NotReady,
    adopt_blueprint,
    change_cohort,
    edit_program,
    lock_cohort,
    move_deadline,
    plan_cohort,
    publish_cohort,
)
from collaboratives.actions.teams import (
    LastLead,
    NotInvited,
    PlaceTaken,
    add_member,
    change_member,
    enroll_team,
    hand_over,
    invite_member,
    join,
    remove_member,
    withdraw_invitation,
)

__all__ = [
    "CannotMerge",
    "CohortFull",
    "CohortPlan",
    "LastLead",
    "NotInvited",
    "NotReady",
    "PlaceTaken",
    "add_member",
    "adopt_blueprint",
    "ask_leader",
    "change_cohort",
    "change_member",
    "confirm_leadership",
    "edit_program",
    "enroll_team",
    "find_or_add_organization",
    "hand_over",
    "invite_member",
    "join",
    "lock_cohort",
    "merge_organizations",
    "move_deadline",
    "plan_cohort",
    "publish_cohort",
    "refuse_leadership",
    "remove_member",
    "undo_merge",
    "withdraw_invitation",
]
