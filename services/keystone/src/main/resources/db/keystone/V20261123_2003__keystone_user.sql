create table keystone_user (
  id varchar(64) not null primary key,
  name varchar(255) not null,
  domain_id varchar(64) not null,
  enabled boolean not null,
  default_project_id varchar(64),
  password_hash varchar(255),
  password_expires_at bigint,
  created_at bigint not null,
  options ${longtext} not null,
  extra ${longtext} not null
);
create unique index keystone_user_name on keystone_user (domain_id, name);
create index keystone_user_default_project on keystone_user (default_project_id);

create table keystone_group (
  id varchar(64) not null primary key,
  name varchar(255) not null,
  domain_id varchar(64) not null,
  description ${longtext},
  extra ${longtext} not null
);
create unique index keystone_group_name on keystone_group (domain_id, name);

create table keystone_membership (
  group_id varchar(64) not null,
  user_id varchar(64) not null,
  primary key (group_id, user_id)
);
create index keystone_membership_user on keystone_membership (user_id);
