/* +++
answers = "Changes what an account is allowed"
+++ */
update accounts
set role = $role, regions = $regions, department = $department
where name = $name
