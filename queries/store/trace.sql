/* +++
answers = "The whole trace, oldest first"
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
order by number
