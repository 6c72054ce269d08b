/* +++
answers = "Forgets what failed long ago"
+++ */
delete from attempts
where last_at < $before
