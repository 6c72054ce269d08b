/* +++
answers = "The trace, newest first; of the rows before a number and at most so many, or all"
+++ */
select
    number,
    at,
    actor,
    role,
    address,
    action,
    what,
    result,
    detail,
    hash
from trace
where $before is null or number < $before
order by number desc
limit coalesce($most, -1)
