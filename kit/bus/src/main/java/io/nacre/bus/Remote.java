package io.nacre.bus;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * A plain interface on both ends of the bus. Each of its methods takes one record or nothing, answers a record or
 * nothing, and has a name of its own; the method's name is the message's. Faults cross as they are.
 */
public final class Remote {
    private static final ScopedValue<Duration> TIMEOUT = ScopedValue.newInstance();

    private Remote() {}

    /**
     * An object that forwards each method to whoever serves the address.
     *
     * @param timeout how long a call waits for its answer, unless the caller says otherwise by {@link #within}
     */
    public static <T> T client(Class<T> contract, Bus bus, String address, Duration timeout) {
        Map<String, Method> methods = methods(contract);
        Names.check(address);
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (!methods.containsKey(method.getName())) {
                return ownMethod(proxy, method, arguments, contract.getSimpleName() + " at " + address);
            }
            Object argument = arguments == null ? null : arguments[0];
            JsonNode tree = argument == null ? NullNode.getInstance() : Json.tree(argument);
            JsonNode answer = bus.call(address, method.getName(), tree, TIMEOUT.orElse(timeout));
            return method.getReturnType() == void.class
                    ? null
                    : Json.MAPPER.treeToValue(answer, method.getReturnType());
        };
        return contract.cast(Proxy.newProxyInstance(contract.getClassLoader(), new Class<?>[] {contract}, handler));
    }

    /** Runs the body; the calls that it makes through clients, on this thread, wait this long for their answers. */
    public static <R> R within(Duration timeout, Supplier<R> body) {
        return ScopedValue.where(TIMEOUT, timeout).call(body::get);
    }

    /** {@link #within} for a body without an answer. */
    public static void within(Duration timeout, Runnable body) {
        ScopedValue.where(TIMEOUT, timeout).run(body);
    }

    /** Lets the implementation answer what clients of the same contract ask at the address, until closed. */
    public static <T> Bus.Registration serve(Class<T> contract, T implementation, Bus bus, String address) {
        Map<String, Method> methods = methods(contract);
        return bus.serve(address, (name, argument) -> {
            Method method = methods.get(name);
            if (method == null) {
                throw Fault.of(Fault.Kind.NOT_IMPLEMENTED, "NotImplemented", "There is no operation " + name + ".");
            }
            Object result = method.getParameterCount() == 0
                    ? invoke(implementation, method)
                    : invoke(implementation, method, Json.convert(argument, method.getParameterTypes()[0]));
            return result == null ? NullNode.getInstance() : Json.tree(result);
        });
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getTargetException();
            switch (thrown) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                default -> throw new IllegalStateException(method.getName() + " failed", thrown);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot call " + method, e);
        }
    }

    private static Map<String, Method> methods(Class<?> contract) {
        if (!contract.isInterface()) {
            throw new IllegalArgumentException(contract + " is not an interface");
        }
        Map<String, Method> methods = new TreeMap<>();
        for (Method method : contract.getMethods()) {
            if (!Modifier.isAbstract(method.getModifiers())) {
                continue;
            }
            boolean fits = method.getParameterCount() <= 1
                    && (method.getParameterCount() == 0 || method.getParameterTypes()[0].isRecord())
                    && (method.getReturnType() == void.class
                            || method.getReturnType().isRecord());
            if (!fits || methods.put(method.getName(), method) != null) {
                throw new IllegalArgumentException(
                        method + " cannot cross the bus: it needs a name of its own, at most one record to take, and"
                                + " a record or nothing to answer");
            }
            method.setAccessible(true);
        }
        return methods;
    }

    @SuppressWarnings("ReferenceEquality") // a client has no value to compare, it equals itself alone
    private static @Nullable Object ownMethod(
            Object proxy, Method method, @Nullable Object @Nullable [] arguments, String description) throws Throwable {
        return switch (method.getName()) {
            case "toString" -> description;
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && arguments[0] == proxy;
            default -> InvocationHandler.invokeDefault(proxy, method, arguments);
        };
    }
}
