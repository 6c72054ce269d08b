/* +++
answers = "Ends the sessions of an account"
+++ */
delete from sessions
where name = $name
