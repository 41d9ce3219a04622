package io.nacre.keystone.ldap;

import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whom a connection trusts. */
final class LdapTls {
    private LdapTls() {}

    /** @throws IllegalArgumentException when the certificates of the settings cannot be read */
    static SSLUtil of(LdapConfig.Link link) {
        if (link.trustAnybody()) {
            return new SSLUtil(new TrustAllTrustManager());
        }
        try {
            return new SSLUtil(trusted(files(link)));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the certificates of tls_cacertfile or tls_cacertdir cannot be read", e);
        }
    }

    private static List<Path> files(LdapConfig.Link link) throws IOException {
        if (!link.caFile().isEmpty()) {
            return List.of(Path.of(link.caFile()));
        }
        if (link.caDirectory().isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(link.caDirectory()))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Without files: those whom the Java platform trusts. */
    private static TrustManager[] trusted(List<Path> files) throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (files.isEmpty()) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        List<Certificate> certificates = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                certificates.addAll(CertificateFactory.getInstance("X.509").generateCertificates(in));
            }
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca" + i, certificates.get(i));
        }
        factory.init(store);
        return factory.getTrustManagers();
    }
}
