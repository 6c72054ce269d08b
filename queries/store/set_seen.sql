/* +++
answers = "Keeps when a session was used last"
+++ */
update sessions
set seen_at = $at
where token = $token
