package io.nacre.database;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.SelectConditionStep;
import org.jooq.SelectLimitStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Listing a table page by page: rows after the marker in a total order whose last key is the identifier, so that
 * rows which come and go between two pages shift nothing. Nulls come first when ascending, on all engines.
 */
public final class Paging {
    private final Table<?> table;
    private final Field<String> id;
    private final Map<String, Field<?>> keys = new LinkedHashMap<>();
    private final List<Page.Sort> defaults = new ArrayList<>();

    private Paging(Table<?> table, Field<String> id) {
        this.table = table;
        this.id = id;
    }

    /** @param id the unique column that markers name; also a sort key under its own name */
    public static Paging of(Columns table, Field<String> id) {
        Paging paging = new Paging(table.table(), id);
        paging.keys.put(id.getName(), id);
        return paging;
    }

    /** Allows sorting by a column under the name that clients use. */
    public Paging key(String key, Field<?> column) {
        keys.put(key, column);
        return this;
    }

    /** The order when the page asks for none; called again it adds a lighter key. */
    public Paging ordered(String key, boolean ascending) {
        if (!keys.containsKey(key)) {
            throw new IllegalArgumentException("no such sort key: " + key);
        }
        defaults.add(new Page.Sort(key, ascending));
        return this;
    }

    public Set<String> keys() {
        return Collections.unmodifiableSet(keys.keySet());
    }

    /** Any row may be the marker. */
    public <R extends Record> Result<R> fetch(Tx tx, SelectConditionStep<R> select, Page page) {
        return fetch(tx, select, page, DSL.noCondition());
    }

    /**
     * Runs the select for one page.
     *
     * @param select with its filters, without order and limit
     * @param markers which rows the caller may name as a marker, usually those of their project
     */
    public <R extends Record> Result<R> fetch(Tx tx, SelectConditionStep<R> select, Page page, Condition markers) {
        DSLContext dsl = Sql.in(tx);
        List<Key> order = order(page);
        SelectConditionStep<R> filtered = select;
        if (page.marker() != null) {
            filtered = select.and(after(order, markerRow(dsl, order, page.marker(), markers)));
        }
        boolean postgres = dsl.dialect().family() == SQLDialect.POSTGRES;
        SelectLimitStep<R> sorted =
                filtered.orderBy(order.stream().map(key -> key.order(postgres)).toList());
        Select<R> limited = page.limit() == Integer.MAX_VALUE ? sorted : sorted.limit(page.limit());
        Result<R> rows = dsl.fetch(limited);
        if (page.backwards()) {
            Collections.reverse(rows);
        }
        return rows;
    }

    private List<Key> order(Page page) {
        List<Key> order = new ArrayList<>();
        boolean ascending = true;
        boolean total = false;
        for (Page.Sort sort : page.sorts().isEmpty() ? defaults : page.sorts()) {
            Field<?> column = keys.get(sort.key());
            if (column == null) {
                throw Fault.invalid("Invalid sort key: " + sort.key() + ".");
            }
            ascending = sort.ascending();
            total |= column.equals(id);
            order.add(new Key(column, ascending != page.backwards()));
        }
        if (!total) {
            order.add(new Key(id, ascending != page.backwards()));
        }
        return order;
    }

    private Record markerRow(DSLContext dsl, List<Key> order, String marker, Condition markers) {
        List<Field<?>> columns = order.stream().<Field<?>>map(Key::column).toList();
        Record row = dsl.select(columns)
                .from(table)
                .where(id.eq(marker))
                .and(markers)
                .fetchOne();
        if (row == null) {
            throw Fault.invalid("Marker " + marker + " could not be found.");
        }
        return row;
    }

    /** Lexicographic: equal in the first keys and beyond the marker in the next one, for each of the keys. */
    private static Condition after(List<Key> order, Record marker) {
        List<Condition> any = new ArrayList<>();
        Condition equalSoFar = DSL.noCondition();
        for (Key key : order) {
            any.add(equalSoFar.and(key.beyond(marker)));
            equalSoFar = equalSoFar.and(key.same(marker));
        }
        return DSL.or(any);
    }

    private record Key(Field<?> column, boolean ascending) {

        /** PostgreSQL puts nulls last when ascending, the others first. */
        OrderField<?> order(boolean postgres) {
            if (ascending) {
                return postgres ? column.asc().nullsFirst() : column.asc();
            }
            return postgres ? column.desc().nullsLast() : column.desc();
        }

        Condition same(Record marker) {
            return same(column, marker);
        }

        Condition beyond(Record marker) {
            return beyond(column, marker);
        }

        private static <T> Condition same(Field<T> column, Record marker) {
            @Nullable T value = marker.get(column);
            return value == null ? column.isNull() : column.eq(value);
        }

        private <T> Condition beyond(Field<T> column, Record marker) {
            @Nullable T value = marker.get(column);
            if (value == null) {
                return ascending ? column.isNotNull() : DSL.falseCondition();
            }
            return ascending ? column.gt(value) : column.lt(value).or(column.isNull());
        }
    }
}
