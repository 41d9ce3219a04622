create table neutron_router (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  name varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  admin_state_up boolean not null,
  gateway_network varchar(36),
  gateway_port varchar(36),
  enable_snat boolean not null,
  routes text not null,
  zone_hints text not null,
  host varchar(255) not null
);
create index neutron_router_project on neutron_router (project_id);
create index neutron_router_gateway on neutron_router (gateway_network);
create index neutron_router_host on neutron_router (host);

create table neutron_floatingip (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  network_id varchar(36) not null,
  address varchar(45) not null,
  floating_port_id varchar(36) not null,
  status varchar(16) not null,
  port_id varchar(36),
  fixed_address varchar(45),
  router_id varchar(36),
  dns_name varchar(255) not null,
  dns_domain varchar(255) not null
);
create index neutron_floatingip_project on neutron_floatingip (project_id);
create unique index neutron_floatingip_address on neutron_floatingip (network_id, address);
create unique index neutron_floatingip_fixed on neutron_floatingip (network_id, port_id, fixed_address);
create index neutron_floatingip_port on neutron_floatingip (port_id);
create index neutron_floatingip_router on neutron_floatingip (router_id);

create table neutron_subnetpool (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  name varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  ip_version integer not null,
  prefixes text not null,
  min_prefixlen integer not null,
  max_prefixlen integer not null,
  default_prefixlen integer not null,
  default_quota integer,
  shared boolean not null,
  is_default boolean not null,
  address_scope_id varchar(36)
);
create index neutron_subnetpool_project on neutron_subnetpool (project_id);
