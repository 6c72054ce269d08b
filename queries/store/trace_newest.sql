/* +++
answers = "The trace, newest first; of the rows before a number, of some actors (a JSON list) and at most so many, or all"
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
where
    ($before is null or number < $before)
    -- a user of the machine may have the name of an account, and is none
    and ($actors is null or (role <> 'console' and actor in (select value from json_each($actors))))
order by number desc
limit coalesce($most, -1)
