-- Groups that an identity provider put a user in, and when it last said so. The provider tells for how long that is good.
create table keystone_expiring_membership (
  user_id varchar(64) not null,
  group_id varchar(64) not null,
  identity_provider_id varchar(64) not null,
  last_verified bigint not null,
  primary key (user_id, group_id, identity_provider_id)
);
create index keystone_expiring_membership_group on keystone_expiring_membership (group_id);
create index keystone_expiring_membership_provider on keystone_expiring_membership (identity_provider_id);
