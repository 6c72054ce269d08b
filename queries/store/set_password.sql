/* +++
answers = "Changes the password of an account"
+++ */
update accounts
set password = $password, must_change = $must_change, password_at = $at
where name = $name
