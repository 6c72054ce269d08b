/* +++
answers = "The file has the tables of version 1"
+++ */
pragma user_version = 1
