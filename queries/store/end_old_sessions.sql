/* +++
answers = "Removes what began so long ago that no role may still use it"
+++ */
delete from sessions
where made_at < $before
