"""What uploads said and when: observations as they were stored at a moment, and every value of every upload."""

from datetime import datetime

KEY = "measure, school, student_group, date"

EVERY_VALUE = "(select * from observation union all by name select * exclude (replaced_by) from replaced)"
"""SQL for a table of all that uploads ever said, undone ones included, with the columns of `observation`.

A row without a value says that a person took it away."""

STANDING = """(
    select * from observation
    union all by name select * exclude (replaced_by) from replaced where value is null and upload = replaced_by)"""
"""SQL for what is shown, and what is not shown because a person took it away."""


def observations_sql(as_of: datetime | None, where: str = "true") -> str:
    """SQL for a table of the observations that `where` keeps: those of now, or as of the parameter `$as_of`.

    What was in force at a moment is the word of the newest upload that is not after it and was not undone then.
    """
    if as_of is None:
        return f"(select * from observation where {where})"
    return f"""(select * from (
        select kept.* from (
            select * from observation where {where}
            union all by name select * exclude (replaced_by) from replaced where {where}) as kept
        join upload on upload.id = kept.upload and upload.saved_at <= $as_of
        anti join (
            select upload from upload_event where saved_at <= $as_of
            group by upload having arg_max(what, number) = 'undone') as undone on undone.upload = kept.upload
        qualify row_number() over (partition by {KEY} order by kept.upload desc) = 1)
        where value is not null)"""
