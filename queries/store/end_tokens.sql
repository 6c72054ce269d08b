/* +++
answers = "Ends what scripts ask by for an account"
+++ */
delete from sessions
where name = $name and how = 'token'
