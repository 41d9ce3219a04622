package io.nacre.keystone.directory;

import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.ldap.Person;
import io.nacre.keystone.ldap.Team;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a directory said.
 *
 * @param allPeople which of the domain's users would be among the people, were they still there; null for none
 * @param allTeams which of the domain's groups would be among the teams, were they still there; null for none
 * @param teamsOf all teams of these people, by their identifiers in the directory
 * @param peopleIn all people in these teams, by their identifiers in the directory
 */
record Seen(
        List<Person> people,
        List<Team> teams,
        @Nullable List<Filter> allPeople,
        @Nullable List<Filter> allTeams,
        Map<String, Set<String>> teamsOf,
        Map<String, Set<String>> peopleIn) {

    /** What a domain without a directory has of one. What its users were called, and may do, stays. */
    static final Seen NOTHING = new Seen(List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of());

    static Seen people(List<Person> people, List<Filter> all) {
        return new Seen(people, List.of(), all, null, Map.of(), Map.of());
    }

    static Seen teams(List<Team> teams, List<Filter> all) {
        return new Seen(List.of(), teams, null, all, Map.of(), Map.of());
    }

    /** Somebody with all their teams. */
    static Seen person(Person person, List<Team> teams) {
        Set<String> in = Set.copyOf(teams.stream().map(Team::id).toList());
        return new Seen(List.of(person), teams, null, null, Map.of(person.id(), in), Map.of());
    }

    /** A team with all its people. */
    static Seen team(Team team, List<Person> people) {
        Set<String> in = Set.copyOf(people.stream().map(Person::id).toList());
        return new Seen(people, List.of(team), null, null, Map.of(), Map.of(team.id(), in));
    }
}
