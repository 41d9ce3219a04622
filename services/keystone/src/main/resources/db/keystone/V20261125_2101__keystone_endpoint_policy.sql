-- What the policy is for: an endpoint, a service, or a service in a region; '' stands for what is not named.
create table keystone_policy_association (
  endpoint_id varchar(64) not null,
  service_id varchar(64) not null,
  region_id varchar(255) not null,
  policy_id varchar(64) not null,
  primary key (endpoint_id, service_id, region_id)
);
create index keystone_policy_association_policy on keystone_policy_association (policy_id);
