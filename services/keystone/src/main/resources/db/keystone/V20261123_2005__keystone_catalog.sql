create table keystone_region (
  id varchar(255) not null primary key,
  parent_region_id varchar(255),
  description ${longtext} not null,
  extra ${longtext} not null
);

create table keystone_service (
  id varchar(64) not null primary key,
  type varchar(255) not null,
  name varchar(255),
  enabled boolean not null,
  extra ${longtext} not null
);

create table keystone_endpoint (
  id varchar(64) not null primary key,
  service_id varchar(64) not null,
  interface varchar(8) not null,
  region_id varchar(255),
  url ${longtext} not null,
  enabled boolean not null,
  extra ${longtext} not null
);
create index keystone_endpoint_service on keystone_endpoint (service_id);
create index keystone_endpoint_region on keystone_endpoint (region_id);
