/* +++
answers = "on how many cores at once the build may work"
+++ */
select current_setting('threads')::int as threads
