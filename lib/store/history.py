"""Observations as they were stored at a moment, with the columns of `observation`."""

from datetime import datetime

KEY = "measure, school, student_group, date"


def observations_sql(as_of: datetime | None, where: str = "true") -> str:
    """SQL for a table of the observations that `where` keeps: those of now, or as of the parameter `$as_of`.

    What was in force at a moment is the word of the newest upload not after it. `observation` holds the newest word
    of all, `replaced` what later uploads took the place of.
    """
    if as_of is None:
        return f"(select * from observation where {where})"
    return f"""(
        select kept.* from (
            select * from observation where {where}
            union all by name select * exclude (replaced_by) from replaced where {where}) as kept
        join upload on upload.id = kept.upload and upload.saved_at <= $as_of
        qualify row_number() over (partition by {KEY} order by kept.upload desc) = 1)"""
