package io.nacre.keystone.entity;

import java.time.Instant;
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
        if (column.getType() == Instant.class) {
            // coerce() would forget how the column keeps moments.
            @SuppressWarnings("unchecked")
            Field<Instant> moments = (Field<Instant>) column;
            return moment(filter, moments);
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
            case STARTSWITH -> DSL.left(text, length(value)).eq(value);
            case ENDSWITH -> DSL.right(text, length(value)).eq(value);
            default -> throw mismatch(filter);
        };
    }

    /** As databases count. */
    private static int length(String value) {
        return value.codePointCount(0, value.length());
    }

    private static Condition moment(Filter filter, Field<Instant> column) {
        Instant moment = Instant.parse(filter.value());
        return switch (filter.match()) {
            case EQUALS -> column.eq(moment);
            case DIFFERS -> column.ne(moment);
            case BEFORE -> column.lt(moment);
            case NOT_AFTER -> column.le(moment);
            case AFTER -> column.gt(moment);
            case NOT_BEFORE -> column.ge(moment);
            default -> throw mismatch(filter);
        };
    }

    private static IllegalArgumentException mismatch(Filter filter) {
        return new IllegalArgumentException(filter.attribute() + " cannot be compared by " + filter.match());
    }
}
