/* +++
answers = "The last number of each list of what was recorded about flags and quarters: nothing of them is ever changed"
+++ */
select name, seq
from sqlite_sequence
where name in ('events', 'replies', 'notes')
order by name
