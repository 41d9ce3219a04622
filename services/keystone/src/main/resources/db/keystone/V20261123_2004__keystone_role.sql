-- A role of no domain ('') is for all of them.
create table keystone_role (
  id varchar(64) not null primary key,
  name varchar(255) not null,
  domain_id varchar(64) not null,
  description ${longtext},
  options ${longtext} not null,
  extra ${longtext} not null
);
create unique index keystone_role_name on keystone_role (domain_id, name);

create table keystone_implied_role (
  prior_role_id varchar(64) not null,
  implied_role_id varchar(64) not null,
  primary key (prior_role_id, implied_role_id)
);

create table keystone_assignment (
  actor_kind varchar(8) not null,
  actor_id varchar(64) not null,
  target_kind varchar(8) not null,
  target_id varchar(64) not null,
  role_id varchar(64) not null,
  inherited boolean not null,
  primary key (actor_kind, actor_id, target_kind, target_id, role_id, inherited)
);
create index keystone_assignment_target on keystone_assignment (target_kind, target_id);
create index keystone_assignment_role on keystone_assignment (role_id);
