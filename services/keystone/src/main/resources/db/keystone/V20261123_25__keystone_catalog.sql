create table keystone_region (
  id varchar(255) not null primary key,
  description text not null,
  parent_region_id varchar(255),
  extra text not null
);
create index keystone_region_parent on keystone_region (parent_region_id);

create table keystone_service (
  id varchar(64) not null primary key,
  type varchar(255) not null,
  name varchar(255),
  description text,
  enabled boolean not null,
  extra text not null
);

create table keystone_endpoint (
  id varchar(64) not null primary key,
  service_id varchar(64) not null,
  region_id varchar(255),
  interface varchar(8) not null,
  url text not null,
  enabled boolean not null,
  extra text not null
);
create index keystone_endpoint_service on keystone_endpoint (service_id);
create index keystone_endpoint_region on keystone_endpoint (region_id);
