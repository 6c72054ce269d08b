/* +++
answers = "Keeps when an account was used last"
+++ */
update accounts
set signed_in_at = $at
where name = $name
