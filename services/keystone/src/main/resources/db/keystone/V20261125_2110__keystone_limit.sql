-- '' stands for no region, and for no project or no domain.
create table keystone_registered_limit (
  id varchar(64) not null primary key,
  service_id varchar(64) not null,
  region_id varchar(255) not null,
  resource_name varchar(255) not null,
  default_limit integer not null,
  description ${longtext}
);
create unique index keystone_registered_limit_resource
  on keystone_registered_limit (service_id, region_id, resource_name);

create table keystone_limit (
  id varchar(64) not null primary key,
  service_id varchar(64) not null,
  region_id varchar(255) not null,
  resource_name varchar(255) not null,
  project_id varchar(64) not null,
  domain_id varchar(64) not null,
  resource_limit integer not null,
  description ${longtext}
);
create unique index keystone_limit_resource
  on keystone_limit (service_id, region_id, resource_name, project_id, domain_id);
create index keystone_limit_project on keystone_limit (project_id);
create index keystone_limit_domain on keystone_limit (domain_id);
