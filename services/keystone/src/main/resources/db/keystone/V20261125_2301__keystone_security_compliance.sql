alter table keystone_user add column password_created_at bigint;
alter table keystone_user add column password_self_service boolean;
alter table keystone_user add column last_active_at bigint;
update keystone_user set password_created_at = created_at, password_self_service = false
  where password_hash is not null;

-- Earlier passwords, the highest number being the latest.
create table keystone_password_history (
  user_id varchar(64) not null,
  number integer not null,
  password_hash varchar(255) not null,
  primary key (user_id, number)
);

-- '' stands for whoever does not exist or is locked.
create table keystone_failed_login (
  user_id varchar(64) not null primary key,
  attempts integer not null,
  failed_at bigint not null
);
