create table keystone_role (
  id varchar(64) not null primary key,
  name varchar(255) not null,
  domain_id varchar(64) not null,
  description text,
  options text not null,
  extra text not null
);
create unique index keystone_role_name on keystone_role (domain_id, name);

create table keystone_implied_role (
  prior_role_id varchar(64) not null,
  implied_role_id varchar(64) not null,
  primary key (prior_role_id, implied_role_id)
);

create table keystone_group (
  id varchar(64) not null primary key,
  domain_id varchar(64) not null,
  name varchar(255) not null,
  description text not null,
  extra text not null
);
create unique index keystone_group_name on keystone_group (domain_id, name);

create table keystone_group_member (
  group_id varchar(64) not null,
  user_id varchar(64) not null,
  primary key (group_id, user_id)
);
create index keystone_group_member_user on keystone_group_member (user_id);

create table keystone_credential (
  id varchar(64) not null primary key,
  user_id varchar(64) not null,
  project_id varchar(64),
  type varchar(255) not null,
  encrypted_blob text not null,
  extra text not null
);
create index keystone_credential_user on keystone_credential (user_id);

create table keystone_policy (
  id varchar(64) not null primary key,
  type varchar(255) not null,
  content text not null,
  extra text not null
);
