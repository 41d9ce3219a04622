-- A domain is a project that acts as one: it has no domain ('') and no parent.
create table keystone_project (
  id varchar(64) not null primary key,
  name varchar(64) not null,
  domain_id varchar(64) not null,
  parent_id varchar(64),
  is_domain boolean not null,
  enabled boolean not null,
  description ${longtext},
  options ${longtext} not null,
  extra ${longtext} not null
);
create unique index keystone_project_name on keystone_project (domain_id, name);
create index keystone_project_parent on keystone_project (parent_id);

create table keystone_project_tag (
  project_id varchar(64) not null,
  name varchar(255) not null,
  primary key (project_id, name)
);
