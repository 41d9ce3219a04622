package io.nacre.keystone.directory;

import io.nacre.base.Tx;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.directory.IdMappingStore.Local;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.group.Group;
import io.nacre.keystone.ldap.Person;
import io.nacre.keystone.ldap.Team;
import io.nacre.keystone.user.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One comparison of what a directory said with what is here, with or without making it the same. */
final class Reflection {
    private static final Logger LOG = LoggerFactory.getLogger(Reflection.class);

    /** Beyond that many all of a domain are read instead of each by its identifier. */
    private static final int FEW = 200;

    private final Tx tx;
    private final String domainId;
    private final Mirror.Tables tables;
    private final boolean write;
    private final Filter inDomain;
    private final List<Change> changed = new ArrayList<>();
    private boolean differs;

    /** A user who was here before. */
    record Change(User before, User after) {}

    /** @param write whether to make it the same */
    Reflection(Tx tx, String domainId, Mirror.Tables tables, boolean write) {
        this.tx = tx;
        this.domainId = domainId;
        this.tables = tables;
        this.write = write;
        this.inDomain = Filter.equal("domain_id", domainId);
    }

    List<Change> changed() {
        return changed;
    }

    /** Whether something was not the same. */
    boolean of(Seen seen, Instant now) {
        Set<String> people = people(seen, now);
        Set<String> teams = teams(seen);
        seen.teamsOf().forEach((person, in) -> {
            String user = id(Kind.USER, person);
            if (people.contains(user)) {
                memberships(tables.groups().groupsOf(tx, user), ids(Kind.GROUP, in, teams), group -> user, g -> g);
            }
        });
        seen.peopleIn().forEach((team, in) -> {
            String group = id(Kind.GROUP, team);
            if (teams.contains(group)) {
                Set<String> here = Set.copyOf(tables.groups().members(tx, group));
                memberships(here, ids(Kind.USER, in, people), user -> user, user -> group);
            }
        });
        return differs;
    }

    private String id(Kind kind, String localId) {
        return new Local(domainId, kind, localId).publicId();
    }

    private Set<String> ids(Kind kind, Set<String> localIds, Set<String> present) {
        return localIds.stream()
                .map(localId -> id(kind, localId))
                .filter(present::contains)
                .collect(Collectors.toSet());
    }

    private void change(Runnable change) {
        differs = true;
        if (write) {
            change.run();
        }
    }

    /**
     * @param here who is joined to it
     * @param wanted who shall be
     */
    private void memberships(
            Set<String> here, Set<String> wanted, Function<String, String> user, Function<String, String> group) {
        wanted.stream()
                .filter(one -> !here.contains(one))
                .forEach(one -> change(() -> tables.groups().join(tx, group.apply(one), user.apply(one))));
        here.stream()
                .filter(one -> !wanted.contains(one))
                .forEach(one -> change(() -> tables.groups().leave(tx, group.apply(one), user.apply(one))));
    }

    /** Those of a listing that came from the directory and that it did not name again. */
    private <T> List<T> gone(Kind kind, List<T> known, Function<T, String> id, Set<String> named) {
        List<T> unnamed =
                known.stream().filter(one -> !named.contains(id.apply(one))).toList();
        if (unnamed.isEmpty()) {
            return List.of();
        }
        Set<String> mapped =
                Set.copyOf(tables.mappings().ofDomain(tx, domainId, kind).values());
        return unnamed.stream().filter(one -> mapped.contains(id.apply(one))).toList();
    }

    /** Whose name each is. */
    private static <T> Map<String, String> names(
            Map<String, T> known, Function<T, String> id, Function<T, String> name) {
        Map<String, String> names = new HashMap<>();
        known.values().forEach(one -> names.put(name.apply(one), id.apply(one)));
        return names;
    }

    private List<Filter> all(List<Filter> some) {
        List<Filter> filters = new ArrayList<>(some);
        filters.add(inDomain);
        return filters;
    }

    /** The users here that stand for the people. */
    private Set<String> people(Seen seen, Instant now) {
        Map<String, Person> wanted = new LinkedHashMap<>();
        seen.people().forEach(person -> wanted.put(id(Kind.USER, person.id()), person));
        if (seen.allPeople() != null) {
            gone(Kind.USER, tables.users().list(tx, all(seen.allPeople())), User::id, wanted.keySet())
                    .forEach(user -> change(() -> {
                        tables.groups().leaveAll(tx, user.id());
                        tables.users().delete(tx, user.id());
                    }));
        }
        Map<String, User> known = new HashMap<>();
        (wanted.size() > FEW
                        ? tables.users().list(tx, List.of(inDomain))
                        : tables.users().list(tx, wanted.keySet(), List.of()))
                .forEach(user -> known.put(user.id(), user));
        Map<String, String> names = names(known, User::id, User::name);
        Set<String> present = new HashSet<>();
        wanted.forEach((id, person) -> {
            String holder = names.computeIfAbsent(
                    person.name(),
                    name -> wanted.size() > FEW
                            ? id
                            : tables.users()
                                    .findByName(tx, domainId, name)
                                    .map(User::id)
                                    .orElse(id));
            if (holder.equals(id)) {
                user(known.get(id), user(id, person, now), person.id());
                present.add(id);
            } else {
                LOG.warn(
                        "A user {} is in domain {} already: the one at {} is left out",
                        person.name(),
                        domainId,
                        person.dn());
            }
        });
        return present;
    }

    private User user(String id, Person person, Instant now) {
        return new User(
                id,
                person.name(),
                domainId,
                person.enabled(),
                person.defaultProjectId(),
                null,
                now,
                null,
                Map.of(),
                person.extra());
    }

    private void user(@Nullable User here, User wanted, String localId) {
        if (here == null) {
            change(() -> {
                tables.mappings().create(tx, new Local(domainId, Kind.USER, localId));
                tables.users().create(tx, wanted);
            });
        } else if (here.enabled() != wanted.enabled()
                || !here.name().equals(wanted.name())
                || !Objects.equals(here.defaultProjectId(), wanted.defaultProjectId())
                || !here.extra().equals(wanted.extra())) {
            change(() -> {
                tables.users().update(tx, wanted);
                changed.add(new Change(here, wanted));
            });
        }
    }

    /** The groups here that stand for the teams. */
    private Set<String> teams(Seen seen) {
        Map<String, Team> wanted = new LinkedHashMap<>();
        seen.teams().forEach(team -> wanted.put(id(Kind.GROUP, team.id()), team));
        if (seen.allTeams() != null) {
            gone(Kind.GROUP, tables.groups().list(tx, all(seen.allTeams())), Group::id, wanted.keySet())
                    .forEach(group -> change(() -> tables.groups().delete(tx, group.id())));
        }
        Map<String, Group> known = new HashMap<>();
        (wanted.size() > FEW
                        ? tables.groups().list(tx, List.of(inDomain))
                        : tables.groups().list(tx, wanted.keySet(), List.of()))
                .forEach(group -> known.put(group.id(), group));
        Map<String, String> names = names(known, Group::id, Group::name);
        Set<String> present = new HashSet<>();
        wanted.forEach((id, team) -> {
            String holder = names.computeIfAbsent(
                    team.name(),
                    name -> wanted.size() > FEW
                            ? id
                            : tables.groups().list(tx, all(List.of(Filter.equal("name", name)))).stream()
                                    .map(Group::id)
                                    .findFirst()
                                    .orElse(id));
            if (holder.equals(id)) {
                group(known.get(id), new Group(id, team.name(), domainId, team.description(), Map.of()), team.id());
                present.add(id);
            } else {
                LOG.warn(
                        "A group {} is in domain {} already: the one at {} is left out",
                        team.name(),
                        domainId,
                        team.dn());
            }
        });
        return present;
    }

    private void group(@Nullable Group here, Group wanted, String localId) {
        if (here == null) {
            change(() -> {
                tables.mappings().create(tx, new Local(domainId, Kind.GROUP, localId));
                tables.groups().create(tx, wanted);
            });
        } else if (!here.name().equals(wanted.name()) || !Objects.equals(here.description(), wanted.description())) {
            change(() -> tables.groups().update(tx, wanted));
        }
    }
}
