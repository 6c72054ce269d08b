/* +++
answers = "Ends the sessions of an account, but for the one that it is told to keep"
+++ */
delete from sessions
where name = $name and token <> $kept
