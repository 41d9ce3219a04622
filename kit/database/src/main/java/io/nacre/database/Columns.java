package io.nacre.database;

import io.nacre.base.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.core.type.TypeReference;

/**
 * A table as its store sees it: a name and typed columns, declared where they are used. The migration makes the
 * table; this gives the store names that the compiler checks.
 */
public final class Columns {
    private static final DataType<Instant> MICROS = SQLDataType.BIGINT.asConvertedDataType(
            Converter.ofNullable(Long.class, Instant.class, Columns::instant, Columns::micros));

    private final Table<Record> table;
    private final String name;
    private final List<Field<?>> fields = new ArrayList<>();

    private Columns(String name) {
        this.name = name;
        this.table = DSL.table(DSL.name(name));
    }

    public static Columns of(String table) {
        return new Columns(table);
    }

    public Table<Record> table() {
        return table;
    }

    /** Every column declared so far, for {@code select}. */
    public List<Field<?>> all() {
        return List.copyOf(fields);
    }

    public Field<String> text(String column) {
        return column(column, SQLDataType.VARCHAR);
    }

    public Field<Long> number(String column) {
        return column(column, SQLDataType.BIGINT);
    }

    public Field<Integer> integer(String column) {
        return column(column, SQLDataType.INTEGER);
    }

    public Field<Boolean> bool(String column) {
        return column(column, SQLDataType.BOOLEAN);
    }

    /** A floating-point number. */
    public Field<Double> decimal(String column) {
        return column(column, SQLDataType.DOUBLE);
    }

    public Field<byte[]> bytes(String column) {
        return column(column, SQLDataType.BLOB);
    }

    /** A moment, kept as microseconds since the epoch in a bigint. */
    public Field<Instant> instant(String column) {
        return column(column, MICROS);
    }

    /** A value kept as JSON text. */
    public <T> Field<T> json(String column, Class<T> type) {
        return column(
                column,
                SQLDataType.CLOB.asConvertedDataType(
                        Converter.ofNullable(String.class, type, text -> Json.read(text, type), Json::write)));
    }

    /** A value of a generic type, such as a list, kept as JSON text. */
    @SuppressWarnings("unchecked")
    public <T> Field<T> json(String column, TypeReference<T> type) {
        Class<T> erased = (Class<T>) Json.MAPPER.constructType(type).getRawClass();
        return column(
                column,
                SQLDataType.CLOB.asConvertedDataType(
                        Converter.ofNullable(String.class, erased, text -> Json.read(text, type), Json::write)));
    }

    /** A list of strings kept as JSON text. */
    public Field<List<String>> strings(String column) {
        return json(column, new TypeReference<List<String>>() {});
    }

    /** One of a closed set, kept by its name. */
    public <T extends Enum<T>> Field<T> choice(String column, Class<T> type) {
        return column(
                column,
                SQLDataType.VARCHAR.asConvertedDataType(
                        Converter.ofNullable(String.class, type, name -> Enum.valueOf(type, name), Enum::name)));
    }

    private <T> Field<T> column(String column, DataType<T> type) {
        Field<T> field = DSL.field(DSL.name(name, column), type);
        fields.add(field);
        return field;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000;
    }
}
