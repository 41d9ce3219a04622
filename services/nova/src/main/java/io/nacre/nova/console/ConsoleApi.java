package io.nacre.nova.console;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerAction;
import io.nacre.nova.server.action.ServerSagas;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The action os-getConsoleOutput: the last lines of a guest's serial line. */
public final class ConsoleApi {
    private static final PolicyRule OUTPUT = NovaPolicy.member("os-console-output");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0B-\\x1F]");

    private final ServerSagas base;

    public ConsoleApi(ServerSagas base) {
        this.base = base;
    }

    public List<ServerAction> actions() {
        return List.of(
                ServerAction.of("os-getConsoleOutput", OUTPUT, this::output).shaped("""
                        {"type": "object", "additionalProperties": false, "properties": {"length":
                          {"type": ["integer", "string", "null"], "pattern": "^-?[0-9]{1,9}$", "minimum": -1}}}"""));
    }

    private Response output(Request request, String id, JsonNode argument) {
        Server server = base.transactions().read(tx -> base.servers().require(tx, request.caller(), id));
        String host = server.host();
        if (host == null) {
            throw Fault.conflict("Instance " + id + " is not ready");
        }
        try {
            ComputeNode.ConsoleLog log =
                    base.node(host).consoleLog(new ComputeNode.ConsoleLogQuery(id, lines(argument)));
            return Response.json(
                    200, Map.of("output", CONTROL.matcher(log.text()).replaceAll("")));
        } catch (FaultException e) {
            if (e.is(Fault.Kind.NOT_FOUND)) {
                throw Fault.notFound("Guest does not have a console available.").because(e);
            }
            throw e;
        }
    }

    /** Null for all there is. */
    private static @Nullable Integer lines(JsonNode argument) {
        int lines = Wire.number(argument, "length", -1);
        return lines < 0 ? null : lines;
    }
}
