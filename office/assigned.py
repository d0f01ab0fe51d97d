"""From the mapper's words to those of the records."""

from mapper import Assignment
from records import AssignedTo


def assigned_to(assignment: Assignment) -> AssignedTo:
    """The mapper's decision as the records keep it."""
    post, department = assignment.post, assignment.department
    return AssignedTo(
        edition=assignment.edition, rule=assignment.rule,
        department_code=department.code, department_hi=department.name_hi, department_en=department.name_en,
        level=assignment.level, level_label=assignment.level_label,
        post_id=post.id, post_hi=post.name_hi, post_en=post.name_en,
        due=assignment.due, drafted=assignment.drafted,
    )  # fmt: skip
