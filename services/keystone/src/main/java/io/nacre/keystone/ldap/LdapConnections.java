package io.nacre.keystone.ldap;

import com.unboundid.ldap.sdk.BindRequest;
import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ServerSet;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.SingleServerSet;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllSSLSocketVerifier;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections to a directory, kept for a while. Every wait has an end. */
final class LdapConnections implements AutoCloseable {
    /** For an answer to one request. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final LdapConfig.Pool config;
    private final ServerSet servers;
    private final @Nullable LDAPConnectionPool pool;

    /** What is done with a connection. */
    interface Work<T> {
        T on(LDAPConnection connection) throws LDAPException;
    }

    private LdapConnections(LdapConfig.Link link, LdapConfig.Pool config, @Nullable BindRequest bind) {
        this.config = config;
        try {
            servers = servers(link, bind);
            pool = config.size() == 0 ? null : pool(link, bind);
        } catch (LDAPException | GeneralSecurityException e) {
            throw new IllegalArgumentException("url is not one of LDAP servers", e);
        }
    }

    /** For searches. */
    static LdapConnections searching(LdapConfig config) {
        LdapConfig.Link link = config.link();
        boolean anonymous = link.user().isEmpty() || link.password().isEmpty();
        return new LdapConnections(
                link, config.service(), anonymous ? null : new SimpleBindRequest(link.user(), link.password()));
    }

    /** To try passwords on; bound as somebody by whoever uses one. */
    static LdapConnections forLogins(LdapConfig config) {
        return new LdapConnections(config.link(), config.logins(), null);
    }

    private LDAPConnectionPool pool(LdapConfig.Link link, @Nullable BindRequest bind) throws LDAPException {
        LDAPConnectionPool made = new LDAPConnectionPool(servers, bind, 0, config.size(), null, false);
        made.setCreateIfNecessary(false);
        made.setMaxWaitTimeMillis(link.timeout().toMillis());
        made.setMaxConnectionAgeMillis(config.lifetime().toMillis());
        return made;
    }

    private static ServerSet servers(LdapConfig.Link link, @Nullable BindRequest bind)
            throws LDAPException, GeneralSecurityException {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis((int) link.timeout().toMillis());
        options.setResponseTimeoutMillis(ANSWER.toMillis());
        options.setAbandonOnTimeout(true);
        options.setUseSynchronousMode(true);
        options.setFollowReferrals(link.chaseReferrals());
        options.setSSLSocketVerifier(
                link.trustAnybody() ? TrustAllSSLSocketVerifier.getInstance() : new HostNameSSLSocketVerifier(true));
        List<ServerSet> all = new ArrayList<>();
        for (String text : link.urls()) {
            LDAPURL url = new LDAPURL(text);
            boolean tls = url.getScheme().equals("ldaps");
            SSLUtil trust = tls || link.startTls() ? LdapTls.of(link) : null;
            SocketFactory sockets = tls && trust != null ? trust.createSSLSocketFactory() : SocketFactory.getDefault();
            PostConnectProcessor first = link.startTls() && trust != null
                    ? new StartTLSPostConnectProcessor(trust.createSSLSocketFactory())
                    : null;
            all.add(new SingleServerSet(url.getHost(), url.getPort(), sockets, options, bind, first));
        }
        return new FailoverServerSet(all);
    }

    /** Once more, and again, when the connection broke under it. */
    <T> T with(Work<T> work) throws LDAPException {
        long end = System.nanoTime() + ANSWER.toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (LDAPException e) {
                boolean broken = !e.getResultCode().isConnectionUsable();
                if (!broken || attempt >= config.attempts() || System.nanoTime() > end) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(config.delay());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T once(Work<T> work) throws LDAPException {
        if (pool == null) {
            try (LDAPConnection connection = servers.getConnection()) {
                return work.on(connection);
            }
        }
        LDAPConnection connection = pool.getConnection();
        try {
            T done = work.on(connection);
            pool.releaseConnection(connection);
            return done;
        } catch (LDAPException e) {
            pool.releaseConnectionAfterException(connection, e);
            throw e;
        } catch (RuntimeException e) {
            pool.releaseDefunctConnection(connection);
            throw e;
        }
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
