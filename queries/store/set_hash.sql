/* +++
answers = "Keeps the same password hashed anew, as costly as it is done now"
+++ */
update accounts
set password = $password
where name = $name
