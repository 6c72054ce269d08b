/* +++
answers = "Nobody can delete what was recorded, not even by hand"
+++ */
create trigger replies_without_delete before delete on replies
begin
    select raise(abort, 'what was recorded stays as it is');
end
