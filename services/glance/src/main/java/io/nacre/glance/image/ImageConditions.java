package io.nacre.glance.image;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** A listing's filters as SQL, with the operators of the API ("in:", "eq:", "gt:" ...). */
final class ImageConditions {
    private static final Map<String, Field<String>> LISTS = Map.of(
            "id", ImageStore.ID,
            "name", ImageStore.NAME,
            "status", ImageStore.STATUS,
            "container_format", ImageStore.CONTAINER_FORMAT,
            "disk_format", ImageStore.DISK_FORMAT);
    private static final Map<String, Field<String>> TEXTS = Map.of(
            "owner", ImageStore.OWNER,
            "checksum", ImageStore.CHECKSUM,
            "os_hash_algo", ImageStore.HASH_ALGO,
            "os_hash_value", ImageStore.HASH);
    private static final Map<String, Field<? extends Number>> NUMBERS = Map.of(
            "size", ImageStore.SIZE,
            "virtual_size", ImageStore.VIRTUAL_SIZE,
            "min_disk", ImageStore.MIN_DISK,
            "min_ram", ImageStore.MIN_RAM);
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern LETTERS = Pattern.compile("[a-z]+:");
    private static final Map<String, Field<Instant>> TIMES =
            Map.of("created_at", ImageStore.CREATED_AT, "updated_at", ImageStore.UPDATED_AT);

    private ImageConditions() {}

    /** What the caller may see at all. */
    static Condition visible(ImageFilter filter) {
        if (filter.admin()) {
            return DSL.noCondition();
        }
        Condition open = ImageStore.VISIBILITY.in("public", "community");
        String project = filter.project();
        if (project == null) {
            return open;
        }
        Condition share = ImageStore.SHARE_IMAGE.eq(ImageStore.ID).and(ImageStore.SHARE_MEMBER.eq(project));
        if (!filter.memberStatus().equals("all")) {
            share = share.and(ImageStore.SHARE_STATUS.eq(filter.memberStatus()));
        }
        return open.or(ImageStore.OWNER.eq(project))
                .or(ImageStore.VISIBILITY
                        .eq("shared")
                        .and(exists(selectOne().from(ImageStore.SHARES).where(share))));
    }

    static Condition matching(ImageFilter filter) {
        Condition all = ImageStore.HIDDEN.eq(filter.hidden());
        String visibility = filter.visibility();
        if (visibility != null) {
            all = visibility.equals("all") ? all : all.and(ImageStore.VISIBILITY.eq(visibility));
        } else {
            Condition usual = ImageStore.VISIBILITY.ne("community");
            all = all.and(filter.project() == null ? usual : usual.or(ImageStore.OWNER.eq(filter.project())));
        }
        for (String tag : filter.tags()) {
            all = all.and(exists(selectOne()
                    .from(ImageStore.TAGS)
                    .where(ImageStore.TAG_IMAGE.eq(ImageStore.ID))
                    .and(ImageStore.TAG_VALUE.eq(tag))));
        }
        for (Map.Entry<String, String> field : filter.fields().entrySet()) {
            all = all.and(condition(field.getKey(), field.getValue()));
        }
        return all;
    }

    private static Condition condition(String name, String value) {
        Field<String> list = LISTS.get(name);
        if (list != null) {
            return list(list, value);
        }
        Field<String> text = TEXTS.get(name);
        if (text != null) {
            return text.eq(value);
        }
        Field<Instant> time = TIMES.get(name);
        if (time != null) {
            return time(name, time, value);
        }
        if (name.equals("protected")) {
            return ImageStore.PROTECTED.eq(bool(name, value));
        }
        boolean least = name.endsWith("_min");
        boolean most = name.endsWith("_max");
        Field<? extends Number> number = NUMBERS.get(least || most ? name.substring(0, name.length() - 4) : name);
        if (number != null) {
            Field<Long> wide = number.cast(Long.class);
            long bound = number(value);
            return least ? wide.ge(bound) : most ? wide.le(bound) : wide.eq(bound);
        }
        return exists(selectOne()
                .from(ImageStore.PROPERTIES)
                .where(ImageStore.PROPERTY_IMAGE.eq(ImageStore.ID))
                .and(ImageStore.PROPERTY_NAME.eq(name))
                .and(ImageStore.PROPERTY_VALUE.eq(value)));
    }

    static boolean bool(String name, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Fault.invalid(
                        "Invalid value '" + value + "' for '" + name + "' filter. Valid values are 'true' or 'false'.");
        };
    }

    private static long number(String value) {
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw Fault.invalid("Unable to filter on a range with a non-numeric value.")
                    .because(e);
        }
    }

    private record Operation(String operator, String operand) {
        private static final List<String> KNOWN = List.of("in", "eq", "neq", "gt", "gte", "lt", "lte");

        /** A word that is no operator belongs to the value, unless it looks like one. */
        static Operation of(String value) {
            int colon = value.indexOf(':');
            String word = colon < 0 ? "" : value.substring(0, colon);
            return KNOWN.contains(word) ? new Operation(word, value.substring(colon + 1)) : new Operation("eq", value);
        }
    }

    private static Condition list(Field<String> field, String value) {
        Operation operation = Operation.of(value);
        return switch (operation.operator()) {
            case "in" -> field.in(split(operation.operand()));
            case "eq" -> field.eq(operation.operand());
            default -> throw Fault.invalid("Unable to filter by unknown operator '" + operation.operator() + "'.");
        };
    }

    private static Condition time(String name, Field<Instant> field, String value) {
        Operation operation = Operation.of(value);
        if (operation.operator().equals("in")
                || LETTERS.matcher(operation.operand()).lookingAt()) {
            throw Fault.invalid("Unable to filter on a unknown operator.");
        }
        Instant bound = instant(name, operation.operand());
        return switch (operation.operator()) {
            case "gt" -> field.gt(bound);
            case "gte" -> field.ge(bound);
            case "lt" -> field.lt(bound);
            case "lte" -> field.le(bound);
            case "neq" -> field.lt(bound).or(field.ge(bound.plusSeconds(1)));
            // The API shows whole seconds, so equal means within that second.
            case "eq" -> field.ge(bound).and(field.lt(bound.plusSeconds(1)));
            default -> throw Fault.invalid("Unable to filter by unknown operator '" + operation.operator() + "'.");
        };
    }

    private static Instant instant(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException withoutOffset) {
            try {
                LocalDateTime time =
                        DAY.matcher(text).matches() ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text);
                return time.toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw Fault.invalid("Bad \"" + name + "\" query filter format. Use ISO 8601 DateTime notation.")
                        .because(e);
            }
        }
    }

    /** Values between commas; one in double quotes may hold commas itself. */
    static List<String> split(String text) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            int end;
            if (at < text.length() && text.charAt(at) == '"') {
                end = text.indexOf('"', at + 1);
                if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != ',')) {
                    throw Fault.invalid("Invalid filter value " + text + ". The quote is not closed.");
                }
                values.add(text.substring(at + 1, end));
                end++;
            } else {
                end = text.indexOf(',', at);
                end = end < 0 ? text.length() : end;
                if (text.substring(at, end).indexOf('"') >= 0) {
                    throw Fault.invalid(
                            "Invalid filter value " + text + ". There is no comma before opening quotation mark.");
                }
                values.add(text.substring(at, end));
            }
            at = end + 1;
        }
        return values;
    }
}
