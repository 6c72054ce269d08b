/* +++
answers = "Ends one session"
+++ */
delete from sessions
where token = $token
