package io.nacre.keystone.entity;

import io.nacre.base.Caller;
import io.nacre.base.Caller.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a caller's scope says about domains. */
public final class Scopes {
    /** The domain that is there from the start. */
    public static final String DEFAULT_DOMAIN = "default";

    private Scopes() {}

    /** Where a new entity goes when the request names no domain: that of the token, or of its project. */
    public static String homeDomain(Caller caller) {
        Person domain = caller.scope().domain();
        if (domain != null) {
            return domain.id();
        }
        Person project = caller.scope().project();
        return project == null ? DEFAULT_DOMAIN : project.domainId();
    }

    /** The domain that a token is scoped to, as target of a rule about a listing; empty for other tokens. */
    public static Map<String, String> target(Caller caller, String attribute) {
        Person domain = caller.scope().domain();
        return domain == null ? Map.of() : Map.of(attribute, domain.id());
    }

    /**
     * Which domain a listing is of; null for all.
     *
     * @param asked what the request says
     */
    public static @Nullable String listed(Caller caller, @Nullable String asked) {
        Person domain = caller.scope().domain();
        return domain == null ? asked : domain.id();
    }

    /**
     * The filters of a listing for this caller: a token of a domain sees what is in the domain; other tokens that were
     * let in see everything.
     *
     * @param attribute that says in which domain something is
     */
    public static List<Filter> visible(Caller caller, List<Filter> asked, String attribute) {
        Person domain = caller.scope().domain();
        List<Filter> filters = new ArrayList<>(asked);
        if (domain != null) {
            filters.add(Filter.equal(attribute, domain.id()));
        }
        return filters;
    }
}
