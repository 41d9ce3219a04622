create table placement_resource_class (
  name varchar(255) not null primary key,
  created_at bigint not null
);

create table placement_inventory (
  provider_id varchar(36) not null,
  resource_class varchar(255) not null,
  total bigint not null,
  reserved bigint not null,
  min_unit bigint not null,
  max_unit bigint not null,
  step_size bigint not null,
  allocation_ratio double precision not null,
  primary key (provider_id, resource_class)
);

create table placement_provider_aggregate (
  provider_id varchar(36) not null,
  aggregate_id varchar(36) not null,
  primary key (provider_id, aggregate_id)
);
create index placement_provider_aggregate_aggregate on placement_provider_aggregate (aggregate_id);

create table placement_consumer (
  id varchar(36) not null primary key,
  generation bigint not null,
  project_id varchar(255) not null,
  user_id varchar(255) not null,
  consumer_type varchar(255) not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index placement_consumer_project on placement_consumer (project_id, user_id);

create table placement_allocation (
  consumer_id varchar(36) not null,
  provider_id varchar(36) not null,
  resource_class varchar(255) not null,
  used bigint not null,
  primary key (consumer_id, provider_id, resource_class)
);
create index placement_allocation_provider on placement_allocation (provider_id, resource_class);
