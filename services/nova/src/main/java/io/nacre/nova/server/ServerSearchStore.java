package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Networks;
import io.nacre.database.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Finds the servers of a listing. */
public final class ServerSearchStore {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9 :@,~_-]*");

    private final ServerStore servers;
    private final Networks networks;

    public ServerSearchStore(ServerStore servers, Networks networks) {
        this.servers = servers;
        this.networks = networks;
    }

    public List<Server> list(Tx tx, ServerFilters filters, Page page) {
        if (filters.nothing()) {
            return List.of();
        }
        Condition owners = DSL.noCondition();
        for (Map.Entry<String, String> owner : filters.owners().entrySet()) {
            owners = owners.and(column(owner.getKey()).eq(owner.getValue()));
        }
        Condition condition = owners.and(exact(filters)).and(states(filters)).and(tags(filters.tags()));
        for (Map.Entry<String, String> pattern : filters.patterns().entrySet()) {
            condition = condition.and(found(tx, condition, pattern.getKey(), pattern.getValue()));
        }
        if (filters.ip() != null) {
            condition = condition.and(withAddress(tx, condition, 4, filters.ip()));
        }
        if (filters.ip6() != null) {
            condition = condition.and(withAddress(tx, condition, 6, filters.ip6()));
        }
        return servers.list(tx, condition, page, owners);
    }

    private static Condition exact(ServerFilters filters) {
        Condition condition = DSL.noCondition();
        for (Map.Entry<String, List<String>> exact : filters.exact().entrySet()) {
            condition = condition.and(column(exact.getKey()).in(exact.getValue()));
        }
        return condition;
    }

    private static Condition states(ServerFilters filters) {
        Condition condition = DSL.noCondition();
        if (filters.deleted() != null) {
            condition = filters.deleted() ? ServerStore.DELETED_AT.isNotNull() : ServerStore.DELETED_AT.isNull();
        }
        if (!filters.vmStates().isEmpty()) {
            condition = condition.and(ServerStore.VM_STATE.in(filters.vmStates()));
        }
        if (!filters.taskStates().isEmpty()) {
            condition = condition.and(ServerStore.TASK_STATE.in(filters.taskStates()));
        }
        if (filters.locked() != null) {
            condition = condition.and(
                    filters.locked() ? ServerStore.LOCKED_BY.isNotNull() : ServerStore.LOCKED_BY.isNull());
        }
        if (filters.changesSince() != null) {
            condition = condition.and(ServerStore.UPDATED_AT.ge(filters.changesSince()));
        }
        if (filters.changesBefore() != null) {
            condition = condition.and(ServerStore.UPDATED_AT.le(filters.changesBefore()));
        }
        return condition;
    }

    private static Condition tags(ServerFilters.Tags tags) {
        Condition condition = DSL.noCondition();
        if (!tags.all().isEmpty()) {
            condition = condition.and(TagStore.hasAll(tags.all()));
        }
        if (!tags.any().isEmpty()) {
            condition = condition.and(TagStore.hasAny(tags.any()));
        }
        if (!tags.notAll().isEmpty()) {
            condition = condition.and(TagStore.lacksAny(tags.notAll()));
        }
        if (!tags.notAny().isEmpty()) {
            condition = condition.and(TagStore.lacksAll(tags.notAny()));
        }
        return condition;
    }

    /** A text that is no pattern is looked for by the database; a pattern is tried here, as not every engine can. */
    private static Condition found(Tx tx, Condition others, String column, String text) {
        Field<String> field = column(column);
        if (PLAIN.matcher(text).matches()) {
            return field.containsIgnoreCase(text);
        }
        Predicate<String> matches = pattern(text).asPredicate();
        List<String> ids = new ArrayList<>();
        Sql.in(tx)
                .select(ServerStore.ID, field)
                .from(ServerStore.SERVER.table())
                .where(others)
                .forEach(row -> {
                    @Nullable String value = row.get(field);
                    if (value != null && matches.test(value)) {
                        ids.add(row.get(ServerStore.ID));
                    }
                });
        return ServerStore.ID.in(ids);
    }

    private Condition withAddress(Tx tx, Condition others, int version, String text) {
        Predicate<String> matches = pattern(text).asPredicate();
        List<String> ids = Sql.in(tx)
                .select(ServerStore.ID)
                .from(ServerStore.SERVER.table())
                .where(others)
                .fetch(ServerStore.ID);
        List<String> having = new ArrayList<>();
        networks.ports(tx, ids).forEach((id, ports) -> {
            boolean any = ports.stream()
                    .flatMap(port -> port.addresses().stream())
                    .anyMatch(address -> address.version() == version && matches.test(address.address()));
            if (any) {
                having.add(id);
            }
        });
        return ServerStore.ID.in(having);
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw Fault.invalid("Invalid input for query parameters: '" + text + "' is not a 'regex'")
                    .because(e);
        }
    }

    private static Field<String> column(String name) {
        return DSL.field(DSL.name("nova_server", name), String.class);
    }
}
