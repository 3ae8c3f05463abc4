/** Who was ever in a household: its name may tell of her, so it goes when she is erased, also where she left it long ago. */
export const householdPeople = {
  id: 6,
  name: 'household people',
  sql: `
create table household_people (
  workspace_id text not null,
  holder_id text not null,
  household_id text not null,
  primary key (workspace_id, holder_id, household_id)
);
insert into household_people (workspace_id, holder_id, household_id)
  select workspace_id, holder_id, household_id from programme_members where household_id is not null;
`,
}
