/* +++
answers = "From version 2 on each step keeps how grave the flag was in its last quarter; of older ones nobody knows"
+++ */
alter table events add column level text not null default '' check (level in ('', 'watch', 'alert'))
