package io.nacre.keystone;

import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.util.StaticUtils;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Active Directory's matching rule LDAP_MATCHING_RULE_IN_CHAIN for a server that does not know it: {@code member} by it
 * are the groups that somebody is in over any number of others, {@code memberOf} by it are all who are so in a group.
 */
final class MembersOfMembers extends InMemoryOperationInterceptor {
    private static final String IN_CHAIN = "1.2.840.113556.1.4.1941";

    private final Supplier<List<? extends Entry>> entries;

    /** @param entries all that there are, each with a cn */
    MembersOfMembers(Supplier<List<? extends Entry>> entries) {
        this.entries = entries;
    }

    @Override
    public void processSearchRequest(InMemoryInterceptedSearchRequest intercepted) throws LDAPException {
        SearchRequest request = intercepted.getRequest().duplicate();
        request.setFilter(plain(request.getFilter()));
        intercepted.setRequest(request);
    }

    private Filter plain(Filter filter) throws LDAPException {
        if (filter.getFilterType() == Filter.FILTER_TYPE_AND) {
            List<Filter> parts = new ArrayList<>();
            for (Filter part : filter.getComponents()) {
                parts.add(plain(part));
            }
            return Filter.createANDFilter(parts);
        }
        return IN_CHAIN.equals(filter.getMatchingRuleID()) ? matching(filter) : filter;
    }

    private Filter matching(Filter filter) throws LDAPException {
        String dn = filter.getAssertionValue();
        List<Filter> names = new ArrayList<>();
        for (Entry entry : entries.get()) {
            boolean matches = switch (StaticUtils.toLowerCase(filter.getAttributeName())) {
                case "member" -> groups(dn).contains(entry.getDN());
                case "memberof" -> groups(entry.getDN()).contains(dn);
                default -> false;
            };
            if (matches) {
                names.add(Filter.createEqualityFilter("cn", entry.getAttributeValue("cn")));
            }
        }
        return Filter.createORFilter(names);
    }

    private Set<String> groups(String of) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(of));
        while (!open.isEmpty()) {
            String member = open.remove();
            entries.get().stream()
                    .filter(entry -> entry.hasAttribute("member")
                            && Arrays.asList(entry.getAttributeValues("member")).contains(member))
                    .map(Entry::getDN)
                    .filter(found::add)
                    .forEach(open::add);
        }
        return found;
    }
}
