package io.nacre.keystone;

import io.nacre.base.Ids;
import io.nacre.keystone.applicationcredential.ApplicationCredentialStore;
import io.nacre.keystone.assignment.AssignmentStore;
import io.nacre.keystone.credential.CredentialStore;
import io.nacre.keystone.directory.IdMappingStore;
import io.nacre.keystone.domainconfig.DomainConfigStore;
import io.nacre.keystone.endpoint.AnnouncedStore;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.endpointfilter.EndpointGroupStore;
import io.nacre.keystone.endpointfilter.ProjectAssociationStore;
import io.nacre.keystone.endpointpolicy.PolicyAssociationStore;
import io.nacre.keystone.fernet.KeyRepository;
import io.nacre.keystone.fernet.Sealing;
import io.nacre.keystone.group.ExpiringMembershipStore;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.identityprovider.IdentityProviderStore;
import io.nacre.keystone.identityprovider.ProtocolStore;
import io.nacre.keystone.limit.LimitStore;
import io.nacre.keystone.limit.RegisteredLimitStore;
import io.nacre.keystone.mapping.MappingStore;
import io.nacre.keystone.oauth.ConsumerStore;
import io.nacre.keystone.oauth.OAuthTokenStore;
import io.nacre.keystone.policydocument.PolicyDocumentStore;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.region.RegionStore;
import io.nacre.keystone.revocation.RevocationStore;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.service.ServiceStore;
import io.nacre.keystone.serviceprovider.ServiceProviderStore;
import io.nacre.keystone.trust.TrustStore;
import io.nacre.keystone.user.FailedLoginStore;
import io.nacre.keystone.user.FederatedUserStore;
import io.nacre.keystone.user.PasswordHistoryStore;
import io.nacre.keystone.user.UserStore;
import java.time.InstantSource;

/** The tables of the identity service. */
final class Stores {
    final ProjectStore projects = new ProjectStore();
    final UserStore users;
    final FailedLoginStore failures = new FailedLoginStore();
    final PasswordHistoryStore history = new PasswordHistoryStore();
    final ExpiringMembershipStore expiring;
    final GroupStore groups;
    final RoleStore roles = new RoleStore();
    final AssignmentStore grants = new AssignmentStore();
    final RegionStore regions = new RegionStore();
    final ServiceStore services = new ServiceStore();
    final EndpointStore endpoints = new EndpointStore();
    final AnnouncedStore announced = new AnnouncedStore();
    final PolicyDocumentStore documents = new PolicyDocumentStore();
    final PolicyAssociationStore policyAssociations = new PolicyAssociationStore();
    final EndpointGroupStore endpointGroups = new EndpointGroupStore();
    final ProjectAssociationStore endpointProjects = ProjectAssociationStore.ofEndpoints();
    final ProjectAssociationStore groupProjects = ProjectAssociationStore.ofGroups();
    final RegisteredLimitStore registeredLimits = new RegisteredLimitStore();
    final LimitStore limits = new LimitStore();
    final IdentityProviderStore identityProviders = new IdentityProviderStore();
    final ProtocolStore protocols = new ProtocolStore();
    final FederatedUserStore federatedUsers = new FederatedUserStore();
    final MappingStore mappings = new MappingStore();
    final ServiceProviderStore serviceProviders = new ServiceProviderStore();
    final ApplicationCredentialStore applicationCredentials = new ApplicationCredentialStore();
    final RevocationStore revocations = new RevocationStore();
    final IdMappingStore idMappings = new IdMappingStore();
    final DomainConfigStore domainConfigs;
    final TrustStore trusts;
    final Sealing sealing;
    final CredentialStore credentials;
    final ConsumerStore consumers;
    final OAuthTokenStore oauthTokens;

    Stores(KeystoneConfig config, Ids ids, InstantSource clock) {
        users = new UserStore(config.securityCompliance().disableUserAccountDaysInactive(), clock);
        expiring = new ExpiringMembershipStore(config.federation().defaultAuthorizationTtl(), clock);
        groups = new GroupStore(expiring);
        trusts = new TrustStore(clock);
        KeyRepository keys = new KeyRepository(config.credentialKeys(), 3, ids.random(), clock);
        sealing = new Sealing(keys, ids.random(), clock);
        credentials = new CredentialStore(sealing);
        consumers = new ConsumerStore(sealing);
        oauthTokens = new OAuthTokenStore(sealing, clock);
        domainConfigs = new DomainConfigStore(sealing);
    }
}
