package io.nacre.keystone.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The users and groups of an LDAP server. Every method faults with UNAVAILABLE or TIMEOUT when the server cannot be
 * asked. Not to be called inside a transaction.
 */
public final class LdapDirectory implements AutoCloseable {
    /** More than that is not taken from a server at once. */
    private static final int MOST = 200_000;

    /** Active Directory's rule for members of members. */
    private static final String IN_CHAIN = "1.2.840.113556.1.4.1941";

    private final String domainName;
    private final LdapConfig config;
    private final LdapEntries entries;
    private final LdapConnections searching;
    private final LdapConnections logins;

    /**
     * Connects to nobody yet.
     *
     * @param domainName for faults
     * @param options of keystone's section [ldap]
     * @throws IllegalArgumentException naming the option that makes no sense
     */
    public LdapDirectory(String domainName, Map<String, Object> options) {
        this.domainName = domainName;
        config = LdapConfig.of(options);
        entries = new LdapEntries(config);
        searching = LdapConnections.searching(config);
        logins = LdapConnections.forLogins(config);
    }

    public List<Person> people() {
        return people(null);
    }

    public List<Person> peopleNamed(String name) {
        return people(Filter.createEqualityFilter(config.users().name(), name));
    }

    public Optional<Person> person(String id) {
        return people(Filter.createEqualityFilter(config.users().id(), id)).stream()
                .filter(person -> person.id().equals(id))
                .findFirst();
    }

    public List<Team> teams() {
        return teams(null);
    }

    public List<Team> teamsNamed(String name) {
        return teams(Filter.createEqualityFilter(config.groups().name(), name));
    }

    public Optional<Team> team(String id) {
        return teams(Filter.createEqualityFilter(config.groups().id(), id)).stream()
                .filter(team -> team.id().equals(id))
                .findFirst();
    }

    /** The groups that somebody is in. */
    public List<Team> teamsOf(Person person) {
        LdapConfig.Members members = config.members();
        return teams(
                members.nested()
                        ? Filter.createExtensibleMatchFilter("member", IN_CHAIN, false, person.dn())
                        : Filter.createEqualityFilter(
                                members.attribute(), members.areIds() ? person.id() : person.dn()));
    }

    /** Whether somebody is named as a member, or is a member of a member where that counts. */
    public List<Person> membersOf(Team team) {
        LdapConfig.Members members = config.members();
        if (members.nested()) {
            return people(Filter.createExtensibleMatchFilter("memberOf", IN_CHAIN, false, team.dn()));
        }
        return team.members().stream()
                .flatMap(member -> members.areIds()
                        ? person(member).stream()
                        : people(member, SearchScope.BASE, entries.people(null)).stream())
                .toList();
    }

    /** Whether groups tell all their members; else only the server knows who is in which. */
    public boolean tellsMembers() {
        return !config.members().nested();
    }

    /** Whether the group names this person. */
    public boolean isNamed(Person person, Team team) {
        return team.members().contains(config.members().areIds() ? person.id() : LdapEntries.normal(person.dn()));
    }

    /** Whether this is the person's password. An empty one never is: servers would take it for nobody in particular. */
    public boolean isPassword(Person person, String password) {
        if (password.isEmpty()) {
            return false;
        }
        return asked(() -> logins.with(connection -> {
            try {
                connection.bind(person.dn(), password);
                return true;
            } catch (LDAPException e) {
                ResultCode code = e.getResultCode();
                if (code.isConnectionUsable()
                        && !code.equals(ResultCode.BUSY)
                        && !code.equals(ResultCode.UNAVAILABLE)) {
                    return false;
                }
                throw e;
            }
        }));
    }

    private List<Person> people(@Nullable Filter more) {
        return people(config.users().dn(), config.scope(), entries.people(more));
    }

    private List<Person> people(String base, SearchScope scope, Filter filter) {
        List<SearchResultEntry> found = search(base, scope, filter, entries.personAttributes());
        if (found.isEmpty()) {
            return List.of();
        }
        LdapConfig.Enabled enabled = config.enabled();
        if (enabled.groupDn().isEmpty()) {
            return found.stream()
                    .flatMap(entry -> entries.person(entry, null).stream())
                    .toList();
        }
        Optional<SearchResultEntry> group = search(
                        enabled.groupDn(),
                        SearchScope.BASE,
                        Filter.createPresenceFilter("objectClass"),
                        List.of(enabled.groupAttribute()))
                .stream()
                .findFirst();
        Stream<SearchResultEntry> others = found.stream()
                .filter(entry -> !LdapEntries.normal(entry.getDN()).equals(LdapEntries.normal(enabled.groupDn())));
        Entry allowed = group.isPresent() ? group.get() : new Entry(enabled.groupDn());
        return others.flatMap(entry -> entries.person(entry, allowed).stream()).toList();
    }

    private List<Team> teams(@Nullable Filter more) {
        return search(config.groups().dn(), config.scope(), entries.teams(more), entries.teamAttributes()).stream()
                .flatMap(entry -> entries.team(entry).stream())
                .toList();
    }

    /** None when the base does not exist. */
    private List<SearchResultEntry> search(String base, SearchScope scope, Filter filter, List<String> attributes) {
        return asked(() -> searching.with(connection -> {
            try {
                return pages(connection, base, scope, filter, attributes);
            } catch (LDAPSearchException e) {
                if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
                    return List.<SearchResultEntry>of();
                }
                throw e;
            }
        }));
    }

    private List<SearchResultEntry> pages(
            LDAPConnection connection, String base, SearchScope scope, Filter filter, List<String> attributes)
            throws LDAPException {
        List<SearchResultEntry> found = new ArrayList<>();
        ASN1OctetString next = null;
        do {
            SearchRequest request = new SearchRequest(base, scope, filter, attributes.toArray(String[]::new));
            request.setSizeLimit(MOST);
            DereferencePolicy deref = config.deref();
            if (deref != null) {
                request.setDerefPolicy(deref);
            }
            if (config.pageSize() > 0) {
                request.addControl(new SimplePagedResultsControl(config.pageSize(), next));
            }
            SearchResult result = connection.search(request);
            found.addAll(result.getSearchEntries());
            SimplePagedResultsControl page = SimplePagedResultsControl.get(result);
            next = page != null && page.moreResultsToReturn() ? page.getCookie() : null;
        } while (next != null && found.size() <= MOST);
        if (found.size() > MOST) {
            throw new LDAPException(ResultCode.SIZE_LIMIT_EXCEEDED, "more than " + MOST + " entries");
        }
        return found;
    }

    /** A request to the server. */
    private interface Question<T> {
        T ask() throws LDAPException;
    }

    private <T> T asked(Question<T> question) {
        try {
            return question.ask();
        } catch (LDAPException e) {
            throw fault(e);
        }
    }

    private FaultException fault(LDAPException e) {
        ResultCode code = e.getResultCode();
        String who = "The directory of domain " + domainName;
        if (code.equals(ResultCode.TIMEOUT) || code.equals(ResultCode.TIME_LIMIT_EXCEEDED)) {
            return Fault.of(Fault.Kind.TIMEOUT, "GatewayTimeout", who + " does not answer in time.")
                    .because(e);
        }
        String why = code.equals(ResultCode.INVALID_CREDENTIALS)
                ? " does not accept the name and password that the cloud searches it with."
                : code.equals(ResultCode.SIZE_LIMIT_EXCEEDED)
                        ? " gives no more entries at once; page_size may help."
                        : code.isConnectionUsable()
                                ? " refuses what it is asked: " + code.getName() + "."
                                : " cannot be reached.";
        return Fault.unavailable(who + why).because(e);
    }

    /** Faults when the server cannot be reached, or lets nobody search. */
    public void check() {
        search(config.users().dn(), SearchScope.BASE, Filter.createPresenceFilter("objectClass"), List.of("1.1"));
    }

    @Override
    public void close() {
        searching.close();
        logins.close();
    }
}
