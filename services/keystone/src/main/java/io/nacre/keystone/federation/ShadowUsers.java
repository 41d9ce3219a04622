package io.nacre.keystone.federation;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.keystone.assignment.AssignmentStore;
import io.nacre.keystone.assignment.Grant;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.group.ExpiringMembershipStore;
import io.nacre.keystone.group.Group;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.identityprovider.IdentityProvider;
import io.nacre.keystone.mapping.rule.Mapped;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.user.FederatedUserStore;
import io.nacre.keystone.user.User;
import io.nacre.keystone.user.UserStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The users that stand here for those whom identity providers vouch for, with the projects that come with them. */
public final class ShadowUsers {
    private static final int LONGEST = 255;

    private final Stores stores;
    private final Revocations revocations;
    private final Ids ids;
    private final InstantSource clock;

    /** Where users, and what they get, are kept. */
    public record Stores(
            FederatedUserStore federated,
            UserStore users,
            GroupStore groups,
            ExpiringMembershipStore memberships,
            ProjectStore projects,
            RoleStore roles,
            AssignmentStore grants) {}

    /** Somebody, and the groups that the provider's words put them in. */
    record Shadow(String userId, List<String> groupIds) {}

    public ShadowUsers(Stores stores, Revocations revocations, Ids ids, InstantSource clock) {
        this.stores = stores;
        this.revocations = revocations;
        this.ids = ids;
        this.clock = clock;
    }

    /** A user who is kept here. */
    String local(Tx tx, Mapped.User mapped) {
        Optional<User> found = mapped.id() != null
                ? stores.users().find(tx, mapped.id())
                : mapped.name() == null || mapped.domain() == null
                        ? Optional.empty()
                        : stores.users().findByName(tx, domain(tx, mapped.domain()), mapped.name());
        return found.filter(User::enabled).map(User::id).orElseThrow(Authorizations::denied);
    }

    /** @param remoteUser who it is when the mapping does not say */
    Shadow of(Tx tx, IdentityProvider provider, String protocolId, Mapped mapped, @Nullable String remoteUser) {
        Mapped.User user = mapped.user();
        String name = user.name() != null ? user.name() : user.id() != null ? user.id() : remoteUser;
        if (name == null) {
            throw Authorizations.denied();
        }
        String uniqueId = quoted(user.id() == null ? name : user.id());
        if (name.length() > LONGEST || uniqueId.length() > LONGEST) {
            throw Authorizations.denied();
        }
        String domainId = user.domain() == null ? provider.domainId() : domain(tx, user.domain());
        List<String> groupIds = groups(tx, mapped);
        FederatedUserStore.Subject subject = new FederatedUserStore.Subject(provider.id(), protocolId, uniqueId);
        Optional<User> known = stores.federated()
                .find(tx, subject)
                .flatMap(id -> stores.users().find(tx, id));
        String userId = known.map(User::id).orElseGet(ids::hex);
        String free = free(tx, domainId, name, userId, subject);
        if (known.isEmpty()) {
            stores.users().create(tx, user(userId, free, domainId, user.email()));
            stores.federated().create(tx, subject, userId);
        } else {
            follow(tx, known.get(), free, user.email());
        }
        provide(tx, provider, userId, domainId, mapped.projects());
        if (stores.memberships().verified(tx, provider, userId, groupIds)) {
            revocations.changed(tx);
        }
        return new Shadow(userId, groupIds);
    }

    /** As the original spells identifiers of such users. */
    private static String quoted(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("%7E", "~")
                .replace("*", "%2A");
    }

    /** No two users of a domain have one name: who comes second is told apart by where they come from. */
    private String free(Tx tx, String domainId, String name, String userId, FederatedUserStore.Subject subject) {
        boolean taken = stores.users()
                .findByName(tx, domainId, name)
                .filter(other -> !other.id().equals(userId))
                .isPresent();
        if (!taken) {
            return name;
        }
        String longer =
                name + " (" + subject.providerId() + " " + subject.protocolId() + " " + subject.uniqueId() + ")";
        if (longer.length() > LONGEST) {
            throw Authorizations.denied(new IllegalArgumentException("too long a name: " + longer));
        }
        return longer;
    }

    private User user(String id, String name, String domainId, @Nullable String email) {
        return new User(
                id,
                name,
                domainId,
                true,
                null,
                null,
                clock.instant(),
                today(),
                Map.of(),
                email == null ? Map.of() : Map.of("email", email));
    }

    /** What the provider calls somebody may change. */
    private void follow(Tx tx, User known, String name, @Nullable String email) {
        if (!known.enabled()) {
            throw Authorizations.denied();
        }
        Map<String, @Nullable Object> extra = new LinkedHashMap<>(known.extra());
        if (email != null) {
            extra.put("email", email);
        }
        User next = new User(
                known.id(),
                name,
                known.domainId(),
                true,
                known.defaultProjectId(),
                known.password(),
                known.createdAt(),
                today(),
                known.options(),
                extra);
        if (!next.equals(known)) {
            stores.users().update(tx, next);
        }
        if (!name.equals(known.name()) || !extra.equals(known.extra())) {
            revocations.changed(tx);
        }
    }

    private Instant today() {
        return clock.instant().truncatedTo(ChronoUnit.DAYS);
    }

    private String domain(Tx tx, Mapped.Domain domain) {
        Optional<Project> found = domain.id() != null
                ? stores.projects().find(tx, domain.id()).filter(Project::isDomain)
                : stores.projects().findDomainByName(tx, String.valueOf(domain.name()));
        return found.map(Project::id)
                .orElseThrow(() -> Fault.notFound(
                        "Could not find domain: " + (domain.id() != null ? domain.id() : domain.name()) + "."));
    }

    /** A group by identifier must be there; one by name counts only if it is. */
    private List<String> groups(Tx tx, Mapped mapped) {
        Set<String> found = new LinkedHashSet<>();
        for (String id : mapped.groupIds()) {
            found.add(stores.groups()
                    .find(tx, id)
                    .map(Group::id)
                    .orElseThrow(() ->
                            Authorizations.denied(new IllegalArgumentException("no group has the identifier " + id))));
        }
        for (Mapped.Group group : mapped.groups()) {
            stores.groups()
                    .list(
                            tx,
                            List.of(
                                    Filter.equal("name", group.name()),
                                    Filter.equal("domain_id", domain(tx, group.domain()))))
                    .forEach(one -> found.add(one.id()));
        }
        return List.copyOf(found);
    }

    private void provide(
            Tx tx, IdentityProvider provider, String userId, String userDomain, List<Mapped.Project> projects) {
        boolean changed = false;
        for (Mapped.Project wanted : projects) {
            List<Role> granted = wanted.roles().stream()
                    .map(role -> role(tx, role, userDomain, provider.id()))
                    .toList();
            String domainId = wanted.domain() == null ? provider.domainId() : domain(tx, wanted.domain());
            String projectId = project(tx, wanted.name(), domainId);
            for (Role role : granted) {
                Grant grant = Grant.ofUser(userId, Target.PROJECT, projectId, role.id());
                changed |= !stores.grants().exists(tx, grant);
                stores.grants().create(tx, grant);
            }
        }
        if (changed) {
            revocations.changed(tx);
        }
    }

    private Role role(Tx tx, String name, String userDomain, String providerId) {
        Optional<Role> found = stores.roles()
                .findByName(tx, name)
                .or(() -> stores.roles().list(tx, userDomain, List.of(Filter.equal("name", name))).stream()
                        .findFirst());
        return found.orElseThrow(() -> Fault.notFound("Could not find role: " + name + ", or it is not in the domain of"
                + " the identity provider " + providerId + "."));
    }

    private String project(Tx tx, String name, String domainId) {
        return stores.projects().findByName(tx, domainId, name).map(Project::id).orElseGet(() -> {
            if (name.isBlank() || name.length() > 64) {
                throw Authorizations.denied(new IllegalArgumentException("no project can be called " + name));
            }
            Project project =
                    new Project(ids.hex(), name, domainId, domainId, false, true, "", List.of(), Map.of(), Map.of());
            stores.projects().create(tx, project);
            return project.id();
        });
    }
}
