package io.nacre.keystone;

import io.nacre.base.Tx;
import io.nacre.keystone.assignment.Grant;
import io.nacre.keystone.assignment.Grant.Actor;
import io.nacre.keystone.assignment.Grant.Target;
import io.nacre.keystone.auth.ServiceTokens;
import io.nacre.keystone.endpoint.Endpoint;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.region.Region;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.service.CatalogService;
import io.nacre.keystone.user.User;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what a cloud needs before anybody can log in, as keystone-manage bootstrap does: the default domain, the roles
 * and what they imply, the administrator with a project and the deployment itself, Nacre's own service user, and the
 * catalog. Once more it makes what is missing; it changes nothing that an operator may have changed, the administrator's
 * password included. An endpoint follows the settings when they change: a controller whose settings say the same as at
 * its last start leaves it alone, so that controllers whose settings differ do not overrule each other with every start.
 */
final class Bootstrap {
    private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
    private static final String ADMIN = "admin";

    /** Each implies the next. */
    private static final List<String> ROLES = List.of(ADMIN, "manager", "member", "reader");

    private static final String SERVICE_ROLE = "service";

    private final Parts of;

    Bootstrap(Parts of) {
        this.of = of;
    }

    void run(String adminPassword, String servicePassword, Keystone.Site site) {
        boolean first = of.transactions
                .read(tx -> of.stores.users.findByName(tx, Scopes.DEFAULT_DOMAIN, ADMIN))
                .isEmpty();
        // Half a second of work that every start but the first can spare.
        String adminHash = first ? of.passwords.hash(adminPassword) : null;
        String serviceHash = first ? of.passwords.hash(servicePassword) : null;
        of.transactions.run(tx -> {
            domain(tx);
            Map<String, String> roles = roles(tx);
            String adminProject = project(tx, ADMIN, "The administrator's project");
            String serviceProject = project(tx, ServiceTokens.PROJECT, "The services' own project");
            String admin = user(tx, ADMIN, adminHash, Set.of());
            String nacre = user(tx, ServiceTokens.USER, serviceHash, User.EXEMPTIONS);
            String adminRole = String.valueOf(roles.get(ADMIN));
            of.stores.grants.create(tx, Grant.ofUser(admin, Target.PROJECT, adminProject, adminRole));
            of.stores.grants.create(tx, Grant.onSystem(Actor.USER, admin, adminRole));
            // Services read what belongs to others, such as private images, which takes more than the service role.
            for (String role : List.of(ADMIN, SERVICE_ROLE)) {
                of.stores.grants.create(
                        tx, Grant.ofUser(nacre, Target.PROJECT, serviceProject, String.valueOf(roles.get(role))));
            }
            catalog(tx, site);
            of.revocations.changed(tx);
        });
    }

    private void domain(Tx tx) {
        if (of.stores.projects.find(tx, Scopes.DEFAULT_DOMAIN).isEmpty()) {
            of.stores.projects.create(
                    tx,
                    new Project(
                            Scopes.DEFAULT_DOMAIN,
                            "Default",
                            null,
                            null,
                            true,
                            true,
                            "The default domain",
                            List.of(),
                            Map.of(),
                            Map.of()));
        }
    }

    private Map<String, String> roles(Tx tx) {
        Map<String, String> roles = new HashMap<>();
        ROLES.forEach(name -> roles.put(name, role(tx, name)));
        roles.put(SERVICE_ROLE, role(tx, SERVICE_ROLE));
        for (int i = 0; i + 1 < ROLES.size(); i++) {
            of.stores.roles.imply(
                    tx, String.valueOf(roles.get(ROLES.get(i))), String.valueOf(roles.get(ROLES.get(i + 1))));
        }
        return roles;
    }

    private String role(Tx tx, String name) {
        return role(tx, name, Map.of("immutable", true));
    }

    /** The role's identifier; made with these options when it is not there. */
    String role(Tx tx, String name, Map<String, @Nullable Object> options) {
        return of.stores.roles.findByName(tx, name).map(Role::id).orElseGet(() -> {
            Role role = new Role(of.ids.hex(), name, null, null, options, Map.of());
            of.stores.roles.create(tx, role);
            return role.id();
        });
    }

    /** The identifier of a project of the default domain, made when it is not there. */
    String project(Tx tx, String name, String description) {
        return of.stores
                .projects
                .findByName(tx, Scopes.DEFAULT_DOMAIN, name)
                .map(Project::id)
                .orElseGet(() -> {
                    Project project = new Project(
                            of.ids.hex(),
                            name,
                            Scopes.DEFAULT_DOMAIN,
                            Scopes.DEFAULT_DOMAIN,
                            false,
                            true,
                            description,
                            List.of(),
                            Map.of(),
                            Map.of());
                    of.stores.projects.create(tx, project);
                    return project.id();
                });
    }

    /** @param exemptions options that are on unless somebody has turned them off */
    private String user(Tx tx, String name, @Nullable String passwordHash, Set<String> exemptions) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        exemptions.forEach(option -> options.put(option, true));
        User present =
                of.stores.users.findByName(tx, Scopes.DEFAULT_DOMAIN, name).orElse(null);
        if (present == null) {
            return make(tx, name, passwordHash, options);
        }
        options.putAll(present.options());
        if (!options.equals(present.options())) {
            of.stores.users.update(tx, present.withOptions(options));
        }
        return present.id();
    }

    /** A new user of the default domain, who can log in; answers their identifier. */
    String make(Tx tx, String name, @Nullable String passwordHash, Map<String, @Nullable Object> options) {
        User user = new User(
                of.ids.hex(),
                name,
                Scopes.DEFAULT_DOMAIN,
                true,
                null,
                null,
                of.clock.instant(),
                null,
                options,
                Map.of());
        of.stores.users.create(tx, of.passwordRules.withGiven(user, passwordHash));
        return user.id();
    }

    private void catalog(Tx tx, Keystone.Site site) {
        String region = site.region();
        if (of.stores.regions.find(tx, region).isEmpty()) {
            of.stores.regions.create(tx, new Region(region, null, "", Map.of()));
        }
        for (Keystone.CatalogEntry entry : site.catalog()) {
            String serviceId = service(tx, entry);
            boolean changed = of.stores
                    .announced
                    .replace(tx, site.controller(), serviceId, region, entry.url())
                    .filter(before -> !before.equals(entry.url()))
                    .isPresent();
            for (String access : List.of("public", "internal", "admin")) {
                endpoint(
                        tx,
                        new Endpoint(of.ids.hex(), serviceId, access, region, entry.url(), true, Map.of()),
                        changed);
            }
        }
    }

    private String service(Tx tx, Keystone.CatalogEntry entry) {
        return of
                .stores
                .services
                .list(tx, List.of(Filter.equal("type", entry.type()), Filter.equal("name", entry.name())))
                .stream()
                .findFirst()
                .map(CatalogService::id)
                .orElseGet(() -> {
                    CatalogService service =
                            new CatalogService(of.ids.hex(), entry.type(), entry.name(), true, Map.of());
                    of.stores.services.create(tx, service);
                    return service.id();
                });
    }

    /** @param changed whether the URL is another than this controller's settings had before */
    private void endpoint(Tx tx, Endpoint wanted, boolean changed) {
        List<Endpoint> present = of.stores.endpoints.list(
                tx,
                List.of(
                        Filter.equal("service_id", wanted.serviceId()),
                        Filter.equal("interface", wanted.access()),
                        Filter.equal("region_id", String.valueOf(wanted.regionId()))));
        if (present.isEmpty()) {
            of.stores.endpoints.create(tx, wanted);
            return;
        }
        Endpoint old = present.getFirst();
        if (changed) {
            of.stores.endpoints.update(
                    tx,
                    new Endpoint(
                            old.id(),
                            old.serviceId(),
                            old.access(),
                            old.regionId(),
                            wanted.url(),
                            old.enabled(),
                            old.extra()));
        } else if (!old.url().equals(wanted.url())) {
            LOG.info(
                    "The catalog sends {} clients to {}, the settings of this controller say {}: the catalog counts",
                    old.access(),
                    old.url(),
                    wanted.url());
        }
    }
}
