package io.nacre.keystone;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFException;
import com.unboundid.util.ssl.SSLUtil;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An LDAP server on a free port of the loopback interface, with some people and groups in dc=acme,dc=org. */
final class LdapServer implements AutoCloseable {
    static final String BASE = "dc=acme,dc=org";
    static final String SEARCHER = "cn=searcher," + BASE;

    private final InMemoryDirectoryServer server;
    private final int port;

    LdapServer() {
        this(null);
    }

    /** @param tls its key, for StartTLS; null for none */
    LdapServer(@Nullable SSLUtil tls) {
        try {
            InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
            config.addAdditionalBindCredentials(SEARCHER, "searching");
            config.setSchema(null);
            config.setMaxSizeLimit(50);
            config.addInMemoryOperationInterceptor(new MembersOfMembers(this::entries));
            InetAddress loopback = InetAddress.getLoopbackAddress();
            config.setListenerConfigs(InMemoryListenerConfig.createLDAPConfig(
                    "ldap", loopback, 0, tls == null ? null : tls.createSSLSocketFactory()));
            if (tls != null) {
                config.getListenerConfigs()
                        .add(InMemoryListenerConfig.createLDAPSConfig(
                                "ldaps", loopback, 0, tls.createSSLServerSocketFactory(), null));
            }
            server = new InMemoryDirectoryServer(config);
            add("dn: " + BASE, "objectClass: domain", "dc: acme");
            add("dn: ou=Users," + BASE, "objectClass: organizationalUnit", "ou: Users");
            add("dn: ou=UserGroups," + BASE, "objectClass: organizationalUnit", "ou: UserGroups");
            server.startListening();
            port = server.getListenPort("ldap");
        } catch (LDAPException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<SearchResultEntry> entries() {
        try {
            return server.search(BASE, SearchScope.SUB, "(cn=*)").getSearchEntries();
        } catch (LDAPException e) {
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "ldap://127.0.0.1:" + port;
    }

    String secureUrl() {
        return "ldaps://127.0.0.1:" + server.getListenPort("ldaps");
    }

    /** @param more further lines of its entry */
    void person(String id, String name, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "dn: cn=" + id + ",ou=Users," + BASE,
                "objectClass: inetOrgPerson",
                "cn: " + id,
                "sn: " + name,
                "userPassword: pw of " + id));
        lines.addAll(List.of(more));
        add(lines.toArray(String[]::new));
    }

    void group(String id, String name, String... members) {
        List<String> lines = new ArrayList<>(List.of(
                "dn: cn=" + id + ",ou=UserGroups," + BASE, "objectClass: groupOfNames", "cn: " + id, "ou: " + name));
        for (String member : members) {
            lines.add("member: cn=" + member + ",ou=Users," + BASE);
        }
        add(lines.toArray(String[]::new));
    }

    void add(String... lines) {
        change(() -> server.add(lines));
    }

    void set(String dn, String attribute, String... values) {
        change(() -> server.modify(dn + "," + BASE, new Modification(ModificationType.REPLACE, attribute, values)));
    }

    void remove(String dn) {
        change(() -> server.delete(dn + "," + BASE));
    }

    private interface Change {
        void make() throws LDAPException, LDIFException;
    }

    private static void change(Change change) {
        try {
            change.make();
        } catch (LDAPException | LDIFException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nobody answers any more. */
    void stop() {
        server.shutDown(true);
    }

    @Override
    public void close() {
        stop();
    }
}
