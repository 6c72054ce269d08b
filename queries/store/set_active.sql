/* +++
answers = "Disables or enables an account"
+++ */
update accounts
set active = $active
where name = $name
