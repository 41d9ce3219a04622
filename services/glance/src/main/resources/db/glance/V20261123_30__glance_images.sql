create table glance_image (
  id varchar(36) not null primary key,
  generation bigint not null,
  status varchar(20) not null,
  visibility varchar(20) not null,
  owner varchar(255),
  name varchar(255),
  disk_format varchar(20),
  container_format varchar(20),
  min_disk integer not null,
  min_ram integer not null,
  protected boolean not null,
  os_hidden boolean not null,
  size bigint,
  virtual_size bigint,
  checksum varchar(32),
  os_hash_algo varchar(64),
  os_hash_value varchar(128),
  created_at bigint not null,
  updated_at bigint not null,
  deleted_at bigint
);
create index glance_image_owner on glance_image (owner);
create index glance_image_created on glance_image (created_at, id);

create table glance_image_property (
  image_id varchar(36) not null,
  name varchar(255) not null,
  value text not null,
  primary key (image_id, name)
);

create table glance_image_tag (
  image_id varchar(36) not null,
  tag varchar(255) not null,
  primary key (image_id, tag)
);

create table glance_image_member (
  image_id varchar(36) not null,
  member varchar(255) not null,
  status varchar(20) not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (image_id, member)
);
create index glance_image_member_member on glance_image_member (member);

create table glance_location (
  data_key varchar(36) not null primary key,
  image_id varchar(36) not null,
  store varchar(64) not null,
  status varchar(20) not null,
  touched_at bigint not null
);
create index glance_location_image on glance_location (image_id);
create index glance_location_status on glance_location (status);
