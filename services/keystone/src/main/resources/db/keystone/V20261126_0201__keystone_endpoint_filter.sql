create table keystone_endpoint_group (
  id varchar(64) not null primary key,
  name varchar(255) not null,
  description ${longtext},
  filters ${longtext} not null
);

-- What the catalogs of a project are made of: these endpoints, and those that these groups describe.
create table keystone_project_endpoint (
  endpoint_id varchar(64) not null,
  project_id varchar(64) not null,
  primary key (endpoint_id, project_id)
);
create index keystone_project_endpoint_project on keystone_project_endpoint (project_id);

create table keystone_project_endpoint_group (
  endpoint_group_id varchar(64) not null,
  project_id varchar(64) not null,
  primary key (endpoint_group_id, project_id)
);
create index keystone_project_endpoint_group_project on keystone_project_endpoint_group (project_id);
