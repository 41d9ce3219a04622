package io.nacre.keystone.domainconfig;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.password.ComplianceConfig;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Domain configuration". What is set may be read by who may read all, but secrets by nobody. */
public final class DomainConfigApi {
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_domain_config", ADMIN);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_domain_config", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET_COMPLIANCE = KeystonePolicy.domain("get_security_compliance_domain_config", "");
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_domain_config", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_domain_config", ADMIN);
    private static final PolicyRule GET_DEFAULT =
            KeystonePolicy.cloud("get_domain_config_default", ADMIN_OR_SYSTEM_READER);

    private static final Schema GROUPS_BODY = Schema.of(Options.groupsSchema());
    private static final Schema OPTION_BODY = Schema.of(Options.optionSchema());

    private final Transactions transactions;
    private final DomainConfigStore store;
    private final ProjectStore projects;
    private final ComplianceConfig compliance;

    public DomainConfigApi(
            Transactions transactions, DomainConfigStore store, ProjectStore projects, ComplianceConfig compliance) {
        this.transactions = transactions;
        this.store = store;
        this.projects = projects;
        this.compliance = compliance;
    }

    public List<Route> routes() {
        String whole = "/v3/domains/{domain_id}/config";
        String group = whole + "/{group}";
        String option = group + "/{option}";
        String rules = whole + "/security_compliance";
        return List.of(
                Route.put(whole).policy(CREATE).body(GROUPS_BODY).to(this::create),
                Route.get(whole).policy(GET).to(this::show),
                Route.patch(whole).policy(UPDATE).body(GROUPS_BODY).to(this::update),
                Route.delete(whole).policy(DELETE).to(r -> delete(r, null, null)),
                Route.get(group).policy(GET).to(this::showGroup),
                Route.patch(group).policy(UPDATE).body(GROUPS_BODY).to(this::updateGroup),
                Route.delete(group).policy(DELETE).to(r -> delete(r, r.param("group"), null)),
                Route.get(option).policy(GET).to(this::showOption),
                Route.patch(option).policy(UPDATE).body(OPTION_BODY).to(this::updateOption),
                Route.delete(option).policy(DELETE).to(r -> delete(r, r.param("group"), r.param("option"))),
                Route.get(rules).policy(GET_COMPLIANCE).to(this::compliance),
                Route.get(rules + "/{option}").policy(GET_COMPLIANCE).to(this::complianceOption),
                Route.get("/v3/domains/config/default").policy(GET_DEFAULT).to(r -> defaults()),
                Route.get("/v3/domains/config/{group}/default")
                        .policy(GET_DEFAULT)
                        .to(r -> shown(Map.of(r.param("group"), defaults(r.param("group"))))),
                Route.get("/v3/domains/config/{group}/{option}/default")
                        .policy(GET_DEFAULT)
                        .to(DomainConfigApi::defaultOption));
    }

    private static Response shown(Map<String, ?> config) {
        return Response.json(200, "config", config);
    }

    private String domain(Tx tx, Request request) {
        return projects.requireDomain(tx, request.param("domain_id")).id();
    }

    private static FaultException notFound(Request request, String what) {
        return Fault.notFound(
                "Could not find " + what + " in domain configuration for domain " + request.param("domain_id") + ".");
    }

    private static String name(@Nullable String group, @Nullable String option) {
        return group == null
                ? "any options"
                : option == null ? "group " + group : "option " + option + " in group " + group;
    }

    private Response show(Request request) {
        Map<String, Map<String, Object>> config = transactions.read(tx -> store.shown(tx, domain(tx, request)));
        if (config.isEmpty()) {
            throw notFound(request, name(null, null));
        }
        return shown(config);
    }

    private Response showGroup(Request request) {
        String group = request.param("group");
        Options.requireGroup(group);
        return shown(Map.of(group, group(request, group, name(group, null))));
    }

    private Response showOption(Request request) {
        Option option = Options.require(request.param("group"), request.param("option"));
        String what = name(option.group(), option.name());
        Object value = group(request, option.group(), what).get(option.name());
        if (value == null) {
            throw notFound(request, what);
        }
        return shown(Map.of(option.name(), value));
    }

    private Map<String, Object> group(Request request, String group, String what) {
        Map<String, Object> found =
                transactions.read(tx -> store.shown(tx, domain(tx, request))).get(group);
        if (found == null) {
            throw notFound(request, what);
        }
        return found;
    }

    /** Faults with FORBIDDEN when something else is in it than groups of options that there are. */
    private static Map<Option, Object> wanted(Request request) {
        Map<Option, Object> wanted = new LinkedHashMap<>();
        JsonNode config = request.json("config");
        if (config.isEmpty()) {
            throw Options.invalid("No options specified");
        }
        config.properties().forEach(group -> {
            if (!group.getValue().isObject() || group.getValue().isEmpty()) {
                throw Options.invalid("The value of group " + group.getKey()
                        + " specified in the config should be a dictionary of options");
            }
            group.getValue()
                    .properties()
                    .forEach(option -> wanted.put(
                            Options.require(group.getKey(), option.getKey()),
                            Json.convert(option.getValue(), Object.class)));
        });
        return wanted;
    }

    private Response create(Request request) {
        Map<Option, Object> wanted = wanted(request);
        return transactions.write(tx -> {
            String domain = domain(tx, request);
            boolean present = store.exists(tx, domain, null, null);
            store.delete(tx, domain, null, null);
            put(tx, domain, wanted);
            return Response.json(present ? 200 : 201, "config", store.shown(tx, domain));
        });
    }

    private void put(Tx tx, String domain, Map<Option, Object> wanted) {
        wanted.forEach((option, value) -> store.put(tx, domain, option, value));
    }

    private Response update(Request request) {
        return update(request, wanted(request), null, null);
    }

    /**
     * @param group that must be there already; null for none
     * @param name of the group's option that must be there already; null for none
     */
    private Response update(
            Request request, Map<Option, Object> wanted, @Nullable String group, @Nullable String name) {
        return transactions.write(tx -> {
            String domain = domain(tx, request);
            if (group != null && !store.exists(tx, domain, group, name)) {
                throw notFound(request, name(group, name));
            }
            put(tx, domain, wanted);
            return shown(store.shown(tx, domain));
        });
    }

    private Response updateGroup(Request request) {
        String group = request.param("group");
        Options.requireGroup(group);
        Map<Option, Object> wanted = wanted(request);
        List<String> groups =
                wanted.keySet().stream().map(Option::group).distinct().toList();
        if (groups.size() != 1) {
            throw Options.invalid("Trying to update group " + group
                    + ", so that, and only that, group must be specified in the config");
        }
        if (!groups.getFirst().equals(group)) {
            throw Options.invalid("request to update group " + group + ", but config provided contains group "
                    + groups.getFirst() + " instead");
        }
        return update(request, wanted, group, null);
    }

    private Response updateOption(Request request) {
        Option option = Options.require(request.param("group"), request.param("option"));
        JsonNode config = request.json("config");
        String what = "Trying to update option " + option.name() + " in group " + option.group() + ", ";
        if (config.size() != 1) {
            throw Options.invalid(what + "so that, and only that, option must be specified  in the config");
        }
        JsonNode value = config.get(option.name());
        if (value == null) {
            String other = config.propertyNames().iterator().next();
            throw Options.invalid(what + "but config provided contains option " + other + " instead");
        }
        return update(request, Map.of(option, Json.convert(value, Object.class)), option.group(), option.name());
    }

    private Response delete(Request request, @Nullable String group, @Nullable String name) {
        if (group != null) {
            Options.requireGroup(group);
            if (name != null) {
                Options.require(group, name);
            }
        }
        transactions.run(tx -> {
            String domain = domain(tx, request);
            if (group != null && !store.exists(tx, domain, group, name)) {
                throw notFound(request, name(group, name));
            }
            store.delete(tx, domain, group, name);
        });
        return Response.empty(204);
    }

    /** What everybody must know who chooses a password. */
    private Map<String, @Nullable Object> passwordRules(Request request) {
        String domain = transactions.read(tx -> domain(tx, request));
        if (!domain.equals(Scopes.DEFAULT_DOMAIN)) {
            throw Options.invalid("Reading security compliance information for any domain other than the default"
                    + " domain is not allowed or supported.");
        }
        Map<String, @Nullable Object> rules = new LinkedHashMap<>();
        rules.put("password_regex", blank(compliance.passwordRegex()));
        rules.put("password_regex_description", blank(compliance.passwordRegexDescription()));
        return rules;
    }

    private static @Nullable String blank(String text) {
        return text.isEmpty() ? null : text;
    }

    private Response compliance(Request request) {
        return shown(Map.of("security_compliance", passwordRules(request)));
    }

    private Response complianceOption(Request request) {
        String option = request.param("option");
        Map<String, @Nullable Object> rules = passwordRules(request);
        if (!rules.containsKey(option)) {
            throw Options.invalid("Reading security compliance values other than password_regex and"
                    + " password_regex_description is not allowed.");
        }
        rules.keySet().retainAll(List.of(option));
        return shown(rules);
    }

    private static Response defaults() {
        Map<String, Object> all = new LinkedHashMap<>();
        Options.groupNames().forEach(group -> all.put(group, defaults(group)));
        return shown(all);
    }

    private static Map<String, @Nullable Object> defaults(String group) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        Options.requireGroup(group).values().stream()
                .filter(option -> !option.secret())
                .forEach(option -> all.put(option.name(), option.otherwise()));
        return all;
    }

    private static Response defaultOption(Request request) {
        Option option = Options.require(request.param("group"), request.param("option"));
        if (option.secret()) {
            throw Options.invalid("Reading the default for option " + option.name() + " in group " + option.group()
                    + " is not supported");
        }
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put(option.name(), option.otherwise());
        return shown(one);
    }
}
