create table neutron_tag (
  resource_id varchar(36) not null,
  tag varchar(255) not null,
  primary key (resource_id, tag)
);

create table neutron_network (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  name varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  admin_state_up boolean not null,
  mtu integer not null,
  external boolean not null,
  is_default boolean not null,
  port_security_enabled boolean not null,
  network_type varchar(32) not null,
  physical_network varchar(64),
  segmentation_id integer,
  dns_domain varchar(255) not null,
  zone_hints text not null
);
create index neutron_network_project on neutron_network (project_id);

create table neutron_segment (
  network_type varchar(32) not null,
  physical_network varchar(64) not null,
  segmentation_id integer not null,
  network_id varchar(36) not null,
  primary key (network_type, physical_network, segmentation_id)
);
create index neutron_segment_network on neutron_segment (network_id);

create table neutron_rbac (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  object_type varchar(32) not null,
  object_id varchar(36) not null,
  action varchar(32) not null,
  target_project varchar(255) not null
);
create unique index neutron_rbac_object on neutron_rbac (object_id, action, target_project);
create index neutron_rbac_target on neutron_rbac (target_project);

create table neutron_subnet (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  network_id varchar(36) not null,
  name varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  ip_version integer not null,
  cidr varchar(64) not null,
  gateway_ip varchar(64),
  enable_dhcp boolean not null,
  pools text not null,
  dns_nameservers text not null,
  host_routes text not null,
  ipv6_ra_mode varchar(32),
  ipv6_address_mode varchar(32),
  subnetpool_id varchar(36),
  service_types text not null,
  dns_publish_fixed_ip boolean not null
);
create index neutron_subnet_project on neutron_subnet (project_id);
create index neutron_subnet_network on neutron_subnet (network_id);
create index neutron_subnet_pool on neutron_subnet (subnetpool_id);

create table neutron_port (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  network_id varchar(36) not null,
  name varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  mac_address varchar(17) not null,
  admin_state_up boolean not null,
  status varchar(16) not null,
  device_id varchar(255) not null,
  device_owner varchar(255) not null,
  made_for_device boolean not null,
  device_tag varchar(255),
  attached_at bigint not null,
  host varchar(255) not null,
  vnic_type varchar(64) not null,
  vif_type varchar(64) not null,
  vif_details text not null,
  profile text not null,
  port_security_enabled boolean not null,
  address_pairs text not null,
  dhcp_options text not null,
  dns_name varchar(255) not null,
  dns_domain varchar(255) not null
);
create index neutron_port_project on neutron_port (project_id);
create unique index neutron_port_mac on neutron_port (network_id, mac_address);
create index neutron_port_device on neutron_port (device_id);
create index neutron_port_host on neutron_port (host, network_id);

create table neutron_fixed_ip (
  network_id varchar(36) not null,
  address varchar(45) not null,
  subnet_id varchar(36) not null,
  port_id varchar(36) not null,
  ordinal integer not null,
  primary key (network_id, address)
);
create index neutron_fixed_ip_port on neutron_fixed_ip (port_id);
create index neutron_fixed_ip_subnet on neutron_fixed_ip (subnet_id);

create table neutron_port_group (
  port_id varchar(36) not null,
  group_id varchar(36) not null,
  primary key (port_id, group_id)
);
create index neutron_port_group_group on neutron_port_group (group_id);

create table neutron_security_group (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  name varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  stateful boolean not null
);
create index neutron_security_group_project on neutron_security_group (project_id);

create table neutron_default_group (
  project_id varchar(255) not null primary key,
  group_id varchar(36) not null
);

create table neutron_security_rule (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  group_id varchar(36) not null,
  direction varchar(8) not null,
  ethertype varchar(8) not null,
  protocol varchar(40),
  port_min integer,
  port_max integer,
  remote_prefix varchar(64),
  remote_group_id varchar(36)
);
create index neutron_security_rule_project on neutron_security_rule (project_id);
create index neutron_security_rule_group on neutron_security_rule (group_id);
create index neutron_security_rule_remote on neutron_security_rule (remote_group_id);

create table neutron_dhcp (
  network_id varchar(36) not null primary key,
  host varchar(255) not null,
  port_id varchar(36)
);
create index neutron_dhcp_host on neutron_dhcp (host);

create table neutron_deployment (
  host varchar(255) not null,
  kind varchar(16) not null,
  object_id varchar(36) not null,
  wanted boolean not null,
  generation bigint not null,
  applied bigint not null,
  attempts integer not null,
  next_at bigint not null,
  primary key (host, kind, object_id)
);
create index neutron_deployment_object on neutron_deployment (object_id);

create table neutron_agent (
  id varchar(36) not null primary key,
  project_id varchar(255) not null,
  description varchar(255) not null,
  revision_number bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  host varchar(255) not null,
  agent_type varchar(64) not null,
  program varchar(64) not null,
  topic varchar(64) not null,
  admin_state_up boolean not null,
  started_at bigint not null,
  heartbeat_at bigint not null,
  configurations text not null
);
create unique index neutron_agent_host on neutron_agent (host, agent_type);
