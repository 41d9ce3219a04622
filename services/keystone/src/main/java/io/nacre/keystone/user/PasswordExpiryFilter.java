package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.http.Query;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Filter.Match;
import io.nacre.keystone.entity.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The query parameter {@code password_expires_at=OPERATOR:TIMESTAMP}; equality when no operator stands there. */
public final class PasswordExpiryFilter {
    private static final String NAME = "password_expires_at";
    private static final Map<String, Match> OPERATORS = Map.of(
            "eq", Match.EQUALS,
            "neq", Match.DIFFERS,
            "lt", Match.BEFORE,
            "lte", Match.NOT_AFTER,
            "gt", Match.AFTER,
            "gte", Match.NOT_BEFORE);

    private PasswordExpiryFilter() {}

    /** The query's conditions on these attributes and on when passwords expire. */
    public static List<Filter> and(Query query, String... attributes) {
        List<Filter> filters = new ArrayList<>(Filter.of(query, attributes));
        query.all(NAME).forEach(text -> filters.add(filter(text)));
        return filters;
    }

    private static Filter filter(String text) {
        int colon = text.indexOf(':');
        boolean plain = colon < 2 || colon > 3;
        String moment = Times.parse(plain ? text : text.substring(colon + 1)).toString();
        Match match = plain ? Match.EQUALS : OPERATORS.get(text.substring(0, colon));
        if (match == null) {
            throw Fault.invalid("The given operator " + text.substring(0, colon)
                    + " is not valid. It must be one of the following: 'eq', 'neq', 'lt', 'lte', 'gt', or 'gte'.");
        }
        return new Filter(NAME, match, false, moment);
    }
}
