/* +++
answers = "Forgets failed attempts"
+++ */
delete from attempts
where key = $key
