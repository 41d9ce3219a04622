package io.nacre.http;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import java.io.IOException;
import java.net.BindException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** Serves many services, each at its address, in one Jetty. Handlers run on virtual threads. */
public final class HttpServer implements AutoCloseable {
    private final HttpConfig config;
    private final Ids ids;
    private final InstantSource clock;
    private final Server server;
    private final Map<ServerConnector, Handler> services = new HashMap<>();

    public HttpServer(HttpConfig config, Ids ids, InstantSource clock) {
        this.config = config;
        this.ids = ids;
        this.clock = clock;
        QueuedThreadPool threads = new QueuedThreadPool(32, 4);
        threads.setName("http");
        VirtualThreadPool virtual = new VirtualThreadPool(config.maxRequests());
        virtual.setName("http-v");
        threads.setVirtualThreadsExecutor(virtual);
        server = new Server(threads);
        server.addBean(virtual);
        server.setStopTimeout(config.drain().toMillis());
        server.setErrorHandler((request, response, callback) -> {
            callback.succeeded();
            return true;
        });
    }

    /** Adds a service; port 0 takes a free one, which {@link #port} tells after the start. */
    public void serve(Service service, Authenticator authenticator, String host, int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(config.maxHeaderBytes());
        http.setResponseHeaderSize(config.maxHeaderBytes());
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(HttpCompliance.RFC7230);
        http.setIdleTimeout(config.idleTimeout().toMillis());
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setName(service.name());
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        services.put(connector, new Exchange(service, authenticator, config, ids, clock));
    }

    /** Opens every port; faults with CONFLICT that names the service whose port is taken, and who has it. */
    public void start() {
        server.setHandler(new GracefulHandler(new ByConnector(services)));
        for (ServerConnector connector : connectors()) {
            try {
                connector.open();
            } catch (IOException e) {
                connectors().forEach(ServerConnector::close);
                throw Fault.conflict("Cannot listen on " + connector.getHost() + ":" + connector.getPort() + " for "
                                + connector.getName() + ": " + reason(connector, e))
                        .because(e);
            }
        }
        try {
            server.start();
        } catch (Exception e) {
            throw Fault.internal("The HTTP server did not start: " + e.getMessage())
                    .because(e);
        }
    }

    private static String reason(ServerConnector connector, IOException e) {
        // Jetty wraps it.
        if ((e instanceof BindException ? e : e.getCause()) instanceof BindException refusal) {
            if ("Cannot assign requested address".equals(refusal.getMessage())) {
                return "this machine does not have the address";
            }
            return PortHolder.find(connector.getPort())
                    .map(holder -> "the port is in use by " + holder)
                    .orElse("the port is in use");
        }
        return String.valueOf(e.getMessage());
    }

    private List<ServerConnector> connectors() {
        return new ArrayList<>(services.keySet());
    }

    /** The port a service listens on, once started. */
    public int port(String service) {
        return services.keySet().stream()
                .filter(connector -> service.equals(connector.getName()))
                .findFirst()
                .orElseThrow()
                .getLocalPort();
    }

    /** Takes no more requests, lets those in flight end within the drain time, and stops. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw Fault.internal("The HTTP server did not stop in order: " + e.getMessage())
                    .because(e);
        }
    }

    /** Sends a request to the service whose port it came in at. */
    private static final class ByConnector extends Handler.Abstract {
        private final Map<ServerConnector, Handler> services;

        ByConnector(Map<ServerConnector, Handler> services) {
            this.services = Map.copyOf(services);
            services.values().forEach(this::installBean);
        }

        @Override
        public void setServer(Server server) {
            super.setServer(server);
            services.values().forEach(service -> service.setServer(server));
        }

        @Override
        public boolean handle(
                org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response, Callback callback)
                throws Exception {
            Handler service = services.get(
                    (ServerConnector) request.getConnectionMetaData().getConnector());
            return service != null && service.handle(request, response, callback);
        }
    }
}
