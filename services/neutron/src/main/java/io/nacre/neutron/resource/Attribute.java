package io.nacre.neutron.resource;

import io.nacre.base.Caller;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of a resource: how it is shown, checked, set, filtered and guarded. Declared in one expression:
 *
 * <pre>{@code
 * Attribute.of("mtu", Network::mtu).check(Checks.integer(68, 65535)).create(null).update().column(NetworkStore.MTU)
 * }</pre>
 */
public final class Attribute<R> {
    private final String name;
    private final @Nullable BiFunction<R, Caller, @Nullable Object> shown;
    private Check check = value -> value;
    private boolean inCreate;
    private boolean inUpdate;
    private boolean required;
    private boolean hasDefault;
    private @Nullable Object defaultValue;
    private @Nullable Field<?> column;
    private @Nullable Function<List<String>, Condition> filter;
    private @Nullable String createRule;
    private @Nullable String updateRule;
    private @Nullable String showRule;
    private Map<String, String> memberRules = Map.of();

    private Attribute(String name, @Nullable BiFunction<R, Caller, @Nullable Object> shown) {
        this.name = name;
        this.shown = shown;
    }

    public static <R> Attribute<R> of(String name, Function<R, @Nullable Object> shown) {
        return new Attribute<>(name, (resource, caller) -> shown.apply(resource));
    }

    /** One that looks different to different callers. */
    public static <R> Attribute<R> seenBy(String name, BiFunction<R, Caller, @Nullable Object> shown) {
        return new Attribute<>(name, shown);
    }

    /** One that can be sent or filtered by but is not shown. */
    public static <R> Attribute<R> hidden(String name) {
        return new Attribute<>(name, null);
    }

    public Attribute<R> check(Check check) {
        this.check = check;
        return this;
    }

    /** May be given at creation; without it the value is absent. */
    public Attribute<R> create() {
        this.inCreate = true;
        return this;
    }

    /** May be given at creation; without it, it has this value. */
    public Attribute<R> create(@Nullable Object defaultValue) {
        this.inCreate = true;
        this.hasDefault = true;
        this.defaultValue = defaultValue;
        return this;
    }

    /** Must be given at creation. */
    public Attribute<R> required() {
        this.inCreate = true;
        this.required = true;
        return this;
    }

    public Attribute<R> update() {
        this.inUpdate = true;
        return this;
    }

    /** Can be filtered and sorted by. */
    public Attribute<R> column(Field<?> column) {
        this.column = column;
        return this;
    }

    /** Can be filtered by; the values are alternatives. */
    public Attribute<R> filter(Function<List<String>, Condition> filter) {
        this.filter = filter;
        return this;
    }

    /** Who may give it at creation, beside the resource's own rule. */
    public Attribute<R> createRule(String rule) {
        this.createRule = rule;
        return this;
    }

    public Attribute<R> updateRule(String rule) {
        this.updateRule = rule;
        return this;
    }

    public Attribute<R> setRule(String rule) {
        return createRule(rule).updateRule(rule);
    }

    public Attribute<R> showRule(String rule) {
        this.showRule = rule;
        return this;
    }

    /** Who may give a member of an item of this list, by the member's name. */
    public Attribute<R> memberRules(Map<String, String> rules) {
        this.memberRules = rules;
        return this;
    }

    public String name() {
        return name;
    }

    boolean isShown() {
        return shown != null;
    }

    @Nullable
    Object show(R resource, Caller caller) {
        return Objects.requireNonNull(shown, name).apply(resource, caller);
    }

    Check check() {
        return check;
    }

    boolean inCreate() {
        return inCreate;
    }

    boolean inUpdate() {
        return inUpdate;
    }

    boolean isRequired() {
        return required;
    }

    boolean hasDefault() {
        return hasDefault;
    }

    @Nullable
    Object defaultValue() {
        return defaultValue;
    }

    @Nullable
    Field<?> column() {
        return column;
    }

    @Nullable
    Function<List<String>, Condition> filter() {
        return filter;
    }

    @Nullable
    String createRule() {
        return createRule;
    }

    @Nullable
    String updateRule() {
        return updateRule;
    }

    @Nullable
    String showRule() {
        return showRule;
    }

    Map<String, String> memberRules() {
        return memberRules;
    }
}
