create table nova_number (
  name varchar(32) not null primary key,
  value bigint not null
);
insert into nova_number (name, value) values ('server', 0);

create table nova_flavor (
  id varchar(255) not null primary key,
  number bigint not null,
  name varchar(255) not null,
  ram_mib integer not null,
  vcpus integer not null,
  disk_gib integer not null,
  ephemeral_gib integer not null,
  swap_mib integer not null,
  rxtx_factor double precision not null,
  is_public boolean not null,
  description ${longtext},
  extra_specs ${longtext} not null,
  created_at bigint not null,
  updated_at bigint
);
create unique index nova_flavor_name on nova_flavor (name);
insert into nova_number (name, value) values ('flavor', 0);

create table nova_flavor_access (
  flavor_id varchar(255) not null,
  project_id varchar(64) not null,
  primary key (flavor_id, project_id)
);

create table nova_keypair (
  user_id varchar(64) not null,
  name varchar(255) not null,
  number bigint not null,
  type varchar(8) not null,
  fingerprint varchar(128) not null,
  public_key ${longtext} not null,
  created_at bigint not null,
  primary key (user_id, name)
);
insert into nova_number (name, value) values ('keypair', 0);

create table nova_host (
  id varchar(36) not null primary key,
  number bigint not null,
  host varchar(255) not null,
  service_id varchar(36) not null,
  hypervisor_hostname varchar(255) not null,
  report ${longtext} not null,
  disabled boolean not null,
  disabled_reason varchar(255),
  forced_down boolean not null,
  stopped boolean not null,
  started_at bigint not null,
  seen_at bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index nova_host_host on nova_host (host);
insert into nova_number (name, value) values ('host', 0);

create table nova_server (
  id varchar(36) not null primary key,
  number bigint not null,
  generation bigint not null,
  project_id varchar(64) not null,
  user_id varchar(64) not null,
  name varchar(255) not null,
  description ${longtext},
  hostname varchar(255) not null,
  vm_state varchar(20) not null,
  task_state varchar(40),
  power_state varchar(12) not null,
  host varchar(255),
  node varchar(255),
  zone varchar(255),
  pinned_zone varchar(255),
  image_id varchar(36),
  image_properties ${longtext} not null,
  flavor_id varchar(255) not null,
  flavor ${longtext} not null,
  vcpus integer not null,
  ram_mib integer not null,
  disk_gib integer not null,
  key_name varchar(255),
  public_key ${longtext},
  user_data ${longtext},
  config_drive boolean not null,
  hints ${longtext} not null,
  auto_disk_config boolean not null,
  access_ip_v4 varchar(39),
  access_ip_v6 varchar(39),
  reservation_id varchar(20) not null,
  launch_index integer not null,
  locked_by varchar(8),
  locked_reason varchar(255),
  metadata ${longtext} not null,
  fault ${longtext},
  created_at bigint not null,
  updated_at bigint not null,
  launched_at bigint,
  terminated_at bigint,
  deleted_at bigint
);
create index nova_server_project on nova_server (project_id, deleted_at, created_at);
create index nova_server_host on nova_server (host, deleted_at);
create index nova_server_updated on nova_server (updated_at);
create index nova_server_task on nova_server (task_state);

create table nova_server_tag (
  server_id varchar(36) not null,
  tag varchar(60) not null,
  primary key (server_id, tag)
);
