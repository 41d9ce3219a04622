package io.nacre.keystone.entity;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Filters as SQL. Upper and lower case differ on every engine unless the filter says otherwise. */
public final class Conditions {
    private Conditions() {}

    /**
     * @param columns by the names that clients use; a filter on another name is a mistake of the caller
     */
    public static Condition of(List<Filter> filters, Map<String, Field<?>> columns) {
        Condition all = DSL.noCondition();
        for (Filter filter : filters) {
            Field<?> column = columns.get(filter.attribute());
            if (column == null) {
                throw new IllegalArgumentException("no column for " + filter.attribute());
            }
            all = all.and(condition(filter, column));
        }
        return all;
    }

    private static Condition condition(Filter filter, Field<?> column) {
        if (column.getType() == Boolean.class) {
            return column.coerce(Boolean.class).eq(filter.truth());
        }
        Field<String> text = column.coerce(String.class);
        String value = filter.value();
        if (filter.ignoreCase()) {
            text = DSL.lower(text);
            value = value.toLowerCase(Locale.ROOT);
        }
        // LIKE would ignore the case on SQLite.
        return switch (filter.match()) {
            case EQUALS -> text.eq(value);
            case CONTAINS -> DSL.position(text, value).gt(0);
            case STARTSWITH -> DSL.left(text, value.length()).eq(value);
            case ENDSWITH -> DSL.right(text, value.length()).eq(value);
        };
    }
}
