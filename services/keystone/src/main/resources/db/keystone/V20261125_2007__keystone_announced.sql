create table keystone_announced (
  controller varchar(255) not null,
  service_id varchar(64) not null,
  region_id varchar(255) not null,
  url ${longtext} not null,
  primary key (controller, service_id, region_id)
);
